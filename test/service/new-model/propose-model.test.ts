import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../../grammar/parse.ts";
import { format } from "../../../grammar/print.ts";
import { compile } from "../../../model/compile.ts";
import type { TensorSource } from "../../../model/tensor.ts";
import { activationProblem, proposeModel } from "../../../service/new-model/propose-model.ts";
import { tensorSource } from "../../../weights/source.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Tensors of ones, by their names; integers where the name says so. */
function sourceOf(shapes: Shapes): TensorSource {
  const entries = Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    dtype: name.includes("integer") ? "I64" : "F32",
  }));
  return {
    entries: () => entries,
    tensor(_, name) {
      const found = entries.find((entry) => entry.name === name);
      if (found === undefined) return { code: "CX306", message: "no such tensor" };
      const size = found.shape.reduce((product, length) => product * length, 1);
      return { ...found, data: new Float64Array(size).fill(0.25) };
    },
  };
}

function proposed(source: TensorSource, activation: string | null = null, file = "w.npz") {
  const result = proposeModel(source, { file, model: "M", activation });
  if ("problem" in result) throw new Error(result.problem);
  const tree = parse(result.text);
  const { diagnostics, models } = compile(tree, source);
  expect([...tree.diagnostics, ...diagnostics].filter(({ severity }) => severity !== "hint")).toEqual([]);
  expect(format(result.text)).toBe(result.text);
  return { ...result, model: models[0]! };
}

/** The statements without params and what is the same in all. */
function statements(shapes: Shapes): string[] {
  const { text } = proposed(sourceOf(shapes));
  return text
    .split("\n")
    .map((line) => line.trim().replace(/ +/g, " "))
    .filter((line) => /^(state|input|encode|layer|flow|output) /.test(line));
}

const params = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/param (\w+) += load\("[^"]*", "(.*)"\)/g)].map(([, name, tensor]) => [name, tensor]),
  );

