import Mocha from "mocha";

/** What VS Code calls inside the extension host; a rejection is the failure. Its last line is read by scripts/tally.mjs. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 180_000, reporter: "spec", color: false });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./actions.ts");
