import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import { formAt } from "../../model/evaluate.ts";
import { loads } from "../../model/loads.ts";
import { compiled, problems, source } from "./compiled.ts";

const repeat = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(" ");

describe("documents that ask for too much get one clear error", () => {
  test.each([
    [
      "a product too long",
      "param W = ones(4096, 4096) * ones(4096, 4096) flow x' = W[1, 1] * x",
      /^CX213 .*more than 2\^31 multiplications$/,
    ],
    [
      "constants without end",
      `${repeat(3, (i) => `param W${i} = ones(4096, 4096)`)} flow x' = (W0[1, 1] + W1[1, 1] + W2[1, 1]) * x`,
      /^CX213 at "ones.*more than 2\^25 entries$/,
    ],
    [
      "matrices of the state",
      "flow x' = ((x[1] * ones(4000)) * ones(1, 4000))[1..2, 1]",
      /^CX213 .*takes more than 2\^24 coefficients$/,
    ],
    [
      "a diagonal too large",
      "param D = diag(ones(5000)) flow x' = D[1, 1] * x",
      /^CX213 .*would be \[5000, 5000\]: more than 2\^24 entries$/,
    ],
    [
      "an outer product too large",
      "param D = ones(100000) * ones(1, 100000) flow x' = D[1, 1] * x",
      /^CX213 .*would be \[100000, 100000\]/,
    ],
    [
      "too many neurons",
      "flow x' = ones(2, 5000) * tanh(ones(5000, 2) * x)",
      /^CX213 at "M": 2 states and 5000 neurons/,
    ],
    [
      "definitions nested deep",
      `layer h0 = x ${repeat(1100, (i) => `layer h${i + 1} = h${i} + x`)} flow x' = h1100`,
      /^CX213 .*nests more than 1000 deep$/,
    ],
  ])("%s", (_, statements, message) => {
    const found = problems(`model M { state x[2] ${statements} }`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test("long chains of names are no problem", () => {
    const chain = repeat(3000, (i) => `param p${i} = p${i + 1} + t`);
    const { models, diagnostics } = compiled(
      `model M { state x[1] time t in [0, 1] ${chain} param p3000 = 1 flow x' = p0 * x }`,
    );
    expect(diagnostics).toEqual([]);
    expect(formAt(models[0], 0.5).L[0]).toBe(1501);
  });

  test("a circle of many is one error", () => {
    const circle = repeat(3000, (i) => `param p${i} = p${(i + 1) % 3000} + 1`);
    const [first, ...others] = problems(`model M { state x[1] ${circle} flow x' = p0 * x }`);
    expect(first).toMatch(/^CX204 at "p0": this param is defined by itself: `p0` needs `p1` .* needs … needs `p0`$/);
    expect(others).toEqual([]);
  });
});

/** Texts that are nearly right: the samples and this list, damaged. */
const seeds = [
  ...readdirSync(new URL("../../samples/", import.meta.url))
    .filter((name) => name.endsWith(".node"))
    .map((name) => readFileSync(new URL(`../../samples/${name}`, import.meta.url), "utf8")),
  `model M { state x[n] time t in [0, T] param n = 2 param T: [1] = [[2]] param A = interpolate([0, 1], [eye(2), skew([[1, 2], [3, 4]])])
    param b = stack(sin(t), -exp(t)^2) activation f = slope_restricted(-1, 2) layer h = f(A * x + b) layer s = tanh(x[1])
    flow x' = blocks([[A, b]]) * stack(h, s) + diag(b) * x domain x in [-inf, [1, inf]] input u[3] in [0, 1]
    encode x = u[1..2] - u[3] * ones(2) output y = A[1..2, 1] .* x require lognorm(inf, metric: w) <= -1/2 param w = [1, 2]
    simulate from [1, 1], w spread 0.1 until T[1] }`,
];

test("damaged documents never make it throw", () => {
  const tokens = [
    "x",
    "A",
    "t",
    "^T",
    "*",
    ".*",
    "(",
    ")",
    "[",
    "]",
    "[[1, 2], [3, 4]]",
    "1e308",
    "0",
    "-",
    "inf",
    "tanh",
    "load",
    "eye",
    ",",
    "..",
    "'",
    "flow",
    "param p =",
    "layer h =",
    "}",
    "model",
    '"',
  ];
  const damage = fc.array(
    fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), put: fc.oneof(fc.constant(""), fc.constantFrom(...tokens)) }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...seeds), damage, (seed, edits) => {
      let text = seed;
      for (const { at, cut, put } of edits) {
        const start = at % (text.length + 1);
        text = `${text.slice(0, start)} ${put} ${text.slice(start + cut)}`;
      }
      const tree = parse(text);
      loads(tree);
      const { models, diagnostics, symbols } = compile(tree, source());
      expect(symbols).toHaveLength(tree.models.length);
      for (const { span, message } of diagnostics) {
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(span.end).toBeLessThanOrEqual(text.length);
        expect(message).not.toMatch(/undefined|NaN|\[object|null/);
      }
      for (const model of models) formAt(model, model.time.from);
    }),
    { numRuns: 500 },
  );
});
