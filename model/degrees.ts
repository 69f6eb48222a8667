import type { Model } from "./model.ts";
import { operands, type Term } from "./term.ts";

/**
 * How a term depends on what varies: 0 not at all, 1 affinely, 2 in any other way. A term's value is affine in its sources
 * (the constant 1, the state, each layer); each source's coefficient has a degree of its own.
 */
type Degrees = ReadonlyMap<Source, number>;
type Source = "one" | "state" | number;

/** What varies: the degree of the time and of a param, null for that of its value. */
export interface Varying {
  readonly time: number;
  param(index: number): number | null;
  /** Of an `interpolate` whose values have degrees up to this. */
  interpolate(values: number): number;
}

/**
 * The degree of the Jacobian at fixed slopes: the most that the coefficients on one path from the state to the flow have
 * together. At most 1, it is affine in what varies.
 */
export function jacobianDegree(model: Model, varying: Varying): number {
  const known = new Map<Term, Degrees>();
  const degrees = (term: Term) => degreesOf(term, model, varying, known);
  const paths: number[] = [];
  const through = (value: Degrees): number => {
    let most = value.get("state") ?? 0;
    for (const [source, degree] of value) {
      if (typeof source === "number") most = Math.max(most, degree + paths[source]);
    }
    return most;
  };
  for (const layer of model.layers) paths.push(through(degrees(layer.argument)));
  return through(degrees(model.flow));
}

function degreesOf(term: Term, model: Model, varying: Varying, known: Map<Term, Degrees>): Degrees {
  // Operands first, without recursion: chains can be long.
  const stack: Term[] = [term];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const below = top.op === "param" ? [model.params[top.param].value] : operands(top);
    const open = below.filter((operand) => !known.has(operand));
    if (open.length > 0 && !known.has(top)) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    if (known.has(top)) continue;
    const values = below.map((operand) => known.get(operand)!);
    known.set(top, combined(top, values, varying));
  }
  return known.get(term)!;
}

function combined(term: Term, below: readonly Degrees[], varying: Varying): Degrees {
  const [first, second] = below;
  switch (term.op) {
    case "constant":
      return new Map([["one", 0]]);
    case "time":
      return new Map([["one", varying.time]]);
    case "param": {
      const degree = varying.param(term.param);
      return degree === null ? first : new Map([["one", degree]]);
    }
    case "state":
      return new Map([["state", 0]]);
    case "layer":
      return new Map([[term.layer, 0]]);
    case "multiply":
    case "elementwise":
      return product(first, second);
    case "divide":
      return constantDegree(second) === 0 ? first : raised(first);
    case "power":
      return constantDegree(first) === 0 && constantDegree(second) === 0 ? first : raised(first);
    case "apply":
      return constantDegree(first) === 0 ? first : raised(first);
    case "interpolate":
      return new Map([["one", varying.interpolate(Math.max(0, ...below.map(constantDegree)))]]);
    default:
      return union(below);
  }
}

function constantDegree(value: Degrees): number {
  return value.get("one") ?? 0;
}

/** At most one factor depends on the state. */
function product(left: Degrees, right: Degrees): Degrees {
  const out = new Map<Source, number>();
  for (const [a, i] of left) {
    for (const [b, j] of right) {
      const source = a === "one" ? b : a;
      out.set(source, Math.max(out.get(source) ?? 0, Math.min(2, i + j)));
    }
  }
  return out;
}

function raised(value: Degrees): Degrees {
  return new Map([...value.keys()].map((source) => [source, 2]));
}

function union(values: readonly Degrees[]): Degrees {
  const out = new Map<Source, number>();
  for (const value of values) {
    for (const [source, degree] of value) out.set(source, Math.max(out.get(source) ?? 0, degree));
  }
  return out;
}
