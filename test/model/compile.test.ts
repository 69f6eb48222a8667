import { describe, expect, test } from "vitest";
import { compiled, model, problems, tensor } from "./compiled.ts";

const body = (statements: string) => `model M { state x[2] time t in [0, 1] ${statements} }`;
const flow = (expression: string, before = "") => body(`${before} flow x' = ${expression}`);

describe("what is accepted", () => {
  test.each([
    ["an affine flow", "[[-1, 2], [0, -3]] * x + [1, 2]"],
    ["a skip with a leak", "tanh([[1, 2], [3, 4]] * x) - 0.5 * x"],
    ["nested activations", "tanh([[1, 2]]^T * relu([[1, 2]] * x + [1]) + [1, 1])"],
    ["components", "stack(x[2], -x[1])"],
    ["an array of components", "[x[2], tanh(x[1])]"],
    ["time anywhere", "[[cos(t), sin(t)], [-sin(t), cos(t)]] * x"],
    ["a scalar product as a scalar", "([1, 2]^T * [3, 4]) * x"],
    ["a state-dependent scalar product", "([1, 2]^T * x) * [3, 4]"],
    ["an outer product", "([1, 2] * [3, 4]^T) * x"],
    ["blocks of the state", "blocks([[x[1]], [x[2]]])"],
    ["a state-dependent matrix", "sym(x * [1, 2]^T) * [1, 1]"],
    ["rows and columns of a matrix", "[[1, 2], [3, 4]][1..2, 2] + [[1, 2], [3, 4]][2, 1..2]^T + x"],
    ["a state-dependent diagonal", "diag(x) * [1, 2]"],
    ["elementwise with a constant", "[1, 2] .* x"],
    ["division by a scalar", "x / 3"],
    ["power right associative", "2^3^0.5 * x"],
    ["negation below power", "-2^2 * x"],
    ["functions of constants", "(sin(1) + cos(1) + exp(1) + sqrt(2) + tanh(1) + abs(-1) + log(2)) * x"],
    ["an activation of a constant", "relu([1, -1]) + x"],
    ["zeros, ones and eye", "eye(2) * x + zeros(2) + ones(2, 2) * x + zeros(2, 2) * x + ones(2)"],
    ["skew", "skew([[1, 2], [3, 4]]) * x"],
    ["a flow that ignores the state", "[1, 2]"],
  ])("%s", (_, expression) => {
    expect(problems(flow(expression))).toEqual([]);
    expect(model(flow(expression)).states).toBe(2);
  });

  test("statements in any order, params above those they use", () => {
    const text =
      "model M { flow x' = act(h + c * x) layer h = A * x param A = c * eye(n) activation act = leaky_relu(a) param a = c / 4 param c = 2 state x[n] param n = 3 }";
    expect(model(text).layers[0].activation.slopes).toEqual({ lower: 0.5, upper: 1 });
  });

  test("a name of the model goes before a built-in one", () => {
    const text =
      "model M { state x[1] param pi = 3 param sin = 2 activation tanh = leaky_relu(0.25) flow x' = tanh(sin * pi * x) + [sin(0)] }";
    const { layers } = model(text);
    expect(layers[0].activation.text).toBe("leaky_relu(0.25)");
    expect(layers[0].argument).toMatchObject({ left: { data: Float64Array.of(6) } });
  });

  test("a [n, 1] matrix where a vector is wanted", () => {
    const text = flow("tanh(W * x + b) + b", "param W = eye(2) param b = [[1], [2]]");
    expect(model(text).layers[0].argument.shape).toEqual([2]);
  });

  test("a matrix of one row times a vector is a vector of one component", () => {
    expect(
      problems('model M { state x[1] param W = load("w", "W") flow x\' = W * tanh(W^T * x) }', {
        "w/W": tensor([1, 3], [1, 2, 3]),
      }),
    ).toEqual([]);
  });

  test("several models, those without errors compile", () => {
    const { models, diagnostics } = compiled(
      "model A { state x[1] flow x' = -x } model B { state x[1] flow x' = y } model C { state y[1] flow y' = y }",
    );
    expect(models.map(({ name }) => name)).toEqual(["A", "C"]);
    expect(diagnostics).toHaveLength(1);
  });

  test("a classifier", () => {
    const text = `model M { state x[2] flow x' = -x
      input u[3] in [0, 255] encode x = W * (u / 255 - 0.5 * ones(3)) output y = W^T * x + [1, 2, 3]
      param W = [[1, 0, 2], [0, 1, 3]] }`;
    const { classifier } = model(text);
    expect(classifier).toMatchObject({ inputName: "u", inputs: 3, outputName: "y", outputs: 3 });
    expect(classifier?.range).toEqual({ lower: new Float64Array(3), upper: new Float64Array(3).fill(255) });
    expect([...classifier!.encode.weight]).toEqual([1 / 255, 0, 2 / 255, 0, 1 / 255, 3 / 255]);
    expect([...classifier!.encode.bias]).toEqual([-1.5, -2]);
    expect([...classifier!.output.weight]).toEqual([1, 0, 0, 1, 2, 3]);
    expect([...classifier!.output.bias]).toEqual([1, 2, 3]);
    expect(classifier!.output.radius).toBeNull();
    // 1/255 is no double: what was rounded is bounded.
    const off = classifier!.encode.radius!.weight;
    expect(off[0]).toBeGreaterThan(0);
    expect(off[0]).toBeLessThan(1e-17);
    expect(off[1]).toBe(0);
  });

  test("requirements, domain and simulations", () => {
    const text = `model M { state x[2] time t in [0, 4] param P = [[2, 1], [1, 2]] param w = [1, 3] param c = -1/2
      flow x' = -x  domain x in [-1, [inf, (2)]]
      require lognorm(2, metric: P) <= c  require lognorm(inf, metric: w) <= 0  require lognorm(1, metric: auto) <= 0
      require lipschitz(inf) <= 1  require step(2, 0.1) <= 1
      simulate from [1, 0], -w spread 0.1 until 3  simulate from w }`;
    const { requirements, domain, simulations } = model(text);
    expect(requirements.map((r) => r.text)).toEqual([
      "lognorm(2, metric: P) <= c",
      "lognorm(inf, metric: w) <= 0",
      "lognorm(1, metric: auto) <= 0",
      "lipschitz(inf) <= 1",
      "step(2, 0.1) <= 1",
    ]);
    expect(requirements.map((r) => r.limit)).toEqual([-0.5, 0, 0, 1, 1]);
    expect(requirements[4].h).toBe(0.1);
    expect(requirements[0].metric).toEqual({ kind: "given", name: "P", values: Float64Array.of(2, 1, 1, 2) });
    expect([...domain!.lower, ...domain!.upper]).toEqual([-1, -1, Number.POSITIVE_INFINITY, 2]);
    expect(simulations.map(({ from, spread, until }) => [from.map((v) => [...v]), spread, until])).toEqual([
      [
        [
          [1, 0],
          [-1, -3],
        ],
        0.1,
        3,
      ],
      [[[1, 3]], null, 4],
    ]);
  });
});

