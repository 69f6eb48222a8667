// Compiles analysis/kernel/assembly/ (AssemblyScript) to WebAssembly and embeds it in analysis/kernel/binary.ts:
// `node scripts/build-kernel.mjs`, after every change there; a test compares the two.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = "analysis/kernel/binary.ts";

const options = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd"];

/**
 * The text of analysis/kernel/binary.ts.
 * @throws Error with the compiler's messages
 */
export async function kernelSource() {
  let binary;
  const { error, stderr } = await main(["analysis/kernel/assembly/index.ts", "--outFile", "kernel.wasm", ...options], {
    // The compiler appends an extension to the paths of imports, which have theirs.
    readFile: (name, folder) => readText(path.join(folder, name.replace(/\.ts\.ts$/, ".ts"))),
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`analysis/kernel/assembly does not compile:\n${stderr}`);
  const lines = Buffer.from(binary)
    .toString("base64")
    .match(/.{1,116}/g);
  return `// Written by scripts/build-kernel.mjs from analysis/kernel/assembly/: ${binary.length} bytes of WebAssembly in base64.
export const KERNEL_BINARY = \`
${lines.join("\n")}
\`;
`;
}

function readText(file) {
  try {
    return readFileSync(path.resolve(root, file), "utf8");
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(path.join(root, target), await kernelSource());
}
