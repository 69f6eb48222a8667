import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EvaluateDocument } from "../../cli/evaluate-json.ts";
import { hasMnist, mnist, root } from "../classify/data.ts";
import { bundle, contrax, folderOf, spiral } from "./contrax.ts";

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(path.join(root, "cli/evaluate.schema.json"), "utf8")),
);
const data = path.join(root, "test/classify/data");
const read = (file: string) => new Uint8Array(readFileSync(path.join(data, file)));

let place: Awaited<ReturnType<typeof folderOf>>;
beforeAll(async () => {
  const clusters = readFileSync(path.join(data, "clusters.node"), "utf8");
  place = await folderOf({
    "clusters.node": clusters,
    "clusters.npz": read("clusters.npz"),
    "small.node": readFileSync(path.join(data, "small.node"), "utf8"),
    "small.npz": read("small.npz"),
    "images.gz": read("small-images.gz"),
    "labels.gz": read("small-labels.gz"),
    "spiral.node": spiral,
    "slopes.node": clusters.replace("leaky_relu(0.1)", "slope_restricted(0, 1)"),
    "stiff.node": clusters.replace("1.5 * x", "1e9 * x"),
  });
});
afterAll(() => place.remove());

const evaluate = (...args: string[]) => contrax(["evaluate", ...args], place.folder);
const clusters = ["--images", "clusters.npz", "--labels", "clusters.npz"];
const small = ["--images", "images.gz", "--labels", "labels.gz"];

