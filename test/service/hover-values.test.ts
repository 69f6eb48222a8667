import { describe, expect, test } from "vitest";
import { MarkupKind } from "vscode-languageserver-types";
import { hover } from "../../service/hover.ts";
import { checked } from "./checked.ts";

const nothing = { report: () => null, repairs: () => ({ proved: [], unreachable: [] }) };
const files = {
  "w.json": JSON.stringify({
    "ode.0/weight": [
      [3, 0],
      [0, 4],
    ],
    "bad`|name*": [1, 2, 3],
  }),
  "one.csv": "1,2\n3,4\n",
};

function text(marked: string, markdown = true): string | null {
  const document = checked(marked, files);
  expect(document.offset).toBeGreaterThanOrEqual(0);
  const found = hover(document, document.offset, nothing, markdown);
  return found === null ? null : (found.contents as { value: string }).value;
}

const model = (statements: string) => `model M { state x[2] ${statements} flow x' = -x }`;

describe("a matrix", () => {
  // [[3, 4], [0, 0]] has the singular values 5 and 0; its symmetric part [[3, 2], [2, 0]] the eigenvalues 4 and -1.
  const shown = text(model("param <|>A = [[3, 4], [0, 0]]"))!;
  test("has norms, in a table", () => {
    expect(shown).toContain("| ≈ | 1 | 2 | inf | Frobenius |");
    expect(shown).toContain("| norm | 4 | 5 | 7 | 5 |");
    expect(shown).toContain("| lognorm | 4 | 4 | 7 |  |");
  });
  test("has singular values and zeros", () => {
    expect(shown).toContain("largest singular values ≈ 5, 0");
    expect(shown).toContain("entries in [0, 4], 50 % zeros");
  });
  test("has a histogram where it is large enough: more entries, a higher bar; none, no bar", () => {
    const rows = Array.from(
      { length: 10 },
      (_, i) => `[${Array.from({ length: 10 }, (_, j) => (i === 0 ? -j - 1 : 0))}]`,
    );
    const large = text(model(`param <|>A = [${rows.join(", ")}]`))!;
    expect(large).toContain("entries in [-10, 0], mean -0.55, 90 % zeros");
    expect(large).toMatch(/^`-10 ▕[▁ ]{15}█▏ 0`$/m);
    expect(shown).not.toContain("▕");
  });
  test("whose entries are extreme is told, too", () => {
    expect(text(model("param <|>A = [[1e300, 0], [0, -1e300]]"))).toContain("entries in [-1e300, 1e300]");
    expect(text(model("param <|>A = [[0, 0], [0, 0]]"))).toContain("| norm | 0 | 0 | 0 | 0 |");
    expect(text(model("param <|>A = [[1, 2, 3]]"))).toContain("param A: [1, 3]");
    // What overflows has no eigenvalues to tell of.
    expect(text(model("param <|>A = [[-1.7e308, 1.7e308], [1.7e308, 1.7e308]]"))).toContain(
      "| lognorm | inf |  | inf |  |",
    );
  });
  test("of denormals has as many in each bin as there are", () => {
    const entries = Array.from({ length: 16 }, (_, i) => i * 5e-324);
    expect(text(model(`param <|>v = [${entries}]`))).toContain(`▕${"█".repeat(16)}▏`);
  });
});

test("a vector has norms", () => {
  expect(text(model("param <|>v = [3, -4]"))).toContain("norms ≈ 7 (1), 5 (2), 4 (inf)");
});

describe("a value that changes with time", () => {
  test("has an interval over all times, values at the ends, and knots", () => {
    const shown = text(model("time t in [0, 4] param <|>W = interpolate([0, 1, 3], [[1, 0], [-2, 5], [0, 0]])"))!;
    expect(shown).toContain("for all t: entries in [-2, 5]");
    expect(shown).toContain("at t = 0: `[1, 0]`");
    expect(shown).toContain("at t = 4: `[0, 0]`");
    expect(shown).toContain("knots at 1, 3");
  });
  test("is enclosed", () => {
    const shown = text(model("time t in [0, 1] param <|>s = exp(t)"))!;
    const [, least, greatest] = /entries in \[(\S+), (\S+)\]/.exec(shown)!;
    expect(Number(least)).toBeLessThanOrEqual(1);
    expect(Number(greatest)).toBeGreaterThanOrEqual(Math.E);
  });
});