describe("shapes", () => {
  test.each([
    ["W * x", "param W = ones(3, 3)", 'CX205 at "W * x": `W * x`: W is [3, 3], x is [2]'],
    ["W * x", "param W = ones(2, 3)", 'CX205 at "W * x": `W * x`: W is [2, 3], x is [2]'],
    ["x + ones(3)", "", 'CX205 at "x + ones(3)": `x + ones(3)`: x is [2], ones(3) is [3]'],
    [
      "x + 1",
      "",
      'CX205 at "x + 1": `x + 1`: x is [2], 1 is a scalar; a scalar is added to each entry as `c * ones(n)`',
    ],
    [
      "x * x",
      "",
      'CX205 at "x * x": `x * x`: x is [2], x is [2]; of two vectors, `.*` is by entries, `v^T * w` the scalar product',
    ],
    ["x .* ones(3)", "", 'CX205 at "x .* ones(3)": `x .* ones(3)`: x is [2], ones(3) is [3]'],
    ["1 / ones(2)", "", 'CX205 at "1 / ones(2)": `1 / ones(2)`: 1 is a scalar, ones(2) is [2]; only a scalar divides'],
    ["eye(2)^2 * x", "", 'CX205 at "eye(2)^2": `eye(2)^2`: eye(2) is [2, 2], 2 is a scalar; `^` takes scalars'],
    ["x[1]", "", "CX205 at \"x[1]\": `x'` has the state's shape [2], and `x[1]` is a scalar"],
    ["tanh(eye(2)) * x", "", 'CX205 at "tanh(eye(2))": an activation is applied to a vector, and `eye(2)` is [2, 2]'],
    ["sin(ones(2)) + x", "", 'CX205 at "sin(ones(2))": `sin` takes a scalar, and `ones(2)` is [2]'],
    ["sym(ones(2, 3)) * x", "", 'CX205 at "sym(ones(2, 3))": `sym` takes a square matrix, and `ones(2, 3)` is [2, 3]'],
    ["diag(eye(2)) * x", "", 'CX205 at "diag(eye(2))": `diag` takes a vector, and `eye(2)` is [2, 2]'],
    [
      "stack(x, eye(2))",
      "",
      'CX205 at "eye(2)": `stack` joins vectors, and `eye(2)` is [2, 2]; matrices are joined by `blocks`',
    ],
    [
      "[x, 1]",
      "",
      'CX205 at "x": the elements of a literal are scalars, and `x` is [2]; vectors are joined by `stack`, matrices by `blocks`',
    ],
    [
      "blocks([[eye(2), ones(3)]]) * x",
      "",
      'CX205 at "[eye(2), ones(3)]": `blocks`: block (1, 1) is [2, 2], block (1, 2) is [3]: their heights differ',
    ],
    ["pi^T * x", "", 'CX205 at "pi^T": `pi^T`: pi is a scalar, not a matrix'],
    [
      "A * x",
      "param A: [2, 2] = ones(2, 3)",
      'CX205 at "ones(2, 3)": `A` is declared as [2, 2], and `ones(2, 3)` is [2, 3]',
    ],
    ["s * x", "param s: [1] = 2", 'CX205 at "2": `s` is declared as [1], and `2` is a scalar'],
  ])("%s with %s", (expression, before, message) => {
    expect(problems(flow(expression, before))).toEqual([message]);
  });

  test("a transpose that fits is offered", () => {
    const text = flow("ones(2, 3) * x", "");
    const [{ fixes }] = compiled(text).diagnostics;
    const [{ edits, title }] = fixes!;
    const { span, text: inserted } = edits[0];
    expect(title).toBe("Transpose: ones(2, 3)^T * x is [3]");
    expect(problems(flow("x[1] * ones(2)"))).toEqual([]);
    expect(text.slice(0, span.start) + inserted + text.slice(span.end)).toContain("ones(2, 3)^T * x");
  });
});

