// The licences of the packages inside the bundles, which ask to be handed on with them.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * @param {string[]} inputs the bundled files, relative to the project: the keys of esbuild's metafile
 * @returns {string} each package's name, version and licence, by name
 * @throws where a package has no licence file
 */
export function notices(root, inputs) {
  const folders = inputs.flatMap((file) => file.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const at = path.join(root, folder);
      const { name, version, license } = JSON.parse(readFileSync(path.join(at, "package.json"), "utf8"));
      const file = readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry));
      if (!file) throw new Error(`${folder}: no licence file to hand on`);
      const text = readFileSync(path.join(at, file), "utf8").replaceAll("\r\n", "\n").trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
