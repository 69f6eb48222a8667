import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { oneLayer, sectors } from "../classify/synthetic.ts";
import { bundle, contrax, folderOf } from "./contrax.ts";

let place: Awaited<ReturnType<typeof folderOf>>;
beforeEach(async () => {
  const { images, labels } = sectors(200);
  const rows = Array.from(labels, (_, k) => [images[2 * k], images[2 * k + 1]]);
  place = await folderOf({
    "m.node": oneLayer,
    "other/m.node": oneLayer.replace("W = zeros(3, 4)", 'W = load("W.json")'),
    "other/W.json": JSON.stringify([0, 1, 2].map(() => [0, 0, 0, 0])),
    "images.json": JSON.stringify(rows),
    "labels.json": JSON.stringify([...labels]),
  });
});
afterEach(() => place.remove());

const data = ["--images", "images.json", "--labels", "labels.json"];
const train = (...args: string[]) => contrax(["train", ...args, ...data], place.folder);
const bytes = (file: string) => readFile(path.join(place.folder, file));

describe("a trained model", () => {
  test("is proved to meet its target, and is what check and evaluate take", async () => {
    const made = await train(
      "m.node",
      "-o",
      "out.node",
      "--target",
      "0.5",
      "--epochs",
      "20",
      "--rate",
      "0.02",
      "--batch",
      "16",
    );
    expect(made.stderr.split("\n")[19]).toMatch(/^Sectors: epoch 20, loss 0\.\d{4}, accuracy 0\.9\d+$/);
    expect(made.status).toBe(0);
    expect(made.stdout).toMatch(
      /^Sectors {2}epoch 20: loss 0\.\d+, accuracy 0\.9\d+ .*\n {2}lognorm\(2\) <= 0\.5: proved, .*\n {2}written: out\.node\n$/,
    );
    const text = (await bytes("out.node")).toString();
    expect(text).toContain('param A = load("out.safetensors", "A")');
    expect(text).toContain("require lognorm(2) <= 0.5");
    expect((await contrax(["check", "out.node", "--time-budget", "5"], place.folder)).status).toBe(0);
    const found = await contrax(["evaluate", "out.node", ...data, "--steps", "10", "--format", "json"], place.folder);
    expect(JSON.parse(found.stdout).clean).toBeGreaterThan(0.9);
  });

  test("is the same each time, another with another seed, and has a report", async () => {
    const call = (output: string, seed: string) =>
      train("m.node", "-o", output, "--epochs", "2", "--noise", "0.1", "--seed", seed, "--report", "json");
    const [first] = [await call("a.node", "3"), await call("b.node", "3"), await call("c.node", "4")];
    expect((await bytes("a.safetensors")).equals(await bytes("b.safetensors"))).toBe(true);
    expect((await bytes("a.safetensors")).equals(await bytes("c.safetensors"))).toBe(false);
    const document = JSON.parse(first.stdout);
    expect(document).toMatchObject({ model: "Sectors", output: "a.node", target: null, requirement: null });
    expect(document.epochs.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2]);
  });

  test("goes on from its own weights, and loads what stays from where it is", async () => {
    const made = await train("other/m.node", "-o", "out.node", "--fix", "W", "--start", "file", "--epochs", "1");
    expect(made).toMatchObject({ status: 0, stderr: expect.stringMatching(/^Sectors: epoch 1, .*\n$/) });
    expect((await bytes("out.node")).toString()).toContain('param W = load("other/W.json")');
    expect((await contrax(["check", "out.node", "--time-budget", "2"], place.folder)).status).toBe(0);
  });

  test("has the principal directions of its images as encoder", async () => {
    const call = ["m.node", "-o", "out.node", "--encoder", "principal", "--epochs", "1"];
    expect(await train(...call)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("there are 2 principal directions, and the state has 4"),
    });
  });
});

test("Ctrl+C leaves a checkpoint, from which the same result comes", async () => {
  const call = (output: string) => [
    "train",
    "m.node",
    "-o",
    output,
    "--epochs",
    "400",
    "--target",
    "0.5",
    "--checkpoint",
    "c.json",
    ...data,
  ];
  const child = spawn(process.execPath, [bundle, ...call("a.node")], { cwd: place.folder });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    if (stderr === "") child.kill("SIGINT");
    stderr += text;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const status = await ended;
  expect({ status, stderr }).toEqual({
    status: 130,
    stderr: expect.stringContaining("the same call with --resume goes on from c.json"),
  });
  expect(existsSync(path.join(place.folder, "a.node"))).toBe(false);
  expect(await contrax([...call("a.node"), "--resume", "--seed", "9"], place.folder)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("c.json: was written with another --seed: 1, now 9"),
  });
  expect((await contrax([...call("a.node"), "--resume"], place.folder)).status).toBe(0);
  expect(existsSync(path.join(place.folder, "c.json"))).toBe(false);
  expect((await contrax(call("b.node"), place.folder)).status).toBe(0);
  expect((await bytes("a.safetensors")).equals(await bytes("b.safetensors"))).toBe(true);
}, 120_000);

describe("a wrong call says what is wrong", () => {
  test.each([
    [["m.node", "-o", "out.txt"], "expected a name that ends with .node"],
    [["m.node", "-o", "m.node"], "m.node: there is such a file already"],
    [["m.node", "-o", "out.node", "--margin", "1"], "--margin needs --target"],
    [["m.node", "-o", "out.node", "--fix", "Z"], 'has no param "Z"'],
    [["m.node", "-o", "out.node", "--resume"], "out.checkpoint.json: cannot be read"],
    [["m.node", "-o", "out.node", "--resume", "--checkpoint", "labels.json"], "labels.json: is no checkpoint"],
    [["m.node", "-o", "no/out.node", "--epochs", "1"], "there is no such folder"],
    [["m.node", "-o", "out.node", "--count", "1000"], "200 examples"],
  ])("%j", async (args, message) => {
    const { status, stderr } = await train(...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
    expect(stderr).not.toContain("    at ");
  });
});
