import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageSize } from "../bench/shipped.ts";

const root = path.resolve(import.meta.dirname, "..");

test("the licences of the bundled packages go with it", () => {
  const notices = readFileSync(path.join(root, "dist/NOTICES.txt"), "utf8");
  expect(notices).toMatch(/^chevrotain 11\S* \(Apache-2\.0\)$/m);
  expect(notices).toMatch(/^vscode-languageclient 11\S* \(MIT\)$/m);
});

test.each([
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "samples/README.md",
  "docs/ci.md",
  "docs/cli.md",
  "docs/editors.md",
  "docs/preview.md",
  "docs/repair.md",
  "docs/mathematics.md",
])("what %s links to exists", (file) => {
  const links = [...readFileSync(path.join(root, file), "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)];
  const folder = path.join(root, path.dirname(file));
  expect(links.map(([, to]) => to!).filter((to) => !existsSync(path.join(folder, to)))).toEqual([]);
});

test("the extension is small enough to be there at once", async () => {
  const { bytes, files } = await packageSize();
  expect(files).toContain("dist/server.js");
  expect(files).toContain("dist/client/preview.js");
  expect(files).toContain("dist/client/preview-style.css");
  expect(bytes).toBeLessThan(700_000);
}, 120_000);
