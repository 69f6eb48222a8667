import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { fixAllEdits } from "../../service/mistakes/fix-all.ts";
import { fixesFor } from "../../service/mistakes/mistakes.ts";
import { Trials } from "../../service/mistakes/trial.ts";
import { touch } from "../../service/range.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { checked } from "./checked.ts";

type Files = Record<string, string | Uint8Array>;

const diagnosticsOf = ({ tree, compilation }: ReturnType<typeof checked>): Diagnostic[] => [
  ...tree.diagnostics,
  ...compilation.diagnostics,
];

/** The fixes at the cursor, each with the text after it and the mistakes that are left then. */
function fixes(marked: string, files: Files = {}) {
  const document = checked(marked, files);
  const trials = new Trials(document);
  const range = { start: document.offset, end: document.offset };
  return diagnosticsOf(document)
    .filter(({ span }) => touch(span, range))
    .flatMap((diagnostic) => fixesFor(diagnostic, trials))
    .map((fix) => {
      const after = applyEdits(document.document.getText(), fix.edits);
      return {
        ...fix,
        after,
        left: diagnosticsOf(checked(after, files)).map(({ code, message }) => `${code} ${message}`),
      };
    });
}

/** A model around statements, one a line. */
const model = (...statements: string[]) => `model M {\n${statements.map((one) => `  ${one}\n`).join("")}}\n`;

/** `[code, statements with the cursor, the preferred title, statements after it]` */
type Case = readonly [code: string, before: readonly string[], title: string, after: readonly string[]];

const zeros = (r: number, c: number) => {
  const row = `[${Array.from({ length: c }, () => "0").join(", ")}]`;
  return `[${Array.from({ length: r }, () => row).join(", ")}]`;
};

