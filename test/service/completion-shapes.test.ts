import { describe, expect, test } from "vitest";
import type { CompletionItem, TextEdit } from "vscode-languageserver-types";
import { completion } from "../../service/completion.ts";
import { checked } from "./checked.ts";

const matrix = (rows: number, columns: number) => new Array(rows).fill(new Array(columns).fill(1));
const files = {
  "w.json": JSON.stringify({
    narrow: matrix(2, 3),
    "ode.0/weight": matrix(3, 2),
    "ode.0/bias": [1, 2, 3],
    square: matrix(2, 2),
  }),
};

function items(marked: string): CompletionItem[] {
  const document = checked(marked, files);
  expect(document.offset).toBeGreaterThanOrEqual(0);
  return completion(document, document.offset).toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
}

const labels = (marked: string) => items(marked).map(({ label }) => label);

/** The text after the item has been chosen. */
function chosen(marked: string, label: string): string {
  const document = checked(marked, files);
  const item = completion(document, document.offset).find((one) => one.label === label);
  expect(item, `${label} in ${marked}`).toBeDefined();
  const { range, newText } = item!.textEdit as TextEdit;
  const text = document.document.getText();
  return (
    text.slice(0, document.document.offsetAt(range.start)) + newText + text.slice(document.document.offsetAt(range.end))
  );
}

const model = (rest: string) => `model M {
  state x[2]
  time t in [0, 1]
  param A = [[1, 2], [3, 4]]
  param W = [[1, 2], [3, 4], [5, 6]]
  param b = [1, 2]
  param c = [1, 2, 3]
  param s = 0.5
  param n = 3
  param moving = sin(t)
  ${rest}
}`;

/** Of the model's names, those before all that do not fit. */
function first(rest: string, count: number): string[] {
  return labels(model(rest))
    .filter((label) => /^(x|t|A|W|b|c|s|n|moving|V)$/.test(label))
    .slice(0, count)
    .sort();
}

describe("names that fit come first", () => {
  test.each([
    ["behind a product's left side", "layer h = W * <|>", ["A", "b", "x"]],
    ["behind a sum", "layer h = W * x + <|>", ["c"]],
    ["behind a sum of products, for its last factor", "layer h = c + W * <|>", ["A", "b", "x"]],
    ["in a sum in an activation", "layer h = relu(A * x + <|>)", ["b", "x"]],
    ["in the flow", "flow x' = <|>", ["b", "x"]],
    ["behind a transpose", "layer h = W^T * <|>", ["W", "c"]],
    ["behind parentheses", "layer h = (A + A) * <|>", ["A", "b", "x"]],
    ["as an initial state", "simulate from <|>", ["b"]],
    ["as a spread", "simulate from [1, 0] spread <|>", ["n", "s"]],
    ["as a limit", "require lognorm(2) <= <|>", ["n", "s"]],
    ["as a step", "require step(2, <|>", ["n", "s"]],
    ["of a diagonal", "param D = diag(<|>", ["b", "c"]],
    ["of a symmetric part", "param D = sym(<|>", ["A"]],
    ["as a size", "param D = eye(<|>", ["n", "s"]],
    ["of a declared shape", "param D: [2, 2] = <|>", ["A"]],
  ])("%s", (_, rest, expected) => expect(first(rest, expected.length)).toEqual(expected));

  test("what can only be wrong is not offered", () => {
    for (const rest of ["param D = <|>", "param D = [[1, <|>", "require lognorm(2) <= <|>", "simulate from <|>"]) {
      expect(labels(model(rest)), rest).not.toContain("x");
    }
    // Sizes and limits are constant; only params change in steps; a param is not made of itself.
    expect(labels(model("require lognorm(2) <= <|>"))).not.toContain("moving");
    expect(labels(model("layer h = <|>"))).not.toContain("interpolate");
    expect(labels(model("param D = D0 + <|>"))).not.toContain("D");
    expect(labels(model("layer h = x[<|>"))).not.toContain("relu");
  });

  test("no bound of a domain is a number", () => {
    expect(labels(model("domain x in [-<|>"))).toContain("inf");
    expect(labels(model("flow x' = <|>"))).not.toContain("inf");
  });
});