async function json(...args: string[]) {
  const { status, stdout, stderr } = await evaluate(...args, "--format", "json");
  expect(stderr).toBe("");
  const document: EvaluateDocument = JSON.parse(stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { status, document };
}

describe("contrax evaluate", () => {
  test("one JSON document, the same whenever it is run with the same seed", async () => {
    const args = [
      "clusters.node",
      ...clusters,
      "--steps",
      "10",
      "--attack",
      "pgd",
      "--norm",
      "2",
      "--eps",
      "0.2,0,0.1,0.1",
    ];
    const first = await json(...args, "--restarts", "2");
    const { seconds: _, ...one } = first.document;
    const { seconds: __, ...again } = (await json(...args, "--restarts", "2")).document;
    expect(again).toEqual(one);
    expect(first.status).toBe(0);
    expect(one.levels.map(({ epsilon }) => epsilon)).toEqual([0, 0.1, 0.2]);
    expect(one.attack).toEqual({ kind: "pgd", norm: "2", iterations: 20, restarts: 2, seed: 1 });
    expect(one.integrator).toEqual({ method: "euler", steps: 10, tolerance: null });
    for (const { attacked, certified } of one.levels) expect(certified).toBeLessThanOrEqual(attacked);
    expect(one.levels[0]!.attacked).toBe(one.clean);
    expect(one.images.map(({ index }) => index)).toEqual(Array.from({ length: 120 }, (_, k) => k));
  });

  test("a part of the images, in one batch or in another, gives the same", async () => {
    const args = ["clusters.node", ...clusters, "--steps", "10", "--attack", "pgd", "--restarts", "2", "--eps", "0.05"];
    const whole = await json(...args);
    const some = await json(...args, "--first", "100", "--count", "15");
    const { images, first, count } = some.document;
    expect([first, count]).toEqual([100, 15]);
    expect(images.map(({ class: found }) => found)).toEqual(
      whole.document.images.slice(100, 115).map((image) => image.class),
    );
  });

  test("a table for people, IDX files in gzip, and why nothing is certified", async () => {
    const { stdout, status } = await evaluate("small.node", ...small);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Small {2}40 images, 0 to 39, the adaptive method, tolerance 0.00001, [\d.]+ s\n/);
    expect(stdout).toMatch(/\n {2}epsilon {2}attacked\n {2}0 {8}0\.\d{4}\n/);
    expect(stdout).toContain("no certificate: only forward Euler is certified, not the adaptive method: state --steps");
    const euler = await evaluate("small.node", ...small, "--steps", "7", "--eps", "0.01");
    expect(euler.stdout).toMatch(/epsilon {2}attacked {2}certified\n/);
    expect(euler.stdout).toContain("certified: proved, rounding included");
  });

  test.each([
    [
      ["spiral.node", ...small],
      "contrax: spiral.node: Spiral is no classifier: it needs `input`, `encode` and `output`",
    ],
    [
      ["slopes.node", ...clusters],
      "contrax: slopes.node: Clusters cannot be run: of `slope_restricted(0, 1)`, in layer flow#1, only the slopes are known",
    ],
    [["missing.node", ...small], "contrax: missing.node: cannot be read: no such file"],
    [
      ["small.node", "--images", "none.gz", "--labels", "labels.gz"],
      'contrax: "none.gz": cannot be read: there is no such file',
    ],
    [
      ["small.node", "--images", "labels.gz", "--labels", "labels.gz"],
      'contrax: "labels.gz": each of its examples is a scalar, 1 number; the input u[6] takes 6',
    ],
    [
      ["small.node", "--images", "images.gz", "--labels", "images.gz"],
      'contrax: "images.gz": it has the shape [40, 2, 3]; expected one label for each image',
    ],
    [
      ["small.node", "--images", "images.gz", "--labels", "clusters.npz"],
      "contrax: images.gz holds 40 images, and clusters.npz 120 labels: they do not belong together",
    ],
    [
      ["small.node", "--images", "small.npz", "--labels", "labels.gz"],
      'contrax: "small.npz": say which array it is, as in small.npz:NAME; the file holds "E" [4, 6]',
    ],
    [
      ["small.node", "--images", "clusters.npz:nothing", "--labels", "labels.gz"],
      'contrax: "clusters.npz", tensor "nothing": there is no such tensor',
    ],
    [
      ["small.node", ...small, "--first", "40"],
      'contrax: "images.gz": it holds 40 examples, 0 to 39: none is the first, 40',
    ],
    [["small.node", ...small, "--eps", "0,-1"], `error: option '--eps <e1,e2,…>' argument '0,-1' is invalid.`],
    [
      ["small.node", ...small, "--norm", "1"],
      `error: option '--norm <norm>' argument '1' is invalid. Allowed choices are 2, inf.`,
    ],
    [
      ["small.node", ...small, "--steps", "20000"],
      `error: option '--steps <n>' argument '20000' is invalid. Expected a whole number from 1 to 10000.`,
    ],
    [["small.node", "--labels", "labels.gz"], "error: required option '--images <file>' not specified"],
  ])("%j is refused", async (args, message) => {
    const { status, stdout, stderr } = await evaluate(...args);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(status).toBe(2);
  });

  test("a flow that the adaptive method cannot follow has status 1; Euler's scores overflow and prove nothing", async () => {
    const { status, stderr, stdout } = await evaluate("stiff.node", ...clusters);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^contrax: Clusters: the flow is too stiff, or grows too fast, for an explicit method: it stopped at t = [\d.e-]+\n$/,
    );
    const { document } = await json("stiff.node", ...clusters, "--steps", "100", "--eps", "0");
    expect(document.levels[0]!.certified).toBe(0);
  });

  test("Ctrl+C ends it with status 130 and nothing printed", async () => {
    const args = [
      "evaluate",
      "clusters.node",
      ...clusters,
      "--attack",
      "pgd",
      "--iterations",
      "100000",
      "--eps",
      "0.001",
    ];
    const child = spawn(process.execPath, [bundle, ...args], { cwd: place.folder });
    let stdout = "";
    child.stdout.on("data", (text) => (stdout += text));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    child.kill("SIGINT");
    const [status] = await once(child, "close");
    expect([status, stdout]).toEqual([130, ""]);
  });
});

describe.skipIf(!hasMnist)("MNIST, where it is there", () => {
  test("the trained model's accuracies are those of an independent NumPy run", async () => {
    const sample = readFileSync(path.join(root, "samples/classifier.node"), "utf8");
    const folder = await folderOf({
      "model.node": sample.replaceAll("weights/mnist-64.safetensors", "w.safetensors"),
      "w.safetensors": new Uint8Array(readFileSync(mnist.weights)),
    });
    try {
      const run = await contrax(
        [
          "evaluate",
          "model.node",
          "--images",
          mnist.images,
          "--labels",
          mnist.labels,
          "--first",
          "8000",
          "--count",
          "2000",
          "--steps",
          "10",
          "--eps",
          "0.04,0.08,0.1",
          "--format",
          "json",
        ],
        folder.folder,
      );
      const { clean, levels }: EvaluateDocument = JSON.parse(run.stdout);
      expect(Math.abs(clean - 0.952)).toBeLessThan(0.0005);
      for (const [k, accuracy] of [0.85, 0.587, 0.428].entries()) {
        expect(Math.abs(levels[k]!.attacked - accuracy)).toBeLessThan(0.005);
        expect(levels[k]!.certified).toBeLessThanOrEqual(levels[k]!.attacked);
      }
    } finally {
      await folder.remove();
    }
  }, 120_000);
});