const preferred: readonly Case[] = [
  ["CX103", ["state x[1]", "flow x' = 2 <|>@ x"], "Replace `@` by `*`", ["state x[1]", "flow x' = 2 * x"]],
  [
    "CX110",
    ["state x[1]", "<|>let k = 2", "flow x' = -k * x"],
    "Replace `let` by `param`",
    ["state x[1]", "param k = 2", "flow x' = -k * x"],
  ],
  [
    "CX110",
    ["state x[1]", "param k :<|>= 2", "flow x' = -k * x"],
    "Replace `:=` by `=`",
    ["state x[1]", "param k = 2", "flow x' = -k * x"],
  ],
  ["CX201", ["state x[1]", "flow x' = -<|>ReLU(x)"], "Change to `relu`", ["state x[1]", "flow x' = -relu(x)"]],
  [
    "CX201",
    ["state x[1]", "flow x' = -x", "require lognorm(<|>infty) <= 0"],
    "Change to `inf`",
    ["state x[1]", "flow x' = -x", "require lognorm(inf) <= 0"],
  ],
  ["CX103", ["state x[1]", "flow x' = -x<|>;"], "Remove `;`", ["state x[1]", "flow x' = -x"]],
  ["CX103", ["state x[1]", "flow x' = 2 <|>× x"], "Replace `×` by `*`", ["state x[1]", "flow x' = 2 * x"]],
  ["CX106", ["state x[1]", "flow x' = -<|>2. * x"], "Replace `2.` by `2.0`", ["state x[1]", "flow x' = -2.0 * x"]],
  ["CX110", ["state x[1]", "flow x <|>= -x"], "Insert `'`", ["state x[1]", "flow x' = -x"]],
  [
    "CX110",
    ["state x[1]", "param k <|>2", "flow x' = -k * x"],
    "Insert `=`",
    ["state x[1]", "param k = 2", "flow x' = -k * x"],
  ],
  [
    "CX110",
    ["state x[1]", "time t <|>[0, 1]", "flow x' = -x"],
    "Insert `in`",
    ["state x[1]", "time t in [0, 1]", "flow x' = -x"],
  ],
  [
    "CX110",
    ["state x[1]", "<|>k = 2", "flow x' = -k * x"],
    "Insert `param`",
    ["state x[1]", "param k = 2", "flow x' = -k * x"],
  ],
  [
    "CX110",
    ["state x[1]", "flow x' = -x", "simulate <|>[1]"],
    "Insert `from`",
    ["state x[1]", "flow x' = -x", "simulate from [1]"],
  ],
  [
    "CX110",
    ["state x[1]", "flow x' = -x", "require lognorm(2) <|>0"],
    "Insert `<=`",
    ["state x[1]", "flow x' = -x", "require lognorm(2) <= 0"],
  ],
  ["CX111", ["state x[1]", "flow x' = -2 * (x + <|>x"], "Insert `)`", ["state x[1]", "flow x' = -2 * (x + x)"]],
  [
    "CX112",
    ["state x[1]", "p<|>arm k = 2", "flow x' = -k * x"],
    "Replace `parm` by `param`",
    ["state x[1]", "param k = 2", "flow x' = -k * x"],
  ],
  [
    "CX113",
    ["state x[1]", "param <|>time = 2", "flow x' = -time * x"],
    "Rename to time_",
    ["state x[1]", "param time_ = 2", "flow x' = -time_ * x"],
  ],
  [
    "CX114",
    ["state x[1]", "flow x' = -x", "require lognorm(2) <|>< 0"],
    "Replace `<` by `<=`",
    ["state x[1]", "flow x' = -x", "require lognorm(2) <= 0"],
  ],
  [
    "CX115",
    ["state x[1]", "param k = 2", "flow x' = -k <|>x"],
    "Insert `*`",
    ["state x[1]", "param k = 2", "flow x' = -k * x"],
  ],
  [
    "CX201",
    ["state x[1]", "param rate = 2", "flow x' = -r<|>te * x"],
    "Change to `rate`",
    ["state x[1]", "param rate = 2", "flow x' = -rate * x"],
  ],
  [
    "CX201",
    ["state x[2]", "flow x' = tanh(<|>W * x) - x"],
    "Declare param W: [2, 2]",
    ["state x[2]", `param W = ${zeros(2, 2)}`, "flow x' = tanh(W * x) - x"],
  ],
  [
    "CX201",
    ["state x[2]", "param V = ones(2, 3)", "layer h = tanh(<|>W * x + b)", "flow x' = V * h", "param b = [1, 2, 3]"],
    "Declare param W: [3, 2]",
    [
      "state x[2]",
      "param V = ones(2, 3)",
      `param W = ${zeros(3, 2)}`,
      "layer h = tanh(W * x + b)",
      "flow x' = V * h",
      "param b = [1, 2, 3]",
    ],
  ],
  [
    "CX201",
    ["state x[2]", "param W = ones(3, 2)", "layer h = tanh(W * x + <|>b)", "flow x' = W^T * h"],
    "Declare param b: [3]",
    ["state x[2]", "param W = ones(3, 2)", "param b = [0, 0, 0]", "layer h = tanh(W * x + b)", "flow x' = W^T * h"],
  ],
  [
    "CX201",
    ["state x[2]", "layer h = tanh(ones(20, 2) * x)", "flow x' = <|>V * h"],
    "Declare param V: [2, 20]",
    ["state x[2]", "layer h = tanh(ones(20, 2) * x)", "param V = zeros(2, 20)", "flow x' = V * h"],
  ],
  [
    "CX201",
    ["state x[2]", "flow x' = -<|>k * x"],
    "Declare param k, a scalar",
    ["state x[2]", "param k = 1", "flow x' = -k * x"],
  ],
  [
    "CX201",
    ["state x[2]", "flow x' = -x", "require lognorm(2, metric: <|>P) <= 0"],
    "Declare param P: [2, 2]",
    ["state x[2]", "flow x' = -x", "param P = eye(2)", "require lognorm(2, metric: P) <= 0"],
  ],
  [
    "CX201",
    ["state x[2]", "flow x' = -x", "require lognorm(inf, metric: <|>eta) <= 0"],
    "Declare param eta: [2]",
    ["state x[2]", "flow x' = -x", "param eta = ones(2)", "require lognorm(inf, metric: eta) <= 0"],
  ],
  [
    "CX201",
    ["state x[2]", "param V = ones(2, 2)", "flow x' = V * <|>h1 - x"],
    "Declare layer h1: [2]",
    ["state x[2]", "param V = ones(2, 2)", "layer h1 = tanh(x)", "flow x' = V * h1 - x"],
  ],
  [
    "CX202",
    ["state x[1]", "param k = 2", "param <|>k = 3", "flow x' = -k * x"],
    "Rename this param to k2",
    ["state x[1]", "param k = 2", "param k2 = 3", "flow x' = -k * x"],
  ],
  [
    "CX203",
    ["param A = [[-1, 0], [0, -1]]", "flow x' = A * <|>x"],
    "Add state x[2]",
    ["state x[2]", "param A = [[-1, 0], [0, -1]]", "flow x' = A * x"],
  ],
  [
    "CX205",
    ["state x[3]", "param W = ones(3, 2)", "param V = ones(3, 2)", "flow x' = V * tanh(<|>W * x)"],
    "Transpose: W^T * x is [2]",
    ["state x[3]", "param W = ones(3, 2)", "param V = ones(3, 2)", "flow x' = V * tanh(W^T * x)"],
  ],
  [
    "CX205",
    ["state x[2]", "param W = ones(2, 2)", "flow x' = <|>x * W"],
    "Swap the factors: W * x is [2]",
    ["state x[2]", "param W = ones(2, 2)", "flow x' = W * x"],
  ],
  [
    "CX205",
    ["state x[2]", "param b = [1, 2]", "flow x' = <|>b * x"],
    "Multiply by entries: b .* x is [2]",
    ["state x[2]", "param b = [1, 2]", "flow x' = b .* x"],
  ],
  [
    "CX205",
    ["state x[2]", "param b = 1", "flow x' = -x <|>+ b"],
    "Add to each entry: b * ones(2) is [2]",
    ["state x[2]", "param b = 1", "flow x' = -x + b * ones(2)"],
  ],
  [
    "CX205",
    ["state x[2]", "param W: [2, 3] = <|>ones(2, 2)", "flow x' = W * x"],
    "Correct the declared shape to [2, 2]",
    ["state x[2]", "param W: [2, 2] = ones(2, 2)", "flow x' = W * x"],
  ],
  [
    "CX205",
    ["state x[2]", "param k: [1] = <|>2", "flow x' = -k * x"],
    "Remove the declared shape: it is a scalar",
    ["state x[2]", "param k = 2", "flow x' = -k * x"],
  ],
  [
    "CX205",
    ["state x[2]", "param A = -eye(3)", "flow x' = <|>A * x"],
    "Change the size of the state to that of the rest: x[3]",
    ["state x[3]", "param A = -eye(3)", "flow x' = A * x"],
  ],
  [
    "CX206",
    ["state x[1]", "param k = <|>x[1..1]", "flow x' = -k"],
    "Change to layer k: it depends on the state",
    ["state x[1]", "layer k = x[1..1]", "flow x' = -k"],
  ],
  [
    "CX206",
    ["state x[2]", "param A = -eye(2)", "flow x' = <|>A(x)"],
    "Insert `*`",
    ["state x[2]", "param A = -eye(2)", "flow x' = A * (x)"],
  ],
  [
    "CX208",
    ["state x[2]", "flow x' = -<|>eye() * x"],
    "Change to eye(2), of the state's size",
    ["state x[2]", "flow x' = -eye(2) * x"],
  ],
  [
    "CX208",
    ["state x[2]", "flow x' = <|>leaky_relu(x, 0.2) - x"],
    "Name the activation: act = leaky_relu(0.2)",
    ["state x[2]", "activation act = leaky_relu(0.2)", "flow x' = act(x) - x"],
  ],
  [
    "CX209",
    ["state x[1]", "layer <|>k = 2", "flow x' = -k * x"],
    "Change to `param`",
    ["state x[1]", "param k = 2", "flow x' = -k * x"],
  ],
  [
    "CX210",
    ["state x[1]", "time t in [<|>1, 0]", "flow x' = -x"],
    "Swap the ends: [0, 1]",
    ["state x[1]", "time t in [0, 1]", "flow x' = -x"],
  ],
  [
    "CX210",
    ["state x[1]", "domain x in [<|>1, -1]", "flow x' = -x"],
    "Swap the ends: [-1, 1]",
    ["state x[1]", "domain x in [-1, 1]", "flow x' = -x"],
  ],
  [
    "CX210",
    ["state x[1]", "activation f = <|>slope_restricted(1, 0)", "flow x' = f(x)"],
    "Swap the ends: [0, 1]",
    ["state x[1]", "activation f = slope_restricted(0, 1)", "flow x' = f(x)"],
  ],
  [
    "CX215",
    ["state x[1]", "flow x' = -x", "require <|>lognrom(2) <= 0"],
    "Change to `lognorm`",
    ["state x[1]", "flow x' = -x", "require lognorm(2) <= 0"],
  ],
  [
    "CX215",
    ["state x[1]", "flow x' = -x", "require lipschitz(2, <|>0.1) <= 1"],
    "Remove the step size",
    ["state x[1]", "flow x' = -x", "require lipschitz(2) <= 1"],
  ],
];