describe("affinity", () => {
  const h = "layer h = tanh(x) layer g = relu(x)";
  const only = "only activations can be nonlinear";
  test.each([
    ["h .* g", 'CX207 at "h .* g": `h .* g` is not affine in the state: both factors depend on the state; '],
    ["x[1] * x", 'CX207 at "x[1] * x": `x[1] * x` is not affine in the state: both factors depend on the state; '],
    [
      "(x^T * x) * ones(2)",
      'CX207 at "x^T * x": `x^T * x` is not affine in the state: both factors depend on the state; ',
    ],
    [
      "ones(2) / x[1]",
      'CX207 at "ones(2) / x[1]": `ones(2) / x[1]` is not affine in the state: the divisor `x[1]` depends on the state; ',
    ],
    ["x[1]^2 * ones(2)", 'CX207 at "x[1]^2": `x[1]^2` is not affine in the state: `x[1]` depends on the state; '],
    [
      "sin(x[1]) * ones(2)",
      'CX207 at "sin(x[1])": `sin(x[1])` is not affine in the state: `sin` is not an activation; ',
    ],
  ])("%s", (expression, message) => {
    expect(problems(flow(`${expression} + 0 * h + 0 * g`, h))).toEqual([message + only]);
  });
});

describe("names", () => {
  test.each([
    ["rte * x", "param rate = 1", 'CX201 at "rte": unknown name `rte`; did you mean `rate`?'],
    ["tahn(x)", "", 'CX201 at "tahn": unknown function or activation `tahn`; did you mean `tanh`?'],
    ["act(x)", "activation act = rleu", 'CX201 at "rleu": unknown activation `rleu`; did you mean `relu`?'],
    ["zzz * x", "", 'CX201 at "zzz": unknown name `zzz`'],
    ["tanh", "", 'CX206 at "tanh": `tanh` is a function: it needs an argument, `tanh(…)`'],
    ["A(x)", "param A = 2", 'CX206 at "A": `A` is a param, not a function: a product is written `A * …`'],
    ["A * x", "param A = x[1]", 'CX206 at "x": `x` is the state: a param cannot depend on it'],
    ["x * c", "param c = 1 param c = 2", 'CX202 at "c": `c` is declared already, as a param'],
    [
      "x * x2",
      "param x2 = x3 param x3 = x2",
      'CX204 at "x2": this param is defined by itself: `x2` needs `x3` needs `x2`',
    ],
    ["h", "layer h = h + x", 'CX204 at "h": this layer is defined by itself: `h` needs `h`'],
    ["inf * x", "", 'CX206 at "inf": `inf` can stand in a `domain` and as a norm only'],
    [
      "x",
      "layer h = A param A = [1, 2]",
      'CX209 at "h": a layer depends on the state, and `h` does not: it is a `param`',
    ],
  ])("%s with %s", (expression, before, message) => {
    expect(problems(flow(expression, before))).toContain(message);
  });

  test("a near name comes with its fix", () => {
    const text = flow("rte * x", "param rate = 1");
    const [{ fixes, span }] = compiled(text).diagnostics;
    expect(fixes).toEqual([{ title: "Change to `rate`", edits: [{ span, text: "rate" }] }]);
  });

  test("a mistake in a definition is reported there only", () => {
    expect(problems(flow("A * x + h", "param A = nowhere param B = A + 1 layer h = B * x"))).toEqual([
      'CX201 at "nowhere": unknown name `nowhere`',
    ]);
  });

  test("what stands twice or not at all", () => {
    expect(problems("model M { state x[2] state y[2] flow x' = -x }")[0]).toMatch(/^CX202 at "state y\[2\]"/);
    expect(problems("model M { state x[2] flow y' = -x }")).toEqual([
      'CX201 at "y": `flow` is about the state `x`, not about `y`',
    ]);
    expect(problems("model M { }").map((p) => p.slice(0, 5))).toEqual(["CX203", "CX203"]);
    expect(problems("model M { state x[1] flow x' = x } model M { state x[1] flow x' = x }")).toEqual([
      'CX202 at "M": there is a model `M` already',
    ]);
  });

  test("what is not used is a hint", () => {
    const text = flow("x", "param a = 1 activation f = relu layer h = x layer g = h");
    expect(problems(text).map((p) => p.slice(0, 12))).toEqual([
      'CX220 at "a"',
      'CX220 at "f"',
      'CX220 at "h"',
      'CX220 at "g"',
    ]);
    expect(compiled(text).diagnostics.every(({ severity }) => severity === "hint")).toBe(true);
    expect(model(text).layers).toEqual([]);
  });

  test("in a model with syntax errors nothing is said to be missing, and no model comes out", () => {
    const { models, diagnostics } = compiled("model M { state x[2] flow x' = * }");
    expect(models).toEqual([]);
    expect(diagnostics).toEqual([]);
  });
});

