import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

test("the licences of the bundled packages go with it", () => {
  const notices = readFileSync(path.join(root, "dist/NOTICES.txt"), "utf8");
  expect(notices).toMatch(/^chevrotain 11\S* \(Apache-2\.0\)$/m);
  expect(notices).toMatch(/^vscode-languageclient 11\S* \(MIT\)$/m);
});

test("the pictures of the README exist", () => {
  const pictures = [...readFileSync(path.join(root, "README.md"), "utf8").matchAll(/\]\(([^)]+\.(?:png|svg))\)/g)];
  for (const [, file] of pictures) expect(existsSync(path.join(root, file!)), file).toBe(true);
});
