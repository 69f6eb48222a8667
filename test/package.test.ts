import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

test("the package holds the bundles, the grammar and the icons, and nothing else", async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  expect(files.map((file) => file.replaceAll("\\", "/")).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "client/icons/contrax.png",
    "client/icons/contrax.svg",
    "client/icons/file-dark.svg",
    "client/icons/file-light.svg",
    "dist/NOTICES.txt",
    "dist/cli.js",
    "dist/extension.cjs",
    "dist/server.js",
    "dist/worker.js",
    "package.json",
    "syntaxes/contrax.tmLanguage.json",
    "syntaxes/language-configuration.json",
  ]);
});

test("the licences of the bundled packages go with it", () => {
  const notices = readFileSync(path.join(root, "dist/NOTICES.txt"), "utf8");
  expect(notices).toMatch(/^chevrotain 11\S* \(Apache-2\.0\)$/m);
  expect(notices).toMatch(/^vscode-languageclient 11\S* \(MIT\)$/m);
});

test("the pictures of the README exist", () => {
  const pictures = [...readFileSync(path.join(root, "README.md"), "utf8").matchAll(/\]\(([^)]+\.(?:png|svg))\)/g)];
  for (const [, file] of pictures) expect(existsSync(path.join(root, file!)), file).toBe(true);
});