describe("the names of", () => {
  test("PyTorch's Sequential, whose numbers skip the activations", () => {
    const shapes = { "ode.0.bias": [50], "ode.0.weight": [50, 2], "ode.2.bias": [2], "ode.2.weight": [2, 50] };
    expect(statements(shapes)).toEqual(["state x[2]", "layer h1 = act(W1 * x + b1)", "flow x' = W2 * h1 + b2"]);
    const { text } = proposed(sourceOf(shapes));
    expect(params(text)).toEqual({ W1: "ode.0.weight", b1: "ode.0.bias", W2: "ode.2.weight", b2: "ode.2.bias" });
  });

  test("ten and more layers, in the order of their numbers", () => {
    const shapes = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`func.net.${2 * i}.weight`, [i === 11 ? 3 : 10 + i, i === 0 ? 3 : 9 + i]]),
    );
    const { text } = proposed(sourceOf(shapes));
    expect(Object.values(params(text))).toEqual(Array.from({ length: 12 }, (_, i) => `func.net.${2 * i}.weight`));
    expect(text).toContain("layer h11 = act(W11 * h10)");
  });

  test("named layers of PyTorch, which its files hold in the order of the alphabet", () => {
    const shapes = {
      "net.linear_in.weight": [8, 3],
      "net.linear_in.bias": [8],
      "net.hidden.weight": [8, 8],
      "net.hidden.bias": [8],
      "net.linear_out.weight": [3, 8],
      "net.linear_out.bias": [3],
    };
    const { text } = proposed(sourceOf(shapes));
    expect(Object.values(params(text)).filter((name) => name.endsWith("weight"))).toEqual([
      "net.linear_in.weight",
      "net.hidden.weight",
      "net.linear_out.weight",
    ]);
  });

  test.each([
    ["params.Dense_0.kernel", "params.Dense_0.bias", "params.Dense_1.kernel", "params.Dense_1.bias"],
    ["params/Dense_0/kernel", "params/Dense_0/bias", "params/Dense_1/kernel", "params/Dense_1/bias"],
    ["dense/kernel:0", "dense/bias:0", "dense_1/kernel:0", "dense_1/bias:0"],
    ["['mlp']['linear_0']['w']", "['mlp']['linear_0']['b']", "['mlp']['linear_1']['w']", "['mlp']['linear_1']['b']"],
    ["mlp/~/linear_0/w", "mlp/~/linear_0/b", "mlp/~/linear_1/w", "mlp/~/linear_1/b"],
  ])("kernels, which hold [inputs, outputs]: %s", (W1, b1, W2, b2) => {
    const shapes = { [W1]: [3, 16], [b1]: [16], [W2]: [16, 3], [b2]: [3] };
    expect(statements(shapes)).toEqual(["state x[3]", "layer h1 = act(W1^T * x + b1)", "flow x' = W2^T * h1 + b2"]);
    expect(statements({ [W1]: [3, 3], [b1]: [3] })[1]).toBe("flow x' = act(A^T * x + b)");
  });

  test("Equinox, and a recurrent layer of PyTorch", () => {
    const shapes = {
      ".layers[0].weight": [7, 2],
      ".layers[0].bias": [7],
      ".layers[1].weight": [2, 7],
      ".layers[1].bias": [2],
    };
    expect(statements(shapes)).toEqual(["state x[2]", "layer h1 = act(W1 * x + b1)", "flow x' = W2 * h1 + b2"]);
    const { text } = proposed(
      sourceOf({ weight_ih_l0: [5, 3], weight_hh_l0: [5, 5], bias_ih_l0: [5], bias_hh_l0: [5] }),
    );
    expect(params(text)).toEqual({ A: "weight_hh_l0", b: "bias_hh_l0" });
    expect(text).toContain('// Left out: "weight_ih_l0" ([5, 3])');
  });

  test("arrays that a person saved", () => {
    expect(statements({ A: [2, 2], b: [2] })).toEqual(["state x[2]", "flow x' = act(A * x + b)"]);
    expect(statements({ W1: [4, 2], b1: [4], W2: [2, 4] })[2]).toBe("flow x' = W2 * h1");
    // x @ W1 + b1, as NumPy and JAX have it: the bias tells, and what it does not tell is as the rest.
    expect(statements({ W1: [2, 4], b1: [4], W2: [4, 4], W3: [4, 2], b3: [2] })).toEqual([
      "state x[2]",
      "layer h1 = act(W1^T * x + b1)",
      "layer h2 = act(W2^T * h1)",
      "flow x' = W3^T * h2 + b3",
    ]);
    expect(statements({ fc1_weight: [4, 2], fc1_bias: [4], fc2_weight: [2, 4], fc2_bias: [2] })[1]).toBe(
      "layer h1 = act(W1 * x + b1)",
    );
    // A bias by its size alone, as a column and as a row.
    expect(statements({ hidden: [4, 2], out: [2, 4], theta: [4] })[1]).toBe("layer h1 = act(W1 * x + b1)");
    expect(statements({ W1: [4, 2], b1: [4, 1], W2: [2, 4], b2: [1, 2] })[2]).toBe("flow x' = W2 * h1 + b2^T");
  });
});

describe("several nets in one file", () => {
  const around = { "encoder.weight": [8, 20], "encoder.bias": [8], "head.weight": [3, 8], "head.bias": [3] };

  test("become a classifier where they lead from an input to scores", () => {
    expect(statements({ ...around, "ode.0.weight": [16, 8], "ode.0.bias": [16], "ode.2.weight": [8, 16] })).toEqual([
      "state x[8]",
      "input u[20]",
      "encode x = E * u + e",
      "layer h1 = act(W1 * x + b1)",
      "flow x' = W2 * h1",
      "output y = H * x + c",
    ]);
    // Without words that tell, the order does.
    expect(statements({ "model.fc1.weight": [8, 20], "model.fc2.weight": [8, 8], "model.fc3.weight": [3, 8] })).toEqual(
      ["state x[8]", "input u[20]", "encode x = E * u", "flow x' = act(A * x)", "output y = H * x"],
    );
  });

  test("leave only the vector field where the rest is not affine, and say so", () => {
    const { text } = proposed(
      sourceOf({
        "decoder.0.weight": [16, 4],
        "decoder.2.weight": [10, 16],
        "encoder.0.weight": [16, 10],
        "encoder.2.weight": [4, 16],
        "odefunc.net.0.weight": [6, 4],
        "odefunc.net.2.weight": [4, 6],
      }),
    );
    expect(Object.values(params(text))).toEqual(["odefunc.net.0.weight", "odefunc.net.2.weight"]);
    expect(text).toContain('// Left out: "encoder.0.weight" ([16, 10]): a layer from 10 to 16');
    expect(text).not.toContain("encode x");
  });

  test("the real file of the samples becomes the sample's model", () => {
    const file = "weights/mnist-64.safetensors";
    const bytes = readFileSync(new URL(`../../../samples/${file}`, import.meta.url));
    const sample = readFileSync(new URL("../../../samples/classifier.node", import.meta.url), "utf8");
    const source = tensorSource(new Map([[file, bytes]]));
    const { model } = proposed(source, "leaky_relu(0.1)", file);
    const [own] = compile(parse(sample), source).models;
    expect(model.layers.map(({ activation }) => activation)).toEqual(own!.layers.map(({ activation }) => activation));
    expect(model.params.map(({ name, source }) => [name, source])).toEqual(
      own!.params.map(({ name, source }) => [name, source]),
    );
    expect(model.classifier).toEqual({ ...own!.classifier, range: null });
  });
});

