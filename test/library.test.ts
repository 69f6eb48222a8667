import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
/** Inside of the package, so that its own name is found as a user's program finds it. */
let folder: string;
beforeAll(() => {
  mkdirSync(path.join(root, "out"), { recursive: true });
  folder = mkdtempSync(path.join(root, "out/library-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const page = readFileSync(path.join(root, "docs/library.md"), "utf8");
const examples = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);

function runExample(place: number): string {
  const file = path.join(folder, `example-${place}.mjs`);
  writeFileSync(file, examples[place]!);
  return execFileSync(process.execPath, [file], { cwd: root, encoding: "utf8" });
}

test("every example of the page runs, and says what is known of its model", () => {
  expect(examples).toHaveLength(7);
  expect(runExample(0)).toMatch(
    /^refuted 0\.425624\d+ 0\.425624\d+\nat slopes Float64Array\(2\) \[ (1, 0\.5|0\.5, 1) \]\n$/,
  );
  // sym of [[-d, 3 d], [0, -e]] at d = 1, e = 0.1: the larger root of (l + 1)(l + 0.1) = 9/4.
  const value = -0.55 + Math.sqrt(0.45 ** 2 + 2.25);
  const [lower, upper] = runExample(1)
    .match(/-?\d+\.\d+(e-\d+)?/g)!
    .map(Number);
  expect(lower).toBeLessThanOrEqual(value + 1e-12);
  expect(upper).toBeGreaterThanOrEqual(value - 1e-12);
  expect(upper! - lower!).toBeLessThan(1e-5);
  const [margin, ...times] = runExample(2).trim().split("\n");
  expect(margin).toMatch(/^contractive with all slopes in \[0\.\d+, 1\]$/);
  expect(times.map((line) => Number(line.split(" ")[0]))).toEqual([0, 0.25, 0.5, 0.75, 1]);
  for (const line of times) expect(Number(line.split(" ")[1])).toBeLessThanOrEqual(Number(line.split(" ")[2]));
  const [least, shift] = runExample(3).trim().split("\n");
  // By an independent computation, 0.809475…; the shift that makes -0.1 - tau = -1 / sqrt(2).
  const [below, above] = /least: ([\d.]+) ([\d.]+)$/.exec(least!)!.slice(1).map(Number);
  expect(below).toBeLessThanOrEqual(0.8094763);
  expect(above).toBeGreaterThanOrEqual(0.8094757);
  expect(above! - below!).toBeLessThan(1e-3);
  expect(Number(shift!.split(" = ")[1])).toBeCloseTo(Math.SQRT1_2 - 0.1, 3);
  const [length, apart, rest] = runExample(4).trim().split("\n");
  // Everything shrinks by e^(-t / 2).
  expect(Number(length!.split(" ")[0])).toBeCloseTo(Math.exp(-1), 8);
  expect(length!.split(" ")[1]).toBe("null");
  expect(apart!.split(" ").map(Number)).toEqual(
    [0, 1, 2, 3, 4].map((t) => Number((0.1 * Math.exp(-t / 2)).toPrecision(6))),
  );
  expect(rest).toMatch(/^-?0 -?0 stable$/);
  expect(runExample(5)).toBe("");
  expect(runExample(6)).toBe("");
});

test("the types that come with it fit what the examples do", () => {
  writeFileSync(
    path.join(folder, "use.mts"),
    `import { analyseModel, margin, readModels, run, type Verdict } from "contrax";
import { verifyCertificate } from "contrax/verify";
const { models } = readModels("model M { state x[1] flow x' = -1 * x }");
const verdicts: Verdict[] = run(analyseModel(models[0]!)).requirements.map(({ verdict }) => verdict);
const upper: number | undefined = run(margin(models[0]!, { kind: "lognorm", norm: "2", metric: null, h: null }, 0)).mstar?.upper;
// @ts-expect-error: there is no such norm
run(margin(models[0]!, { kind: "lognorm", norm: "3", metric: null, h: null }, 0));
export { upper, verdicts, verifyCertificate };
`,
  );
  const options = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--lib",
    "ES2022,DOM",
    "--skipLibCheck",
    "false",
  ];
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const run = () =>
    execFileSync(process.execPath, [compiler, ...options, "--types", "", path.join(folder, "use.mts")], {
      encoding: "utf8",
      cwd: folder,
    });
  expect(run).not.toThrow();
}, 60_000);

test("it runs where there is nothing of Node.js", async () => {
  const names = ["console", "WebAssembly", "performance", "atob", "TextDecoder", "TextEncoder"] as const;
  const context = vm.createContext(Object.fromEntries(names.map((name) => [name, globalThis[name]])));
  const code = readFileSync(path.join(root, "dist/library/index.js"), "utf8");
  const script = `${code.replace(/export \{([^}]*)\};?\s*(\/\/#.*)?\s*$/, "globalThis.library = { $1 };")}`;
  vm.runInContext(script, context);
  const verdict = vm.runInContext(
    `const { models } = library.readModels("model M { state x[2] flow x' = tanh([[-1, 2], [0, -1]] * x) - x  require lognorm(2) <= 1 }");
     library.run(library.analyseModel(models[0], { nodes: 100 })).requirements[0].verdict`,
    context,
  );
  expect(verdict).toBe("proved");
});