describe("numbers", () => {
  test.each([
    ["exp(1000) * x", "", 'CX211 at "exp(1000)": the value of `exp(1000)` is not finite'],
    ["x / (1 - 1)", "", 'CX211 at "x / (1 - 1)": the coefficients of `x / (1 - 1)` are not finite'],
    ["(1 / 0) * x", "", 'CX211 at "1 / 0": the value of `1 / 0` is not finite'],
    ["sqrt(-1) * x", "", 'CX211 at "sqrt(-1)": the value of `sqrt(-1)` is not finite'],
    [
      "1e200 * (1e200 * x)",
      "",
      'CX211 at "1e200 * (1e200 * x)": the coefficients of `1e+200 * (1e+200 * x)` are not finite',
    ],
    ["log(t) * x", "", 'CX211 at "log(t)": the value of `log(t)` is not finite at t = 0'],
    ["(1 / (t - 0.3)) * x", "", 'CX211 at "1 / (t - 0.3)": the value of `1 / (t - 0.3)` is not finite at t = 0.3'],
    ["sqrt(t - 2) * x", "", 'CX211 at "sqrt(t - 2)": the value of `sqrt(t - 2)` is not finite at t = 0'],
    [
      "eye(100000)[1, 1] * x",
      "",
      'CX213 at "eye(100000)": `eye(100000)` would be [100000, 100000]: more than 2^24 entries',
    ],
    [
      "eye(1000000)[1, 1] * x",
      "",
      'CX210 at "1000000": a size of `eye` must be a whole number from 1 to 100000, not 1000000',
    ],
    ["zeros(0)", "", 'CX210 at "0": a size of `zeros` must be a whole number from 1 to 100000, not 0'],
    ["x[3] * x", "", 'CX212 at "3": `x[3]`: x is [2], its index goes from 1 to 2, not 3'],
    [
      "eye(2)[1, 3] * x",
      "",
      'CX212 at "3": `eye(2)[1, 3]`: eye(2) is [2, 2], its index of columns goes from 1 to 2, not 3',
    ],
    ["x[2..1]", "", 'CX212 at "2..1": `x[2..1]`: the range 2..1 is empty'],
    ["x[1.5] * x", "", 'CX212 at "1.5": `x[1.5]`: x is [2], its index goes from 1 to 2, not 1.5'],
    ["x[1, 1] * x", "", 'CX212 at "x[1, 1]": `x[1, 1]`: x is [2] and takes one index'],
    ["eye(2)[1] * x", "", 'CX212 at "eye(2)[1]": `eye(2)[1]`: eye(2) is [2, 2] and takes two, `[i, j]`'],
    [
      "f(x)",
      "activation f = slope_restricted(2, 1)",
      'CX210 at "slope_restricted(2, 1)": the least slope comes first: 2 is greater than 1',
    ],
    ["f(x)", "activation f = softplus(0)", 'CX210 at "softplus(0)": `softplus`: beta must be positive, not 0'],
    ["f(x)", "activation f = leaky_relu", 'CX208 at "leaky_relu": it is `leaky_relu(a)`, and here is `leaky_relu`'],
    ["f(x)", "activation f = tanh(2)", 'CX208 at "tanh(2)": it is `tanh`, without arguments, and here is `tanh(2)`'],
    [
      "leaky_relu(x)",
      "",
      'CX208 at "leaky_relu": `leaky_relu` needs its own argument: name it, `activation act = leaky_relu(a)`, and write `act(…)`',
    ],
    ["tanh(x, x)", "", 'CX208 at "tanh(x, x)": `tanh` is applied to one value, `tanh(…)`, not to 2'],
    [
      "f(1) * x",
      "activation f = slope_restricted(0, 1)",
      'CX209 at "f(1)": `f(1)` has no value: `f` is known by its slopes only',
    ],
    ["2^t * x", "", 'CX209 at "t": `2^t` in the flow: the exponent must be constant, and `t` depends on time'],
  ])("%s with %s", (expression, before, message) => {
    expect(problems(flow(expression, before))).toEqual([message]);
  });

  test.each([
    ["state x[2.5]", "CX210"],
    ["state x[0]", "CX210"],
    ["state x[n] param n = 100001", "CX210"],
    ["state x[5000]", "CX213"],
    ["state x[ones(2)]", "CX205"],
    ["state x[t] time t in [0, 1]", "CX209"],
    ["state x[1] time t in [1, 1]", "CX210"],
    ["state x[1] domain x in [1, 0]", "CX210"],
    ["state x[1] domain x in [inf, inf]", "CX210"],
    ["state x[2] domain x in [[0, 0, 0], 1]", "CX205"],
    ["state x[1] simulate from 1", "CX205"],
    ["state x[1] simulate from [1] spread -1", "CX210"],
    ["state x[1] simulate from [1] until 0", "CX210"],
    ["state x[1] require lognorm(3) <= 0", "CX215"],
    ["state x[1] require lognrom(2) <= 0", "CX215"],
    ["state x[1] require step(2) <= 1", "CX215"],
    ["state x[1] require step(2, 0) <= 1", "CX210"],
    ["state x[1] require lognorm(2, 0.1) <= 1", "CX215"],
    ["state x[1] require lipschitz(2, metric: auto) <= 1", "CX215"],
    ["state x[1] require lognorm(2) <= ones(1)", "CX205"],
    ["state x[1] require lognorm(2, metric: P) <= 0 param P = [[0]]", "CX214"],
    ["state x[2] require lognorm(2, metric: P) <= 0 param P = [[2, 1], [1.0000000000000002, 2]]", "CX214"],
    ["state x[2] require lognorm(2, metric: P) <= 0 param P = [[1, 2], [2, 1]]", "CX214"],
    ["state x[2] require lognorm(2, metric: P) <= 0 param P = [[1, 1], [1, 1.0000000000000002]]", "CX214"],
    ["state x[2] require lognorm(2, metric: P) <= 0 param P = [1, 1]", "CX214"],
    ["state x[2] require lognorm(1, metric: P) <= 0 param P = [1, 0]", "CX214"],
    ["state x[2] require lognorm(1, metric: P) <= 0 param P = eye(2)", "CX214"],
    ["state x[1] require lognorm(2, metric: x) <= 0", "CX214"],
    ["state x[1] require lognorm(2, metric: Q) <= 0", "CX201"],
    ["state x[1] input u[2]", "CX216"],
    ["state x[1] output y = x", "CX216"],
    ["state x[1] input u[2] encode x = tanh(u[1..1]) output y = x", "CX207"],
    ["state x[1] input u[2] encode x = u output y = x", "CX205"],
    ["state x[1] input u[2] encode x = u[1..1] + x output y = x", "CX206"],
    ["state x[1] input u[2] encode x = u[1..1] output y = t * x time t in [0, 1]", "CX209"],
    ["state x[1] input u[2] encode x = u[1..1] output y = x[1]", "CX205"],
    ["state x[1] input u[2] in [1, 0] encode x = u[1..1] output y = x", "CX210"],
  ])("%s is %s", (statements, code) => {
    expect(problems(`model M { ${statements} flow x' = -x }`).map((p) => p.slice(0, 5))).toEqual([code]);
  });

  test("a simulation of an activation known by its slopes is a warning", () => {
    const text = "model M { state x[1] activation f = slope_restricted(0, 1) flow x' = f(x) simulate from [1] }";
    const { diagnostics, models } = compiled(text);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["CX221", "warning"]]);
    expect(models).toHaveLength(1);
  });
});

