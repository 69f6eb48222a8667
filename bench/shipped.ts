import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { deflateRawSync } from "node:zlib";

/** The project's own tools, wherever this program has been bundled to. */
const require = createRequire(path.resolve("package.json"));
const { transformSync }: typeof import("esbuild") = require("esbuild");

/** What a ZIP says of each file, twice, beside its name. */
const headers = 30 + 46;

/** The extension's own bundle for Node.js. */
export const extension = "dist/client/extension.js";

/** A bundle of dist/ as a release has it. */
export function minified(file: string): string {
  const format = path.dirname(file) === path.dirname(extension) ? "cjs" : "esm";
  return transformSync(readFileSync(file, "utf8"), { minify: true, legalComments: "none", format }).code;
}

export interface PackageSize {
  /** Of the `.vsix`, within some kilobytes: it is not written. */
  readonly bytes: number;
  /** What is in it, relative to the project's folder. */
  readonly files: readonly string[];
}

/** The extension's package as a release of what stands in dist/ makes it; in the project's folder. */
export async function packageSize(): Promise<PackageSize> {
  const { listFiles }: typeof import("@vscode/vsce") = require("@vscode/vsce");
  // Null: no packages are installed with it.
  const files = await listFiles({ packageManager: 0 });
  const sizes = files.map((file) => {
    const shipped = /^dist\/.*\.js$/.test(file) ? minified(file) : readFileSync(file);
    return deflateRawSync(shipped).length + headers + 2 * file.length;
  });
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files };
}
