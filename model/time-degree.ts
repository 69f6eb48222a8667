import type { Model } from "./model.ts";
import { operands, type Term } from "./term.ts";

/**
 * How coefficients depend on time between the knots: 0 not at all, 1 affinely, 2 in any other way. A term's value is
 * affine in its sources (the constant 1, the state, each layer); each source's coefficient has a degree of its own.
 */
type Degrees = ReadonlyMap<Source, number>;
type Source = "one" | "state" | number;

/**
 * True where the Jacobian at any fixed slopes is piecewise affine in time: every path from the state to the flow meets at
 * most one coefficient that varies, and that one piecewise linearly (docs/mathematics.md, section 7). Its logarithmic norm
 * is then convex in time between knots, and largest at one of them.
 */
export function isPiecewiseAffine(model: Model): boolean {
  const known = new Map<Term, Degrees>();
  const degrees = (term: Term) => degreesOf(term, model, known);
  const paths: number[] = [];
  const through = (value: Degrees): number => {
    let most = value.get("state") ?? 0;
    for (const [source, degree] of value) {
      if (typeof source === "number") most = Math.max(most, degree + paths[source]);
    }
    return most;
  };
  for (const layer of model.layers) paths.push(through(degrees(layer.argument)));
  return through(degrees(model.flow)) <= 1;
}

function degreesOf(term: Term, model: Model, known: Map<Term, Degrees>): Degrees {
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
    if (!known.has(top)) {
      known.set(
        top,
        combined(
          top,
          below.map((operand) => known.get(operand)!),
        ),
      );
    }
  }
  return known.get(term)!;
}

function combined(term: Term, below: readonly Degrees[]): Degrees {
  const [first, second] = below;
  switch (term.op) {
    case "constant":
      return new Map([["one", 0]]);
    case "time":
      return new Map([["one", 1]]);
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
    case "apply":
      return constantDegree(first) === 0 ? first : raised(first);
    case "interpolate":
      return new Map([["one", below.every((value) => constantDegree(value) === 0) ? 1 : 2]]);
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