describe("metrics that fit the norm come first", () => {
  const named = (rest: string) =>
    labels(model(`param P = [[2, 1], [1, 2]]\n  param N = [[2, 1], [0, 2]]\n  param minus = [1, -1]\n  ${rest}`));
  test("in norm 2 a symmetric matrix", () => {
    expect(named("require lognorm(2, metric: <|>) <= 0").slice(0, 2)).toEqual(["P", "auto"]);
  });
  test("in norms 1 and inf positive weights", () => {
    expect(named("require lognorm(inf, metric: <|>) <= 0").slice(0, 2)).toEqual(["b", "auto"]);
  });
  test("the word itself comes before", () => {
    expect(labels(model("require lognorm(2, <|>"))).toEqual(["metric"]);
    expect(chosen(model("require lognorm(2, me<|>"), "metric")).toContain("lognorm(2, metric: \n");
  });
});

describe("the shape of a param", () => {
  test("is what the model asks for, then the sizes that there are", () => {
    const asked = items(model("param V: [<|>\n  layer h = V * x + c"));
    expect(asked.slice(0, 2)).toMatchObject([
      { label: "3, 2", detail: expect.stringContaining("[3, 2]") },
      { label: "2", detail: "the states of x" },
    ]);
    expect(asked.map(({ label }) => label)).toContain("n");
  });
});

describe("tensors", () => {
  const load = (rest: string, use: string) => labels(model(`param V${rest}\n  layer h = ${use}`));

  test("that fit the layer come first", () => {
    expect(load(' = load("w.json", "<|>")', "V * x + c")[0]).toBe("ode.0/weight");
    expect(load(' = load("w.json", "<|>")', "W * x + V")[0]).toBe("ode.0/bias");
    expect(load(' = load("w.json", "<|>")', "W^T * (W * x) + V * b + b")[0]).toBe("square");
  });

  test("that have the declared shape come first", () => {
    expect(load(': [2, 3] = load("w.json", "<|>")', "W * x")[0]).toBe("narrow");
  });

  test("are offered where the quotes are not there yet, and replace what is written of a name with dots and slashes", () => {
    expect(chosen(model('param V = load("w.json", <|>)'), '"square"')).toContain('load("w.json", "square")');
    expect(chosen(model('param V = load("w.json", "ode.0/we<|>")'), "ode.0/weight")).toContain(
      'load("w.json", "ode.0/weight")',
    );
    expect(chosen(model('param V = load("w.json", "ode.0/we<|>'), "ode.0/weight")).toContain('"ode.0/weight');
  });
});

describe("what is chosen", () => {
  test("replaces the part of the word before the cursor, in Greek too", () => {
    expect(chosen("model M { state ξ[2] param αβγ = 1 flow ξ' = αβ<|> }", "αβγ")).toContain("flow ξ' = αβγ }");
  });

  test("gives the flow its mark, once", () => {
    expect(chosen("model M { state x[1] flow <|> }", "x")).toContain("flow x' =  }");
    expect(chosen("model M { state x[1] flow <|>' = x }", "x")).toContain("flow x' = x }");
    expect(chosen("model M { state x[1] domain <|> }", "x")).toContain("domain x in  }");
  });
});

describe("statements", () => {
  const labelsAfter = (rest: string) => labels(`model M {\n  state x[2]\n${rest}`);
  test("that stand already are not offered again", () => {
    expect(labelsAfter("  time t in [0, 1]\n  <|>")).not.toContain("time");
    expect(labelsAfter("  flow x' = x\n  <|>\n}")).not.toContain("flow");
    expect(labelsAfter("  fl<|>ow x' = x\n}")).toContain("flow");
    expect(labelsAfter("  flow x' = x\n  require lognorm(2) <= 0\n  <|>")).toEqual(
      expect.arrayContaining(["require", "param", "simulate", "domain"]),
    );
  });

  test("of classifiers stand in classifiers only", () => {
    expect(labelsAfter("  <|>")).toContain("input");
    expect(labelsAfter("  <|>")).not.toContain("encode");
    expect(labelsAfter("  input u[3]\n  <|>")).toEqual(expect.arrayContaining(["encode", "output"]));
  });

  test("do not begin where one has just begun", () => {
    expect(labelsAfter("  time t <|>")).toEqual(["in"]);
    expect(labelsAfter("  simulate <|>")).toEqual(["from"]);
    expect(labelsAfter("  simulate from [1, 0] spread 1 <|>")).toContain("until");
    expect(labelsAfter("  simulate from [1, 0] spread 1 <|>")).not.toContain("spread");
    // A bracket that was forgotten ends with the line.
    expect(labelsAfter("  layer h = relu(x\n  <|>")).toContain("flow");
  });
});