describe("the fix that was meant", () => {
  test.each(preferred)("%s %j: %s", (code, before, title, after) => {
    const document = checked(model(...before));
    expect(diagnosticsOf(document).map((one) => one.code)).toContain(code);
    const offered = fixes(model(...before));
    const [found, ...more] = offered.filter(({ isPreferred }) => isPreferred);
    expect(offered.map((one) => one.title)).toContain(title);
    expect({ title: found?.title, after: found?.after }).toEqual({ title, after: model(...after) });
    expect(more).toEqual([]);
    expect(found.left.filter((one) => !one.startsWith("CX220"))).toEqual([]);
  });
});

/** `[code, text with the cursor, a title that is offered, the text after it]`; nothing is left but what is unused. */
const offered: readonly Case[] = [
  [
    "CX208",
    ["state x[1]", "activation f = <|>leaky_relu", "flow x' = f(x)"],
    "Change to leaky_relu(0.01)",
    ["state x[1]", "activation f = leaky_relu(0.01)", "flow x' = f(x)"],
  ],
  ["CX202", ["state x[1]", "<|>state y[2]", "flow x' = -x"], "Remove this state", ["state x[1]", "flow x' = -x"]],
  ["CX203", ["state x[2]", "layer h = tanh(x)"], "Add flow x' = h", ["state x[2]", "layer h = tanh(x)", "flow x' = h"]],
  ["CX203", ["state x[2]"], "Add flow x' = -x", ["state x[2]", "flow x' = -x"]],
  [
    "CX201",
    ["state x[2]", "flow x' = <|>f(x) - x"],
    "Declare activation f = tanh",
    ["state x[2]", "activation f = tanh", "flow x' = f(x) - x"],
  ],
  [
    "CX201",
    ["state x[2]", "flow x' = <|>W * x"],
    "Declare param W, a scalar",
    ["state x[2]", "param W = 1", "flow x' = W * x"],
  ],
  [
    "CX208",
    ["state x[2]", "flow x' = <|>leaky_relu(x) - x"],
    "Name the activation: act = leaky_relu(0.01)",
    ["state x[2]", "activation act = leaky_relu(0.01)", "flow x' = act(x) - x"],
  ],
  [
    "CX214",
    ["state x[2]", "param P = [[2, 1], [0, 2]]", "flow x' = -x", "require lognorm(2, metric: <|>P) <= 0"],
    "Take the symmetric part: P = sym(…)",
    ["state x[2]", "param P = sym([[2, 1], [0, 2]])", "flow x' = -x", "require lognorm(2, metric: P) <= 0"],
  ],
  [
    "CX214",
    ["state x[2]", "param P = [[1, 2], [2, 1]]", "flow x' = -x", "require lognorm(2, metric: <|>P) <= 0"],
    "Let a metric be found: metric: auto",
    ["state x[2]", "param P = [[1, 2], [2, 1]]", "flow x' = -x", "require lognorm(2, metric: auto) <= 0"],
  ],
  [
    "CX216",
    ["state x[2]", "flow x' = -x", "input <|>u[3]"],
    "Add encode x = zeros(2, 3) * u and output y = x",
    ["state x[2]", "flow x' = -x", "input u[3]", "encode x = zeros(2, 3) * u", "output y = x"],
  ],
  [
    "CX220",
    ["state x[1]", "param <|>k = 2 // of old", "flow x' = -x"],
    "Remove the unused param k",
    ["state x[1]", "flow x' = -x"],
  ],
  [
    "CX220",
    ["state x[1]", "layer <|>h = tanh(x)", "flow x' = -x"],
    "Remove the unused layer h",
    ["state x[1]", "flow x' = -x"],
  ],
  [
    "CX220",
    ["state x[1]", "activation <|>f = tanh", "flow x' = -x"],
    "Remove the unused activation f",
    ["state x[1]", "flow x' = -x"],
  ],
];

