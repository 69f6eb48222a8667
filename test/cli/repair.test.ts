import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, link, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import schema from "../../cli/repair.schema.json";
import type { RepairedModel } from "../../cli/repair-json.ts";
import { bundle, contractive, contrax, folderOf, spiral } from "./contrax.ts";

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** float32 tensors by name, as the safetensors format lays them out. */
function safetensors(tensors: Record<string, number[][]>): Uint8Array {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, rows]) => {
      const begin = end;
      end += 4 * rows.flat().length;
      return [name, { dtype: "F32", shape: [rows.length, rows[0]!.length], data_offsets: [begin, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = Buffer.from(Float32Array.from(Object.values(tensors).flat(2)).buffer);
  return Buffer.concat([length, text, data]);
}

const weights = safetensors({
  A: [
    [-0.1, 2],
    [-2, -0.1],
  ],
  other: [[7, 8]],
});
const loading = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("weights/w.safetensors", "A")');

/** Growing at slope 1: no change of A alone makes the skip contract. */
const stuck = `model Stuck {
  state x[1]
  param A = [[1]]
  flow x' = x + tanh(A * x)
  require lognorm(2) <= 0
}
`;

let place: Awaited<ReturnType<typeof folderOf>>;
beforeEach(async () => {
  place = await folderOf({
    "spiral.node": spiral,
    "good.node": contractive,
    "two.node": `// Both.\r\n${spiral}${spiral.replace("Spiral", "Other").replace("<= 0", "<= 0.2")}${contractive}`,
    "models/loading.node": loading,
    "models/weights/w.safetensors": weights,
    "stuck.node": stuck,
    "sum.node": spiral.replace("-0.1]]", "-0.1]] + zeros(2, 2)"),
    "broken.node": spiral.replace("A * x", "Q * x"),
    "free.node": spiral.replace("  require lognorm(2) <= 0\n", ""),
  });
});
afterEach(() => place.remove());

const repair = (...args: string[]) => contrax(["repair", ...args], place.folder);
const read = (file: string) => readFile(path.join(place.folder, file), "utf8");
const inPlace = (...names: string[]) => path.join(place.folder, ...names);

async function json(...args: string[]) {
  const run = await repair(...args, "--report", "json");
  const document = JSON.parse(run.stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { ...run, document: document as RepairedModel };
}

/** What `check` says of every requirement of a file, with what it loads. */
async function verdicts(file: string): Promise<string[]> {
  const { stdout } = await contrax(["check", "--format", "json", file], place.folder);
  return JSON.parse(stdout).files[0].models.flatMap((model: { requirements: { verdict: string }[] }) =>
    model.requirements.map(({ verdict }) => verdict),
  );
}

describe("repair", () => {
  test("prints the changed text, and what was done on standard error", async () => {
    const { status, stdout, stderr } = await repair("spiral.node");
    expect(status).toBe(0);
    const [, a, b, c, d] = /\[\[(.*), (.*)\], \[(.*), (.*)\]\]/.exec(stdout)!;
    expect(stdout).toBe(spiral.replace("[[-0.1, 2], [-2, -0.1]]", `[[${a}, ${b}], [${c}, ${d}]]`));
    expect(stderr).toMatch(/^Spiral {2}Least change of A: ‖ΔA‖ = 0\.809 \(28\.6 %\)\n/);
    expect(await read("spiral.node")).toBe(spiral);
    await writeFile(inPlace("after.node"), stdout);
    expect(await verdicts("after.node")).toEqual(["proved"]);
  });

  test("replaces the file with --write, layout and line ends kept, one model at a time", async () => {
    const before = await read("two.node");
    const { status, stdout, stderr } = await repair("two.node", "--write");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Spiral {2}Least.*^Other {2}Least.*^Contractive {2}nothing to do$/ms);
    const after = await read("two.node");
    expect(after.replace(/param A = \[\[.*/g, "")).toBe(before.replace(/param A = \[\[.*/g, ""));
    expect(await verdicts("two.node")).toEqual(["proved", "proved", "proved"]);
  });

  test("keeps a byte-order mark", async () => {
    await writeFile(inPlace("bom.node"), `\ufeff${spiral}`);
    await repair("bom.node", "--write");
    expect((await read("bom.node")).startsWith("\ufeffmodel Spiral")).toBe(true);
    expect(await verdicts("bom.node")).toEqual(["proved"]);
  });

  test("takes standard input", async () => {
    const { status, stdout } = await contrax(["repair", "-", "--method", "shift"], place.folder, spiral);
    expect(status).toBe(0);
    // The closed form: -0.1 - tau at which sym J reaches 0 at slopes [1, 0.5] is -1 / sqrt(2).
    const [, a] = /\[\[(.*), 2\]/.exec(stdout)!;
    expect(Number(a)).toBeLessThanOrEqual(-Math.SQRT1_2);
    expect(Number(a)).toBeGreaterThan(-Math.SQRT1_2 - 2e-4);
  });

  test("--dry-run writes nothing and says what would be", async () => {
    const { status, stdout, stderr } = await repair("models/loading.node", "--write", "--dry-run");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("(not written)");
    expect(stdout).toContain("weights/w.contracted.safetensors: weights/w.safetensors with the changed weights");
    expect(await read("models/loading.node")).toBe(loading);
    expect(await readdir(inPlace("models/weights"))).toEqual(["w.safetensors"]);
  });

  test("says so where there is nothing to do, and touches nothing", async () => {
    const before = await stat(inPlace("good.node"));
    expect(await repair("good.node", "--write")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Contractive {2}nothing to do\n/),
    });
    expect((await stat(inPlace("good.node"))).ino).toBe(before.ino);
    expect((await repair("good.node")).stdout).toBe(contractive);
  });

  test("meets a target instead of what the file requires, and says what is lost", async () => {
    const { document } = await json("two.node", "--model", "Contractive", "--target", "-2.5");
    expect(document).toMatchObject({ norm: "2", target: -2.5, verdict: "proved" });
    expect(document.after!.upper).toBeLessThanOrEqual(-2.5);
    // A shift that takes the logarithmic norm below -5 makes a step of 1 leap over the equilibrium.
    await writeFile(inPlace("losing.node"), spiral.replace("<= 0", "<= 0.4257 require step(2, 1) <= 4"));
    const { status, stdout } = await repair("losing.node", "--target", "-5", "--dry-run", "--method", "shift");
    expect(status).toBe(0);
    expect(stdout).toContain("  step(2, 1) <= 4: was proved and is not any more\n");
    expect(stdout).not.toContain("0.4257");
  });

  test("meets what is required in one norm, and leaves models that require nothing", async () => {
    const text =
      spiral.replace("<= 0", "<= -9 require lognorm(inf) <= 1.5") +
      spiral.replace("Spiral", "Free").replace(/ {2}require.*\n/, "");
    await writeFile(inPlace("norms.node"), text);
    const { status, document } = await json("norms.node", "--norm", "inf", "--write");
    expect(status).toBe(0);
    expect(document).toMatchObject({ model: "Spiral", norm: "inf", target: 1.5, verdict: "proved" });
    expect(await verdicts("norms.node")).toEqual(["refuted", "proved"]);
    expect((await read("norms.node")).split("model Free")[1]).toBe(text.split("model Free")[1]);
    expect((await repair("norms.node", "--model", "Free", "--norm", "1")).stderr).toBe(
      "contrax: Free requires nothing in the norm 1: --target C says what lognorm(1) must not exceed\n",
    );
  });

  test("changes what it is told to only", async () => {
    const rows = async (...args: string[]) => (await repair("spiral.node", ...args)).stdout.match(/A = (.*)/)?.[1];
    expect(await rows("--diagonal")).toBe("[[-0.707107, 2], [-2, -0.707107]]");
    expect(await rows("--rows", "1")).toMatch(/^\[\[.*\], \[-2, -0\.1\]\]$/);
    const bounded = (await rows("--most", "0.5"))!.match(/-?[\d.]+/g)!.map(Number);
    for (const [i, old] of [-0.1, 2, -2, -0.1].entries()) expect(Math.abs(bounded[i] - old)).toBeLessThan(0.5 + 1e-12);
    await writeFile(inPlace("zeros.node"), spiral.replace("[[-0.1, 2], [-2, -0.1]]", "[[-0.1, 2], [0, -0.1]]"));
    const { stdout } = await repair("zeros.node", "--keep-zeros");
    expect(stdout).toMatch(/A = \[\[.*\], \[0, .*\]\]/);
  });
});

describe("weights in files", () => {
  test("go to a new file beside the old one, which stays as it is, and so does every other tensor", async () => {
    const { status } = await repair("models/loading.node", "--write");
    expect(status).toBe(0);
    expect(await read("models/loading.node")).toBe(loading.replace("w.safe", "w.contracted.safe"));
    expect(await verdicts("models/loading.node")).toEqual(["proved"]);
    expect(await readFile(inPlace("models/weights/w.safetensors"))).toEqual(Buffer.from(weights));
    const written = await readFile(inPlace("models/weights/w.contracted.safetensors"));
    expect(written.subarray(0, -24)).toEqual(Buffer.from(weights).subarray(0, -24));
    expect(written.subarray(-8)).toEqual(Buffer.from(weights).subarray(-8));
  });

  test("never go over a file that is there, be it a link to nowhere", async () => {
    await writeFile(inPlace("models/weights/w.contracted.safetensors"), "mine");
    await symlink("nowhere", inPlace("models/weights/w.contracted-2.safetensors"));
    await repair("models/loading.node", "--write");
    expect(await read("models/loading.node")).toContain('"weights/w.contracted-3.safetensors"');
    expect(await read("models/weights/w.contracted.safetensors")).toBe("mine");
    expect(await verdicts("models/loading.node")).toEqual(["proved"]);
  });

  test("go beside an output elsewhere, from which what is loaded is still found", async () => {
    await mkdir(inPlace("out/deep"), { recursive: true });
    const text = loading
      .replace("act(A * x)", "act(A * x) + 0 * B^T * B * x")
      .replace("  activation", '  param B = load("weights/w.safetensors", "other")\n  activation');
    await writeFile(inPlace("models/both.node"), text);
    const { status } = await repair("models/both.node", "--output", "out/deep/both.node", "--param", "A");
    expect(status).toBe(0);
    const after = await read("out/deep/both.node");
    expect(after).toContain('load("w.contracted.safetensors", "A")');
    expect(after).toContain('load("../../models/weights/w.safetensors", "other")');
    expect((await readdir(inPlace("out/deep"))).sort()).toEqual(["both.node", "w.contracted.safetensors"]);
    expect(await verdicts("out/deep/both.node")).toEqual(["proved"]);
    expect(await read("models/both.node")).toBe(text);
  });

  test("are one new file for each model", async () => {
    await writeFile(inPlace("models/two.node"), loading + loading.replace("Spiral", "Other").replace("<= 0", "<= 0.2"));
    expect((await repair("models/two.node", "--write")).status).toBe(0);
    expect(await verdicts("models/two.node")).toEqual(["proved", "proved"]);
    expect((await readdir(inPlace("models/weights"))).sort()).toEqual([
      "w.contracted-2.safetensors",
      "w.contracted.safetensors",
      "w.safetensors",
    ]);
  });

  test("need to know where to go", async () => {
    const run = await repair("models/loading.node");
    expect(run).toEqual({
      status: 2,
      stdout: "",
      stderr: "contrax: weights in files change: --write or --output F says where the new file goes\n",
    });
  });

  test.skipIf(process.getuid?.() === 0)("cannot be written into a read-only folder: nothing is changed", async () => {
    await chmod(inPlace("models/weights"), 0o555);
    const { status, stderr } = await repair("models/loading.node", "--write");
    await chmod(inPlace("models/weights"), 0o755);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "contrax: weights/w.contracted.safetensors: cannot be written: the folder is read-only\n",
    });
    expect(await read("models/loading.node")).toBe(loading);
  });

  test("that were written are taken back where the text cannot be", async () => {
    const { status, stderr } = await repair("models/loading.node", "--output", "models/weights");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^contrax: models\/weights: cannot be written: /);
    expect(await readdir(inPlace("models"))).toEqual(["loading.node", "weights"]);
    expect(await readdir(inPlace("models/weights"))).toEqual(["w.safetensors"]);
  });
});

describe("out of reach", () => {
  test("says why, and what would work instead, with status 1; nothing is written", async () => {
    const { status, stdout, stderr } = await repair("stuck.node");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^Stuck {2}out of reach: /);
    expect(stderr).toMatch(/\n {2}instead: .*add decay -2 \* x\n/);
    await repair("stuck.node", "--write", "--output", "x.node");
    await repair("stuck.node", "--output", "x.node");
    expect(await readdir(place.folder)).not.toContain("x.node");
  });

  test("of one model leaves what others got", async () => {
    await writeFile(inPlace("mixed.node"), stuck + spiral);
    expect((await repair("mixed.node", "--write", "--method", "shift")).status).toBe(1);
    expect((await verdicts("mixed.node")).sort()).toEqual(["proved", "refuted"]);
  });

  test("is a method that does not fit, which is said", async () => {
    const { status, stderr } = await repair("sum.node", "--method", "clip");
    expect(status).toBe(1);
    expect(stderr).toContain("the entries of A are computed by an expression: --method shift or rescale");
    expect((await repair("spiral.node", "--method", "rescale")).stderr).toContain(
      "out of reach: only with A scaled to 0 is it proved",
    );
  });
});

describe("--report json", () => {
  test("is one object with these keys in this order, and encloses the least change", async () => {
    const { status, stderr, document } = await json("spiral.node");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(Object.keys(document)).toEqual(Object.keys(schema.$defs.RepairedModel.properties));
    // The least change of the spiral, by an independent computation (docs/mathematics.md, section 9): 0.809475…
    const [change] = document.changes;
    expect(change).toMatchObject({ param: "A", written: "inline" });
    expect(document.distance!.lower).toBeLessThanOrEqual(0.809477);
    expect(document.distance!.upper).toBeGreaterThanOrEqual(0.809475);
    expect(change.frobenius! - document.distance!.lower!).toBeLessThan(1e-5);
    expect(change.relative).toBeCloseTo(change.frobenius! / Math.hypot(0.1, 2, 2, 0.1), 12);
    const value = -0.075 + Math.sqrt(0.025 ** 2 + 0.5 ** 2);
    expect(document.before!.lower).toBeLessThanOrEqual(value + 1e-12);
    expect(document.before!.upper).toBeGreaterThanOrEqual(value - 1e-12);
    expect(document.after!.upper).toBeLessThanOrEqual(0);
    expect(document.after!.lower).toBeGreaterThan(-1e-5);
    expect(document.requirements).toMatchObject([{ text: "lognorm(2) <= 0", limit: 0, verdict: "proved" }]);
  });

  test.each(["min-norm", "clip", "shift", "rescale"])(
    "of %s says what is written, measured from outside",
    async (method) => {
      const model = spiral.replace("flow x' = h", "flow x' = h - 0.3 * x");
      await writeFile(inPlace("leaky.node"), model);
      const { document } = await json("leaky.node", "--method", method, "--write");
      const numbers = (text: string) => /A = ([\d.]+ \* )?(\[\[.*\]\])/.exec(text)!;
      const [, factor = "1", literal] = numbers(await read("leaky.node"));
      const after = JSON.parse(literal)
        .flat()
        .map((x: number) => x * Number.parseFloat(factor));
      const change = Math.hypot(...[-0.1, 2, -2, -0.1].map((x, i) => after[i] - x));
      expect(document.changes[0].frobenius).toBeCloseTo(change, 9);
      expect(document.changes[0].written).toBe(method === "rescale" ? "expression" : "inline");
      expect(await verdicts("leaky.node")).toEqual(["proved"]);
    },
  );

  test("is a list for several models, and has every requirement", async () => {
    const { status, document } = await json("two.node", "--dry-run");
    expect(status).toBe(0);
    const models = document as unknown as RepairedModel[];
    expect(models.map(({ model, verdict }) => [model, verdict])).toEqual([
      ["Spiral", "proved"],
      ["Other", "proved"],
      ["Contractive", "proved"],
    ]);
    expect(models[2]).toMatchObject({ changes: [], distance: null, after: null, files: [] });
    await writeFile(
      inPlace("three.node"),
      spiral.replace("<= 0", "<= 0 require lognorm(inf) <= 1.95 require step(2, 0.1) <= 1.05"),
    );
    const three = await json("three.node");
    expect(three.document.requirements.map(({ verdict }) => verdict)).toEqual(["proved", "proved", "proved"]);
    expect(three.document.target).toBe(0);
  });

  test("tells what is lost", async () => {
    await writeFile(
      inPlace("line.node"),
      "model M { state x[1] param A = [[2]] flow x' = A * x require step(2, 1) <= 3 }",
    );
    const { status, document } = await json("line.node", "--target", "-5");
    expect(status).toBe(0);
    expect(document).toMatchObject({ verdict: "proved", lost: ["step(2, 1) <= 3"] });
  });

  test("tells what is out of reach", async () => {
    const { status, document } = await json("stuck.node");
    expect(status).toBe(1);
    expect(document).toMatchObject({ changes: [], distance: null, after: null, verdict: "refuted", files: [] });
    expect(document.reason).not.toBeNull();
    expect(document.instead).toContain("decay");
  });

  test("names new files", async () => {
    const { document } = await json("models/loading.node", "--write");
    expect(document.files).toEqual(["weights/w.contracted.safetensors"]);
    expect(document.changes).toMatchObject([{ written: "file" }]);
    expect(await verdicts("models/loading.node")).toEqual(["proved"]);
  });
});

describe("a wrong call", () => {
  test.each([
    [["spiral.node", "--param", "Z"], 'Spiral has no param "Z"; there is A'],
    [["sum.node", "--param", "A"], "the entries of A are computed by an expression"],
    [["spiral.node", "--rows", "3"], "no param that may change has a row 3: A ends with row 2"],
    [["spiral.node", "--target", "nan"], 'Expected a number; found "nan".'],
    [["spiral.node", "--rows", "0-1"], 'found "0-1".'],
    [["spiral.node", "--method", "shift", "--most", "1"], "are for --method min-norm, not shift"],
    [["spiral.node", "--model", "Nope"], 'no model is called "Nope"; there is Spiral'],
    [["spiral.node", "--write", "--output", "x.node"], "choose one of them"],
    [["spiral.node", "--output", "./spiral.node"], "is the model file itself: --write replaces it"],
    [["spiral.node", "--output", "nowhere/x.node"], "cannot be written: no such file or directory"],
    [["models/loading.node", "--output", "models/weights/w.safetensors"], "is a weight file that the model loads"],
    [["free.node"], "Spiral requires nothing: --target C says what lognorm(2) must not exceed"],
    [["missing.node"], "cannot be read: no such file or directory"],
    [["broken.node"], "Q"],
    [["-", "--write"], "standard input cannot be written"],
  ])("%j has status 2 and one message", async (args, message) => {
    const { status, stdout, stderr } = await repair(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/at .*\.[jt]s:\d/);
  });

  test("a bias changes nothing of the Jacobian", async () => {
    await writeFile(
      inPlace("bias.node"),
      spiral.replace("act(A * x)", "act(A * x + b)").replace("  layer", "  param b = [1, 2]\n  layer"),
    );
    expect((await repair("bias.node", "--param", "b")).stderr).toBe(
      "contrax: the Jacobian of Spiral does not depend on b\n",
    );
  });

  test("an output that is another name of an input is found out", async () => {
    await symlink("spiral.node", inPlace("alias.node"));
    expect((await repair("spiral.node", "--output", "alias.node")).status).toBe(2);
    expect(await read("spiral.node")).toBe(spiral);
    await link(inPlace("models/weights/w.safetensors"), inPlace("models/weights/twin.safetensors"));
    await repair("models/loading.node", "--output", "models/weights/twin.safetensors");
    expect(await readFile(inPlace("models/weights/w.safetensors"))).toEqual(Buffer.from(weights));
  });
});

test.skipIf(process.platform === "win32")("Ctrl+C ends a search soon, and nothing is written", async () => {
  const n = 60;
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => Math.sin(1 + 31 * i + 17 * j * j).toFixed(4)).join(", "),
  );
  const slow = `model Slow { state x[${n}] param A = [${rows.map((row) => `[${row}]`).join(", ")}]
    flow x' = smooth_leaky_relu(0.1)(A * x) require lognorm(2) <= -1 }`
    .replace("smooth_leaky_relu(0.1)(", "f(")
    .replace("flow", "activation f = smooth_leaky_relu(0.1) flow");
  await writeFile(inPlace("slow.node"), slow);
  const child = spawn(process.execPath, [bundle, "repair", "slow.node", "--write", "--time-budget", "600"], {
    cwd: place.folder,
  });
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const start = performance.now();
  child.kill("SIGINT");
  const [status] = await once(child, "exit");
  expect(status).toBe(130);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(await read("slow.node")).toBe(slow);
});