describe("what is not a plain layer", () => {
  test("the time is one input more, of the first layer or of each", () => {
    expect(statements({ "0.weight": [16, 3], "2.weight": [2, 16] })).toEqual([
      "state x[2]",
      "layer h1 = act(W1 * stack([t], x))",
      "flow x' = W2 * h1",
    ]);
    expect(statements({ "l.0.weight": [16, 3], "l.1.weight": [2, 17] })[2]).toBe("flow x' = W2 * stack([t], h1)");
    expect(proposed(sourceOf({ A: [2, 3] })).text).toContain("For cat([x, t]) write stack(x, [t])");
  });

  test("is left out with the reason", () => {
    const { text } = proposed(
      sourceOf({
        "f.0.weight": [4, 2],
        "f.1.weight": [4],
        "f.1.bias": [4],
        "f.1.running_mean": [4],
        "f.1.integer_batches": [],
        "f.2.weight": [2, 4],
        "conv.weight": [4, 1, 3, 3],
        knots: [3, 2, 2],
        scale: [],
        none: [0, 2],
      }),
    );
    expect([...text.matchAll(/Left out: "(.*?)" .*?: (.*)\.$/gm)].map(([, name, reason]) => [name, reason])).toEqual([
      ["f.1.integer_batches", "its elements are integers (I64)"],
      ["conv.weight", "convolutions are not supported yet"],
      ["knots", "three dimensions can only be the knots of `interpolate` or `steps`"],
      ["scale", "a scalar is no part of a layer"],
      ["none", "it is empty"],
      ["f.1.weight", "it looks like a normalisation, which is no layer of the language"],
      ["f.1.bias", "it looks like a normalisation, which is no layer of the language"],
      ["f.1.running_mean", "it looks like a normalisation, which is no layer of the language"],
    ]);
    expect(params(text)).toEqual({ W1: "f.0.weight", W2: "f.2.weight" });
  });

  test("what a weight is computed from is no weight: a model of it would be of another net", () => {
    const reason = "a weight is computed from it and others (weight_norm, LoRA and such): save the weight that results";
    for (const shapes of [
      { "f.0.weight_g": [4, 1], "f.0.weight_v": [4, 4], "f.0.bias": [4] },
      { "f.0.weight_orig": [4, 4], "f.0.weight_u": [4], "f.0.weight_v": [4], "f.0.bias": [4] },
      { "f.0.parametrizations.weight.original": [4, 4], "f.0.bias": [4] },
      { "f.0.parametrizations.weight.original0": [4, 1], "f.0.parametrizations.weight.original1": [4, 4] },
    ]) {
      const result = proposeModel(sourceOf(shapes), { file: "w.npz", model: "M", activation: null });
      expect(result).toEqual({ problem: expect.stringContaining(`: ${reason}`) });
    }
    const { text } = proposed(
      sourceOf({ "f.0.weight": [4, 4], "f.0.bias": [4], "f.0.lora_A": [2, 4], "f.0.lora_B": [4, 2] }),
    );
    expect(params(text)).toEqual({ A: "f.0.weight", b: "f.0.bias" });
    expect(text).toContain(`// Left out: "f.0.lora_A" ([2, 4]): ${reason}.`);
  });

  test("integers are weights where there is nothing else", () => {
    expect(statements({ "integer.weight": [2, 2] })).toEqual(["state x[2]", "flow x' = act(A * x)"]);
  });

  test("a tensor that cannot be read is not proposed", () => {
    const source = sourceOf({ A: [2, 2], "ode.weight": [3, 3] });
    const tensor: TensorSource["tensor"] = (file, name) =>
      name === "ode.weight" ? { code: "CX307", message: "nan" } : source.tensor(file, name);
    const { text } = proposed({ ...source, tensor });
    expect(params(text)).toEqual({ A: "A" });
    expect(text).toContain('// Left out: "ode.weight" ([3, 3]): it cannot be read (CX307).');
  });
});