describe("a fix among others", () => {
  test.each(offered)("%s %j: %s", (code, before, title, after) => {
    const text = model(...before);
    const marked = text.includes("<|>") ? text : text.replace("M", "<|>M");
    expect(diagnosticsOf(checked(marked)).map((one) => one.code)).toContain(code);
    const all = fixes(marked);
    const found = all.find((one) => one.title === title);
    expect(all.map((one) => one.title)).toContain(title);
    expect(found!.after).toBe(model(...after));
    expect(found!.left.filter((one) => !one.startsWith("CX220"))).toEqual([]);
  });

  test("of a name that could be two others is not preferred", () => {
    const all = fixes(model("state x[1]", "param rate = 2", "param race = 3", "flow x' = -ra<|>fe * x"));
    expect(all.map(({ title, isPreferred }) => [title, isPreferred]).slice(0, 2)).toEqual([
      ["Change to `rate`", false],
      ["Change to `race`", false],
    ]);
  });

  test("of a width that may be anything has the sizes of the model, and none is preferred", () => {
    const all = fixes(model("state x[2]", "param V = ones(2, 2)", "layer g = tanh(<|>W * x)", "flow x' = V * x"));
    expect(all.filter(({ isPreferred }) => isPreferred)).toEqual([]);
    expect(all.map(({ title }) => title)).toContain("Declare param W: [2, 2]");
  });
});