describe("load, interpolate and steps", () => {
  const tensors = {
    "w/three": tensor([2, 2, 2], [1, 0, 0, 1, 2, 0, 0, 2]),
    "w/four": tensor([1, 1, 1, 1], [1]),
    "w/none": tensor([0, 2], []),
    "w/scalar": tensor([], [3]),
  };
  test.each([
    [
      "A * x",
      'param A = load("w", "four")',
      'CX205 at "load("w", "four")": tensor "four" of w has 4 dimensions, [1, 1, 1, 1]: convolutions are not supported yet',
    ],
    [
      "A * x",
      'param A = load("w", "three")',
      'CX205 at "load("w", "three")": tensor "three" of w has 3 dimensions, [2, 2, 2]: these can only be the knots of `interpolate` or `steps`',
    ],
    [
      "A * x",
      'param A = load("w", "none")',
      'CX205 at "load("w", "none")": tensor "none" of w is empty: its shape is [0, 2]',
    ],
    ["A * x", 'param A = load("w", "nowhere")', 'CX301 at "load("w", "nowhere")": no tensor "nowhere" in w'],
    [
      "A * x",
      "param A = load(3)",
      'CX208 at "load(3)": `load` takes the path and, where the file has several, the name of the tensor: `load("weights.npz", "A")`',
    ],
    [
      "A * x",
      "param A = interpolate([0, 1], [1, 2, 3])",
      'CX205 at "interpolate([0, 1], [1, 2, 3])": `interpolate` has 2 times and 3 values',
    ],
    [
      "A * x",
      "param A = steps([0, 0], [1, 2])",
      'CX210 at "[0, 0]": the times of `steps` must ascend, and 0 comes after 0',
    ],
    [
      "A * x",
      "param A = steps([0, 1], [eye(2), eye(3)])",
      'CX205 at "[eye(2), eye(3)]": the values of `steps` have one shape: the first is [2, 2], number 2 is [3, 3]',
    ],
    [
      "steps([0, 1], [1, 2]) * x",
      "",
      'CX206 at "steps([0, 1], [1, 2])": `steps` can stand in a `param` only: name it there, and use the name',
    ],
  ])("%s with %s", (expression, before, message) => {
    expect(problems(flow(expression, before), tensors)).toEqual([message]);
  });

  test("a scalar and the slices of a tensor", () => {
    const { params, knots } = model(
      flow("c * A * x", 'param c = load("w", "scalar") param A = interpolate([0, 0.5], load("w", "three"))'),
      tensors,
    );
    expect(params[0]).toMatchObject({ shape: [], source: { file: "w", tensor: "scalar" } });
    expect(params[1]).toMatchObject({ shape: [2, 2], timeDependent: true, source: null });
    expect(knots).toEqual([0.5]);
  });
});