describe("nothing to propose", () => {
  const problem = (source: TensorSource) => {
    const result = proposeModel(source, { file: "w.npz", model: "M", activation: null });
    return "problem" in result ? result.problem : null;
  };

  test("names the tensors and what was expected", () => {
    expect(problem(sourceOf({ a: [3, 5], b: [3] }))).toBe(
      '"w.npz": no vector field in it: expected matrices that lead from a state of n components back to n, ' +
        'one [n, n] or such as [h, n] and [n, h]; found "a" ([3, 5]), "b" ([3])',
    );
    expect(problem(sourceOf(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`t${i}`, [2]]))))).toMatch(
      /"t7" \(\[2\]\) and 22 more$/,
    );
  });

  test("says what is wrong with the file itself", () => {
    const bytes = new TextEncoder().encode("PK");
    const files = new Map([
      ["w.npz", bytes],
      ["m.pt", bytes],
    ]);
    expect(problem(tensorSource(files))).toMatch(/^"w.npz": /);
    const torch = proposeModel(tensorSource(files), { file: "m.pt", model: "M", activation: null });
    expect(torch).toMatchObject({ problem: expect.stringContaining("safetensors.torch.save_file(") });
  });
});

test("a file of one tensor without a name", () => {
  const bytes = new TextEncoder().encode("1,2\n3,4\n");
  const { text } = proposed(tensorSource(new Map([["A.csv", bytes]])), null, "A.csv");
  expect(text).toContain('param A = load("A.csv")\n');
});

test("activations are taken as the language has them", () => {
  const source = sourceOf({ A: [2, 2] });
  expect(proposed(source, "leaky_relu(0.1)").text).toContain("activation act = leaky_relu(0.1)\n");
  expect(proposed(source, "slope_restricted(0.2, 1)").text).not.toContain("simulate");
  for (const good of ["tanh", "elu(1)", "slope_restricted(0, 1)"]) expect(activationProblem(good)).toBeNull();
  expect(activationProblem("tahn")).toContain("did you mean `tanh`?");
  expect(activationProblem("leaky_relu")).toMatch(/^expected one of the language/);
  expect(activationProblem("tanh } model N {")).toContain('found "tanh } model N {"');
});

test("whatever the names and shapes, the proposal is a model without errors", () => {
  const word = fc.constantFrom(
    "ode",
    "func",
    "net",
    "encoder",
    "head",
    "0",
    "2",
    "10",
    "layers[1]",
    "Dense_0",
    "W1",
    "",
  );
  const last = fc.constantFrom("weight", "bias", "kernel", "w", "b", "A", "W2", "b2", "running_mean", "integer");
  const plain = fc.tuple(fc.array(word, { maxLength: 3 }), last).map(([path, end]) => [...path, end].join("."));
  const name = fc.oneof({ weight: 5, arbitrary: plain }, fc.string({ unit: "binary", maxLength: 8 }));
  const length = fc.constantFrom(1, 2, 3, 4);
  const shape = fc.oneof({ weight: 4, arbitrary: fc.tuple(length, length) }, fc.array(fc.nat(3), { maxLength: 4 }));
  const tensors = fc.dictionary(name, shape, { maxKeys: 9, noNullPrototype: true });
  let models = 0;
  fc.assert(
    fc.property(tensors, fc.string({ unit: "binary" }), (shapes, file) => {
      const source = sourceOf(shapes);
      const result = proposeModel(source, { file, model: "M", activation: null });
      if ("problem" in result) return;
      proposed(source, null, file);
      models++;
      // Nothing that a terminal or an editor would take for a sign of its own.
      expect(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(result.text.replaceAll("\n", ""))).toBe(false);
    }),
    { numRuns: 400 },
  );
  expect(models).toBeGreaterThan(100);
});

test("a file of thousands of matrices is answered at once", () => {
  const shapes = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`block.${i}.mlp.weight`, [4, 4]]));
  const start = performance.now();
  const { text } = proposed(sourceOf(shapes));
  expect(performance.now() - start).toBeLessThan(5000);
  expect(text).toContain("// Left out: 4732 more.");
});