describe("in an expression", () => {
  test("an operator tells the shapes of its sides", () => {
    const shown = text(
      "model M { state x[2] param W = [[1, 2], [3, 4], [5, 6]] layer h = relu(W <|>* x) flow x' = W^T * h }",
    )!;
    expect(shown).toContain("W * x");
    expect(shown).toContain("[3, 2] * [2] gives [3]");
    expect(text("model M { state x[3] param W = [[1, 2], [3, 4]] flow x' = W <|>* x }")).toContain("[2, 2] * [3]");
  });

  test("a product of a transposed vector is a scalar, one of a matrix of one row a vector", () => {
    const vectors = "param v = [1, 2] param R = [[1, 2]]";
    expect(text(model(`${vectors} param s = v^T <|>* v`))).toContain("[1, 2] * [2] gives a scalar");
    expect(text(model(`${vectors} param s = -(v^T) <|>* v`))).toContain("[1, 2] * [2] gives a scalar");
  });

  test("a number of a literal tells where it stands", () => {
    expect(text(model("param A = [[1, 2], [3, -<|>4.5]]"))).toContain("A[2, 2] = -4.5");
    expect(text(model("param A = [[1, 2], [3, -<|>4.5]]"))).toContain("row 2 of 2, column 2 of 2");
    expect(text(model("param v = [7, <|>8]"))).toContain("v[2] = 8");
    expect(text(model("param A = 2 * [[1, <|>2], [3, 4]]"))).toContain("[1, 2] = 2");
  });
});

describe("a weight file", () => {
  test("lists its tensors, at its name", () => {
    const shown = text(model('param A = load("w<|>.json", "ode.0/weight")'))!;
    expect(shown).toContain("- `ode.0/weight`: [2, 2] json");
    // What would end the code, or begin another cell or emphasis.
    expect(shown).toContain("- `bad'|name*`: [3] json");
  });
  test("has statistics at a tensor's name, also of a file with one that has none", () => {
    const shown = text(model('param A = load("w.json", "ode.0/<|>weight")'))!;
    expect(shown).toContain('"ode.0/weight": [2, 2]');
    expect(shown).toContain("largest singular values ≈ 4, 3");
    expect(text(model('param A = load("one<|>.csv")'))).toContain("[2, 2]");
  });
  test("that is not there says so", () => {
    expect(text(model('param A = load("w.json", "o<|>de")'))).toContain("there is no such tensor");
  });
});

describe("words of the language", () => {
  test.each([
    ["model", "<|>model M { state x[1] flow x' = -x }"],
    ["state", "model M { st<|>ate x[1] flow x' = -x }"],
    ["time", "model M { state x[1] time<|> t in [0, 1] flow x' = -x }"],
    ["in", "model M { state x[1] time t i<|>n [0, 1] flow x' = -x }"],
    ["spread", "model M { state x[1] flow x' = -x simulate from [1] spr<|>ead 1 }"],
    ["a requirement in a model with errors", "model M { state x[1] flow x' = y req<|>uire lognorm(2) <= 0 }"],
    ["a property", "model M { state x[1] flow x' = y require log<|>norm(2) <= 0 }"],
  ])("%s is explained, with an example and a link", (_, marked) => {
    const shown = text(marked)!;
    expect(shown).toMatch(/^```contrax\n\w/);
    expect(shown).toContain("docs/language.md#");
  });
  test("are no words in a comment or a string", () => {
    expect(text("model M { state x[1] simulate from [1] /* spr<|>ead */ spread 1 flow x' = -x }")).toBeNull();
    expect(text("// mo<|>del\nmodel M { state x[1] flow x' = -x }")).toBeNull();
  });
});

test("activations tell their formula, and whether they are smooth", () => {
  expect(text("model M { state x[1] flow x' = re<|>lu(x) }")).toContain("`f(x) = max(x, 0)`, with kinks");
  expect(text("model M { state x[1] flow x' = ta<|>nh(x) }")).toContain("continuously differentiable");
  const named = text("model M { state x[1] activation f = elu(1) flow x' = <|>f(x) }")!;
  expect(named).toContain("activation f = elu(1)");
  expect(named).toContain("continuously differentiable");
});

test("an editor that shows plain text gets plain text", () => {
  const document = checked(model('param <|>A = load("w.json", "ode.0/weight")'), files);
  const { contents } = hover(document, document.offset, nothing, false)!;
  const { kind, value } = contents as { kind: string; value: string };
  expect(kind).toBe(MarkupKind.PlainText);
  expect(value).not.toMatch(/[`|]|\*\*|---/);
  expect(value).toContain("param A: [2, 2]\n\nconstant\n\nfrom w.json, tensor ode.0/weight");
  expect(value).toContain("norm  4  4  4  5");
  expect(text("model M { st<|>ate x[1] }", false)).toContain("The language: https://");
});
