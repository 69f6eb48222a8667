import Mocha from "mocha";

/** What VS Code calls inside the extension host; a rejection is the failure. Its last line is read by scripts/tally.mjs. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 180_000, reporter: "spec", color: false });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./actions.ts");
  await import("./assistance.ts");
  await import("./first.ts");
  await import("./language.ts");
  await import("./navigation.ts");
  await import("./preview.ts");
  await import("./repairs.ts");
  await import("./runs.ts");
  await import("./verdicts.ts");
  const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
  });
  if (pending) console.log(`${pending} skipped`);
  console.log(`${passes} passed, ${failures} failed`);
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