describe("no fix", () => {
  test.each([
    ["of two states multiplied", ["state x[2]", "layer h = tanh(x)", "flow x' = h <|>.* x - x"]],
    ["that makes a vector field of another shape", ["state x[3]", "param W = ones(3, 2)", "flow x' = <|>W * x"]],
    ["of an index beyond the end", ["state x[2]", "flow x' = stack(x[<|>3], -x[1])"]],
    ["of a circle", ["state x[1]", "param <|>a = b", "param b = a", "flow x' = -x"]],
  ])("%s", (_, statements) => {
    expect(fixes(model(...statements)).map(({ title }) => title)).toEqual([]);
  });
});

describe("a model without its braces", () => {
  test.each([
    ["model M {\n  state x[1]\n  flow x' = -<|>x\n", "Insert `}`", "model M {\n  state x[1]\n  flow x' = -x\n}\n"],
    ["model M<|>\n  state x[1]\n  flow x' = -x\n}\n", "Insert `{`", "model M {\n  state x[1]\n  flow x' = -x\n}\n"],
    [
      "<|>state x[1]\nflow x' = -x\n",
      "Put the statements into model M { … }",
      "model M {\nstate x[1]\nflow x' = -x\n}\n",
    ],
  ])("%j", (before, title, after) => {
    const [fix] = fixes(before);
    expect(fix).toMatchObject({ title, after, left: [], isPreferred: true });
  });

  test("gets two braces one after the other", () => {
    const [first] = fixes("model M<|>\n  state x[1]\n  flow x' = -x\n");
    expect(first.title).toBe("Insert `{`");
  });
});

