import { describe, expect, test } from "vitest";
import { goalOf, independentParams, repairableParams, repairCandidates } from "../../../service/repair/candidates.ts";
import { checked } from "../checked.ts";

function params(text: string, files: Record<string, string> = {}, index = 0) {
  const document = checked(text, files);
  const model = document.compilation.models[index];
  return repairableParams(document, model).map(({ name, entries }) => (entries ? name : `(${name})`));
}

const model = (body: string) => `model M { state x[2] ${body} require lognorm(2) <= 0 }`;

describe("the params that a repair may change", () => {
  test.each([
    [
      "weights, not what is added",
      "param A = eye(2) + zeros(2, 2) param W = [[1, 2], [3, 4]] param b = [1, 2] flow x' = A * x + tanh(W * x + b)",
      ["(A)", "W"],
    ],
    [
      "vectors and scalars that become weights",
      "param v = [1, 2] param a = -3 param c = 1 + 1 flow x' = c * a * diag(v) * x",
      ["v", "a", "(c)"],
    ],
    ["what is loaded, in parentheses too", 'param A = ((load("w.json", "A"))) flow x\' = A * x', ["A"]],
    [
      "the values of interpolate and steps",
      "param A = interpolate([0, 1], [eye(2), eye(2)]) param B = steps([0, 1], [[[1, 0], [0, 1]], [[2, 0], [0, 2]]]) flow x' = A * x + B * x",
      ["(A)", "B"],
    ],
    [
      "what others are made of, and those too",
      "param s = 2 param A = s * [[1, 0], [0, 1]] flow x' = A * x",
      ["s", "(A)"],
    ],
    ["nothing in a layer that is no param", "flow x' = [[1, 0], [0, 1]] * x", []],
    [
      "nothing that only the time interval or a metric needs",
      "time t in [0, T] param T = 2 param w = [1, 2] flow x' = -x",
      [],
    ],
  ])("%s", (_, body, expected) => {
    expect(params(model(body), { "w.json": '{"A": [[1, 2], [3, 4]]}' })).toEqual(expected);
  });

  test("are the model's own", () => {
    const text = `${model("param A = [[1, 0], [0, 1]] flow x' = A * x")} ${model("param A = 1 param B = 2 flow x' = B * x").replace("M", "N")}`;
    expect(params(text)).toEqual(["A"]);
    expect(params(text, {}, 1)).toEqual(["B"]);
  });

  test("change together without those that are made of the others' entries", () => {
    const document = checked(
      model(
        "param A0 = [[1, 0], [0, 1]] param A = interpolate([0, 1], [A0, [[2, 0], [0, 2]]]) param B = [[1, 0], [0, 1]] flow x' = A * x + B * x",
      ),
    );
    const [one] = document.compilation.models;
    const all = repairableParams(document, one);
    expect(all.map(({ name, entries }) => [name, entries])).toEqual([
      ["A0", true],
      ["A", true],
      ["B", true],
    ]);
    expect(independentParams(document, one, all)).toEqual(["A0", "B"]);
  });
});

describe("the candidates", () => {
  const kinds = (text: string) => {
    const document = checked(text);
    const [one] = document.compilation.models;
    return repairCandidates(document, one, goalOf(one.requirements[0])).map((repair) =>
      "params" in repair
        ? `${repair.kind} ${repair.params}`
        : "param" in repair
          ? `${repair.kind} ${repair.param}`
          : repair.kind,
    );
  };

  test("are least changes of few entries, the flow, the activations, then the params, those of many entries last", () => {
    expect(
      kinds(
        model("param A = [[1, 0], [0, 1]] param W = [[1, 2]] param V = [[1], [1]] flow x' = A * x + V * tanh(W * x)"),
      ),
    ).toEqual([
      "min-norm A",
      "min-norm W",
      "min-norm V",
      "decay",
      "activation",
      "clip A",
      "shift A",
      "rescale A",
      "clip W",
      "rescale W",
      "clip V",
      "rescale V",
      "min-norm A,W,V",
    ]);
    const row = `[${Array.from({ length: 17 }, () => 1)}]`;
    const large = `model M { state x[17] param A = [${Array.from({ length: 17 }, () => row)}] flow x' = A * x require lognorm(2) <= 0 }`;
    expect(kinds(large)).toEqual(["decay", "clip A", "shift A", "rescale A", "min-norm A"]);
  });

  test("have other activations for bounds on a logarithmic norm that slopes are known for", () => {
    const body = "param a = 1 flow x' = a * tanh(x)";
    expect(kinds(model(body))).toContain("activation");
    for (const requirement of ["lipschitz(2) <= 1", "step(2, 0.1) <= 1", "lognorm(2, metric: auto) <= 0"]) {
      expect(kinds(model(body).replace("lognorm(2) <= 0", requirement)), requirement).not.toContain("activation");
    }
  });
});
