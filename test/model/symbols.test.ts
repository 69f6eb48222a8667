import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/parse.ts";
import { loads } from "../../model/loads.ts";
import { symbolAt } from "../../model/symbols.ts";
import { compiled } from "./compiled.ts";

const text = `model M {
  state x[2]
  time t in [0, T]
  param T = 2
  param A = sin(t) * [[1, 2], [3, T]]
  activation act = leaky_relu(0.5)
  layer h = act(A * x)
  flow x' = h + oops
  domain x in [-1, 1]
  input u[3]
  output y = x
}`;
const { symbols } = compiled(text);
const of = (name: string) => symbols[0].symbols.find((symbol) => symbol.name === name)!;
const written = ({ start, end }: { start: number; end: number }) => text.slice(start, end);

describe("symbols, of a model with errors too", () => {
  test.each([
    ["x", "state", [2], false, 4],
    ["t", "time", [], true, 1],
    ["T", "param", [], false, 2],
    ["A", "param", [2, 2], true, 1],
    ["act", "activation", null, false, 1],
    ["h", "layer", [2], true, 1],
    ["u", "input", [3], false, 0],
    ["y", "output", null, false, 0],
  ] as const)("%s is a %s", (name, kind, shape, timeDependent, uses) => {
    const symbol = of(name);
    expect([symbol.kind, symbol.shape, symbol.timeDependent]).toEqual([kind, shape, timeDependent]);
    expect(written(symbol.nameSpan)).toBe(name);
    expect(symbol.references.map(written)).toEqual(Array(uses).fill(name));
    expect(written(symbol.span).startsWith(kind)).toBe(true);
  });

  test("references stand in the order of the text and are found by offset", () => {
    const starts = of("x").references.map(({ start }) => start);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(symbolAt(symbols, text.indexOf("A * x"))?.name).toBe("A");
    expect(symbolAt(symbols, text.indexOf("A = "))?.name).toBe("A");
    expect(symbolAt(symbols, text.indexOf("flow"))).toBeNull();
    expect(symbolAt(symbols, text.length + 5)).toBeNull();
  });

  test("a param's value, an activation's slopes", () => {
    expect(of("T").value).toMatchObject({ op: "constant", data: Float64Array.of(2) });
    expect(of("act").activation?.slopes).toEqual({ lower: 0.5, upper: 1 });
    expect(of("h").activation?.text).toBe("leaky_relu(0.5)");
  });

  test("the metric and the flow's own name are references", () => {
    const metric = "model M { state x[1] param P = [[2]] flow x' = -x require lognorm(2, metric: P) <= 0 }";
    const [{ symbols: own }] = compiled(metric).symbols;
    expect(own.map(({ name, references }) => [name, references.length])).toEqual([
      ["x", 2],
      ["P", 1],
    ]);
  });
});

test("loads: every file that is named, in models with errors too", () => {
  const tree = parse(
    `model M { param A = load("a.npz", "A") + nowhere param B = steps([0, 1], [load("b.npy"), load("a.npz", "B")]) param C = load(3) param D = load("c", d) }`,
  );
  expect(loads(tree).map(({ file, tensor }) => [file, tensor])).toEqual([
    ["a.npz", "A"],
    ["b.npy", null],
    ["a.npz", "B"],
  ]);
});