describe("strings and comments that are not closed", () => {
  test.each([
    [
      model("state x[1]", 'param k = load("<|>k.csv)', "flow x' = -k * x"),
      'Insert `"`',
      model("state x[1]", 'param k = load("k.csv")', "flow x' = -k * x"),
    ],
    [model("state x[1]", "<|>/* old", "flow x' = -x"), "Insert `*/`", model("state x[1]", "/* old */", "flow x' = -x")],
  ])("%j", (before, title, after) => {
    const [fix] = fixes(before, { "k.csv": "1\n" });
    expect(fix).toMatchObject({ title, after, isPreferred: true });
  });
});

describe("weight files", () => {
  const files = {
    "w.json": '{ "weight": [[-1, 0], [0, -1]], "bias": [0, 1], "other": [[1, 2, 3]] }',
    "b.csv": "0\n1\n",
  };
  const flow = "flow x' = tanh(A * x) - x";

  test.each([
    [
      "CX306",
      'param A = <|>load("w.json", "wieght")',
      'Change to "weight"',
      'param A = load("w.json", "weight")',
      true,
    ],
    [
      "CX306",
      'param A = <|>load("w.json")',
      'Name the tensor: "weight", [2, 2]',
      'param A = load("w.json", "weight")',
      false,
    ],
    [
      "CX301",
      'param b = <|>load("b.cvs") param A = load("b.csv") * load("b.csv")^T',
      'Change to "b.csv"',
      'param b = load("b.csv") param A = load("b.csv") * load("b.csv")^T',
      true,
    ],
  ] as const)("%s %s", (code, before, title, after, isPreferred) => {
    const marked = model("state x[2]", before, flow);
    const named = { ...files, "b.cvs": "" };
    expect(diagnosticsOf(checked(marked, files)).map((one) => one.code)).toContain(code);
    const all = fixes(marked, code === "CX301" ? files : named);
    const found = all.find((one) => one.title === title)!;
    expect(found).toMatchObject({ title, after: model("state x[2]", after, flow), isPreferred });
    expect(found.left.filter((one) => !one.startsWith("CX220"))).toEqual([]);
    // Those of another shape are not.
    expect(all.map((one) => one.title).filter((one) => /bias|other/.test(one))).toEqual([]);
  });
});

describe("a requirement with another relation", () => {
  test.each([">=", ">", "=>", "≥", "=="])("%s may become <=, which says something else: not preferred", (written) => {
    const [found, ...more] = fixes(model("state x[1]", "flow x' = -x", `require lognorm(2) <|>${written} -1`));
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      title: `Replace \`${written}\` by \`<=\``,
      after: model("state x[1]", "flow x' = -x", "require lognorm(2) <= -1"),
      isPreferred: false,
    });
    expect(fixAllEdits(checked(model("state x[1]", "flow x' = -x", `require lognorm(2) ${written} -1`)))).toEqual([]);
  });

  test.each(["<", "=<", "≤"])("%s is a slip for <=", (written) => {
    const text = model("state x[1]", "flow x' = -x", `require lognorm(2) ${written} -1`);
    expect(applyEdits(text, fixAllEdits(checked(text)))).toBe(
      model("state x[1]", "flow x' = -x", "require lognorm(2) <= -1"),
    );
  });

  test("a value given with == is a slip for =", () => {
    const text = model("state x[1]", "param k == 2", "flow x' = -k * x");
    expect(applyEdits(text, fixAllEdits(checked(text)))).toBe(model("state x[1]", "param k = 2", "flow x' = -k * x"));
  });
});

describe("fixing all", () => {
  test("mends slips that have one meaning, and leaves the rest", () => {
    const document = checked(
      model("sate x[2]", "parm rate = 2;", "flow x' = -rte * x + W * x", "require lognrom(2) < 0"),
    );
    const after = applyEdits(document.document.getText(), fixAllEdits(document));
    expect(after).toBe(model("state x[2]", "param rate = 2", "flow x' = -rate * x + W * x", "require lognorm(2) <= 0"));
  });

  test("does nothing to a document without slips", () => {
    expect(fixAllEdits(checked(model("state x[2]", "flow x' = -x + W * x")))).toEqual([]);
  });
});
