// How long reading takes: `node bench/parse.mjs`. Each case in a fresh process, first parse and median of the next 20.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const model = (i) => `model Spiral${i} {
  state x[2]
  time  t in [0, 10]

  param A = [[-0.1, 2], [-2, -0.1]]
  param b = [0, 0.1]

  activation act = smooth_leaky_relu(0.5)

  layer h = act(A * x + b)
  flow  x' = h

  require lognorm(2) <= 0
  simulate from [1, 0] spread 0.1
}
`;
const many = (n, item) => Array.from({ length: n }, (_, i) => item(i));
const cases = {
  "1,000 lines of models": () => many(63, model).join("\n"),
  "1,000 lines of long expressions": () =>
    `model M {\n${many(998, (i) => `  param a${i} = tanh(b * x[1] + 2 * (c - 3.5e-3)) / 4\n`).join("")}}\n`,
  "a matrix of 256 x 256": () =>
    `model M { param A = [${many(256, (i) => `[${many(256, (j) => Math.sin(i * 256 + j)).join(", ")}]`).join(",\n")}] }`,
};

if (process.argv[2] !== undefined) {
  const { parse } = await import(process.argv[2]);
  const text = cases[process.argv[3]]();
  const times = many(21, () => {
    const start = performance.now();
    parse(text);
    return performance.now() - start;
  });
  const [first, ...rest] = times;
  const median = rest.sort((a, b) => a - b)[10];
  console.log(
    `${process.argv[3].padEnd(34)} first ${first.toFixed(1).padStart(6)} ms, then ${median.toFixed(1).padStart(6)} ms`,
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), "contrax-bench-"));
  const outfile = join(folder, "parse.mjs");
  await build({
    entryPoints: ["grammar/parse.ts"],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile,
    logLevel: "error",
  });
  for (const name of Object.keys(cases))
    execFileSync(process.execPath, [process.argv[1], pathToFileURL(outfile).href, name], { stdio: "inherit" });
  rmSync(folder, { recursive: true });
}
