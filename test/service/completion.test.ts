import { describe, expect, test } from "vitest";
import { completion } from "../../service/completion.ts";
import { checked } from "./checked.ts";

const files = {
  "w.json": JSON.stringify({
    W1: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    'a"b': [1, 2],
  }),
};

/** Labels, in the order in which an editor shows them. */
function labels(marked: string): string[] {
  const document = checked(marked, files);
  expect(document.offset).toBeGreaterThanOrEqual(0);
  return completion(document, document.offset)
    .toSorted((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1))
    .map(({ label }) => label);
}

/** The model's beginning: its names have these shapes. */
const names = `model M {
  state x[2]
  time t in [0, 1]
  param A = [[1, 2], [3, 4]]
  param W = load("w.json", "W1")
  param b = [1, 2]
  activation act = relu
  layer h = act(A * x + b)
`;

describe("keywords", () => {
  test("a document begins with a model", () => {
    expect(labels("<|>")).toEqual(["model"]);
    expect(labels("// a remark\nmo<|>")).toEqual(["model"]);
    expect(labels("model M { state x[1] flow x' = -x }\n<|>")).toEqual(["model"]);
  });

  test("statements stand in a model, after whatever is complete", () => {
    for (const before of ["model M { <|>}", `${names}  <|>\n}`, `${names}  req<|>\n}`, "model M { state x[2] <|> }"]) {
      expect(labels(before), before).toEqual(expect.arrayContaining(["param", "layer", "flow", "require", "simulate"]));
    }
    expect(labels("model M { <|>}")).toContain("state");
    expect(labels(`${names}  <|>\n}`)).not.toContain("model");
  });

  test("clauses stand in their statements only", () => {
    expect(labels("model M { state x[2] domain x <|> }")).toContain("in");
    expect(labels("model M { state x[2] time t <|> }")).toContain("in");
    expect(labels("model M { state x[2] simulate <|> }")).toContain("from");
    expect(labels("model M { state x[2] simulate from [1, 0] sp<|> }")).toContain("spread");
    expect(labels(`${names} <|> }`)).not.toContain("spread");
  });
});

describe("nothing is offered", () => {
  test.each([
    ["for a new name", `${names} param <|> }`],
    ["for a model's name", "model <|>"],
    ["for a half typed model's name", "model Sp<|>"],
    ["in a line comment", `${names} // par<|>\n}`],
    ["in a block comment", `${names} /* par\n<|>\n}`],
    ["in a string that is no tensor's name", `${names} param C = load("<|>") }`],
    ["in a string that is nothing", `${names} layer g = "<|>" }`],
    ["behind a model's name", "model M <|>"],
    ["behind a name that is to be given a value", `${names} layer g <|> }`],
    ["in a number", `${names} param c = 1<|> }`],
    ["inside brackets, behind something complete", `${names} layer g = act(A <|>) }`],
  ])("%s", (_, text) => expect(labels(text)).toEqual([]));

  test("but is again after a comment", () => {
    expect(labels(`${names} // remark\n  <|>}`)).toContain("layer");
    expect(labels(`${names} /* remark */ <|>}`)).toContain("layer");
  });
});

describe("in an expression", () => {
  test("of the flow stand the state, layers, params, activations and functions", () => {
    const offered = labels(`${names} flow x' = <|> }`);
    for (const label of ["x", "h", "A", "b", "act", "relu", "tanh", "gelu", "stack", "t", "pi"]) {
      expect(offered, label).toContain(label);
    }
    expect(offered.filter((label) => label === "tanh")).toHaveLength(1);
  });

  test("of a param stands nothing that depends on the state", () => {
    const offered = labels(`${names} param C = <|> }`);
    for (const label of ["A", "b", "t", "load", "interpolate", "eye"]) expect(offered, label).toContain(label);
    for (const label of ["x", "h", "relu"]) expect(offered, label).not.toContain(label);
  });

  test("names whose shape fits come first", () => {
    // W is [3, 2]: what follows it has two rows; [2, 2] and [2] fit, [3, 2] does not.
    const offered = labels(`${names} flow x' = W * <|> }`);
    const at = (label: string) => offered.indexOf(label);
    for (const fitting of ["A", "b", "x", "h"]) expect(at(fitting), fitting).toBeLessThan(at("W"));
    const sum = labels(`${names} flow x' = b + <|> }`);
    expect(sum.indexOf("h")).toBeLessThan(sum.indexOf("A"));
  });

  test("of several lines", () => {
    expect(labels(`${names} flow x' = A\n    * <|>\n}`)).toContain("h");
  });

  test("shapes are told", () => {
    const document = checked(`${names} flow x' = <|> }`, files);
    const details = Object.fromEntries(
      completion(document, document.offset).map(({ label, detail }) => [label, detail]),
    );
    expect(details).toMatchObject({ A: "param [2, 2]", x: "state [2]", W: "param [3, 2]", h: "layer [2]" });
    expect(details.sigmoid).toBe("slopes in [0, 0.25]");
    expect(details.leaky_relu).toBe("leaky_relu(a): slopes in [min(a, 1), max(a, 1)]");
    expect(details.eye).toBe("eye(n)");
  });
});

describe("by place", () => {
  test("an activation is named by a built-in", () => {
    const offered = labels(`${names} activation f = <|> }`);
    expect(offered).toEqual(expect.arrayContaining(["relu", "silu", "slope_restricted"]));
    expect(offered).not.toContain("eye");
  });

  test("a requirement is about a property, in a norm, in a metric", () => {
    expect(labels(`${names} require <|> }`)).toEqual(["lipschitz", "lognorm", "step"]);
    expect(labels(`${names} require lognorm(<|> }`)).toEqual(["1", "2", "inf"]);
    const metrics = labels(`${names} require lognorm(2, metric: <|>) <= 0 }`);
    expect(metrics).toEqual(expect.arrayContaining(["auto", "A", "b"]));
    expect(metrics).not.toContain("x");
  });

  test("a flow is that of the state", () => {
    const document = checked(`${names} flow <|> }`, files);
    expect(completion(document, document.offset)).toMatchObject([{ label: "x", insertText: "x' = " }]);
  });

  test("a weight file has its tensors, with their shapes", () => {
    const document = checked(`${names} param C = load("w.json", "<|>") }`, files);
    expect(completion(document, document.offset)).toMatchObject([
      { label: "W1", detail: expect.stringContaining("[3, 2]"), insertText: "W1" },
      { label: 'a"b', insertText: 'a\\"b' },
    ]);
  });
});

test("any place in a long document is answered, whatever stands before it", () => {
  const text = `${names} flow x' = A * "\\ /* ' {{ [[`;
  for (let offset = 0; offset <= text.length; offset++) {
    const marked = `${text.slice(0, offset)}<|>${text.slice(offset)}`;
    expect(Array.isArray(labels(marked))).toBe(true);
  }
});
