import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { startServer } from "../server/stdio/client.ts";

const { unserved }: { unserved: string[] } = await import("../../scripts/language-client.mjs" as string);
const built = path.resolve(import.meta.dirname, "../../dist/client");

test.each(["extension", "browser-extension"])("%s holds the language client without what makes it slow", (name) => {
  const bundle = readFileSync(path.join(built, `${name}.js`), "utf8");
  expect(bundle.match(/require\("vscode"\)/g)).toHaveLength(1);
  // What esbuild puts around a CommonJS file, and what TypeScript puts before it.
  expect(bundle).not.toMatch(/__commonJS|__exportStar|__importStar|__toESM\(require/);
});

test("what the client is bundled without, the server offers to nobody", async () => {
  const { child, client } = startServer();
  const dynamicRegistration = true;
  const textDocument = Object.fromEntries(unserved.map((name) => [name, { dynamicRegistration }]));
  const capabilities = { textDocument, workspace: { fileOperations: { dynamicRegistration } } };
  const offered = JSON.stringify(await client.request("initialize", { processId: null, rootUri: null, capabilities }));
  child.kill();
  expect(offered).toContain("hoverProvider");
  for (const name of unserved) expect(offered).not.toContain(`"${name.replace(/Provider$/, "")}`);
});
