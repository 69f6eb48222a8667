import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { templates } from "../../service/new-model/templates.ts";
import { contrax, folderOf } from "./contrax.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const fixture = (name: string) => readFileSync(path.join(root, "test/weights/fixtures", name));

let place: Awaited<ReturnType<typeof folderOf>>;
beforeEach(async () => {
  place = await folderOf({
    "weights/A.csv": "-1,0.5\n-0.5,-1\n",
    "weights/net.json": JSON.stringify({
      W1: [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      b1: [0, 0, 0],
      W2: [
        [-1, 0, 0],
        [0, -1, 0],
      ],
    }),
    "weights/torch.pt": "PK",
    "weights/sequential.npz": fixture("sequential.npz"),
    "weights/flax.safetensors": fixture("flax.safetensors"),
    "there.node": "// mine\n",
  });
});
afterEach(() => place.remove());

const create = (...args: string[]) => contrax(["new", ...args], place.folder);
const check = (...args: string[]) => contrax(["check", ...args], place.folder);

describe("a model for a weight file", () => {
  test.each(["A.csv", "net.json", "sequential.npz", "flax.safetensors"])("%s can be checked at once", async (file) => {
    const made = await create(`weights/${file}`, "-o", "m.node");
    expect(made).toEqual({ status: 0, stdout: "m.node\n", stderr: "" });
    const text = await readFile(path.join(place.folder, "m.node"), "utf8");
    expect(text).toContain(`load("weights/${file}"`);
    expect(await contrax(["format", "--check", "m.node"], place.folder)).toMatchObject({ status: 0 });
    const { status, stdout } = await check("m.node", "--time-budget", "5");
    expect(status, stdout).toBeLessThan(2);
  });

  test("finds it from the folder where the model goes; from this one without an output", async () => {
    await mkdir(path.join(place.folder, "models"));
    expect((await create("weights/A.csv", "-o", "models/m.node")).status).toBe(0);
    expect(await readFile(path.join(place.folder, "models/m.node"), "utf8")).toContain('load("../weights/A.csv")');
    expect((await create(path.join(place.folder, "weights/A.csv"))).stdout).toContain('load("weights/A.csv")');
  });

  test("has the name and the activation that are asked for", async () => {
    const { stdout } = await create("weights/A.csv", "--name", "Mine", "--activation", "leaky_relu(0.2)");
    expect(stdout).toMatch(/^model Mine \{$/m);
    expect(stdout).toMatch(/^ {2}activation act = leaky_relu\(0\.2\)$/m);
    expect((await create("weights/A.csv")).stdout).toMatch(/^model A \{$/m);
  });

  test("of the samples is the classifier that they are", async () => {
    const { stdout } = await contrax(["new", "samples/weights/mnist-64.safetensors"], root);
    expect(stdout).toMatch(/^model Mnist64 \{$/m);
    expect(stdout).toMatch(/encode x = E \* u \+ e$/m);
  });

  const shared = path.join(root, "../shared/data/mnist-node/mnist-node-196.safetensors");
  test.skipIf(!existsSync(shared))("of 196 states, where ../shared has it", async () => {
    const made = await create(shared, "-o", "large.node", "--activation", "leaky_relu(0.1)");
    expect(made).toMatchObject({ status: 0, stderr: "" });
    expect(await readFile(path.join(place.folder, "large.node"), "utf8")).toMatch(/^ {2}state x\[196\]$/m);
  });
});

describe("a model from a template", () => {
  test.each(templates.map(({ name }) => name))("%s can be checked at once", async (name) => {
    expect(await create("--template", name, "--name", "Own", "-o", "m.node")).toMatchObject({ status: 0, stderr: "" });
    const { status, stdout } = await check("m.node");
    expect(stdout).toMatch(/^Own {2}/m);
    expect(status).toBe(name === "one-layer" ? 1 : 0);
  });
});

describe("new says what is wrong", () => {
  test.each([
    [[], "expected a weight file or --template NAME"],
    [["weights/A.csv", "--template", "deep"], "expected either a weight file or --template, not both"],
    [
      ["--template", "deeep"],
      "Allowed choices are one-layer, two-layers, deep, time-dependent, classifier, metric, domain",
    ],
    [["--template", "deep", "--activation", "tanh"], "a template has its own"],
    [
      ["weights/A.csv", "--name", "1a"],
      '--name: expected a letter, then letters, digits and _, and no keyword; found "1a"',
    ],
    [["weights/A.csv", "--name", "flow"], "--name: expected a letter"],
    [["weights/A.csv", "--activation", "tahn"], "did you mean `tanh`?"],
    [["missing.npz"], '"missing.npz": cannot be read: there is no such file'],
    [["weights"], "expected a weight file, found a folder"],
    [["there.node"], "is not a weight file's extension"],
    [
      ["weights/torch.pt"],
      'safetensors.torch.save_file({k: v.clone().contiguous() for k, v in state.items()}, "weights/torch.safetensors")\n',
    ],
    [["weights/A.csv", "-o", "there.node"], "there.node: cannot be written: there is such a file already"],
    [["weights/A.csv", "-o", "no/m.node"], "no/m.node: cannot be written: there is no such folder"],
  ])("in `new %j`", async (args, message) => {
    const { status, stdout, stderr } = await create(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at |\ufffd/);
    expect(await readFile(path.join(place.folder, "there.node"), "utf8")).toBe("// mine\n");
    expect((await readdir(place.folder)).sort()).toEqual(["there.node", "weights"]);
  });
});

test.skipIf(process.platform === "win32")("a name that `load` cannot say is refused", async () => {
  const other = await folderOf({ "a\\b.csv": "1\n" });
  const { status, stderr } = await contrax(["new", "a\\b.csv"], other.folder);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "contrax: a\\b.csv: a backslash separates folders in `load`: rename the file\n",
  });
  await other.remove();
});

test("the PyTorch advice of check is read line by line", async () => {
  const other = await folderOf({
    "m.pt": "",
    "m.node": 'model M { state x[1] param a = load("m.pt", "a") flow x\' = -x }',
  });
  const { stdout } = await contrax(["check", "m.node"], other.folder);
  expect(stdout).toMatch(/Save it as safetensors:\n {4}import torch, safetensors\.torch\n/);
  await other.remove();
});
