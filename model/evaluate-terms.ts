import type { Affine } from "./affine.ts";
import * as affine from "./affine.ts";
import { type Ball, bounds, exact, fromIntervals } from "./ball.ts";
import { activationRange, functions, powerRange } from "./functions.ts";
import { knotsAt, type Moment } from "./schedule.ts";
import { columnsOf, rowsOf } from "./shape.ts";
import { operands, type Term } from "./term.ts";

/** What `time` and `param` terms stand for. */
export interface Environment {
  readonly moment: Moment;
  /** The value of a time-dependent param. */
  readonly param: (index: number) => Term;
}

/**
 * The values of terms at a moment, as affine functions of the state and the layers. Terms share parts (a name that is
 * used twice is one object): each is evaluated once and forgotten after its last use.
 * @throws {affine.TooLarge}
 */
export function evaluateTerms(roots: readonly Term[], environment: Environment): Affine[] {
  const { order, uses } = schedule(roots, environment);
  const values = new Map<Term, Affine>();
  const budget = new affine.Budget();
  for (const term of order) {
    const operands = children(term, environment).map((child) => values.get(child)!);
    values.set(term, evaluateTerm(term, operands, environment.moment, budget));
    for (const child of children(term, environment)) {
      const left = uses.get(child)! - 1;
      uses.set(child, left);
      if (left === 0) values.delete(child);
    }
  }
  return roots.map((root) => values.get(root)!);
}

/** The terms below the roots, operands first, and how often each is used; without recursion: chains can be long. */
export function schedule(roots: readonly Term[], environment: Environment): { order: Term[]; uses: Map<Term, number> } {
  const order: Term[] = [];
  const uses = new Map<Term, number>();
  const count = (term: Term) => uses.set(term, (uses.get(term) ?? 0) + 1);
  const stack: { term: Term; left: Term[] }[] = [];
  for (const root of roots) {
    const fresh = !uses.has(root);
    count(root);
    if (fresh) stack.push({ term: root, left: children(root, environment) });
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = top.left.pop();
      if (next === undefined) {
        order.push(top.term);
        stack.pop();
        continue;
      }
      const seen = uses.has(next);
      count(next);
      if (!seen) stack.push({ term: next, left: children(next, environment) });
    }
  }
  return { order, uses };
}

/** A fresh array of the operands. */
export function children(term: Term, { param }: Environment): Term[] {
  return term.op === "param" ? [param(term.param)] : operands(term);
}

/** A term's value from those of its operands. */
export function evaluateTerm(term: Term, values: readonly Affine[], moment: Moment, budget: affine.Budget): Affine {
  const rows = rowsOf(term.shape);
  const columns = columnsOf(term.shape);
  const [first, second] = values;
  switch (term.op) {
    case "constant":
      return affine.constant(rows, columns, exact(term.data));
    case "time":
      return affine.constant(1, 1, fromIntervals(Float64Array.of(moment.from), Float64Array.of(moment.to)));
    case "state":
      return affine.variable(affine.state, rows);
    case "layer":
      return affine.variable(affine.firstLayer + term.layer, rows);
    case "param":
      return first;
    case "negate":
      return affine.negate(first);
    case "transpose":
      return affine.transpose(first);
    case "slice":
      return affine.slice(first, term.rows, term.columns);
    case "diagonal":
      return affine.diagonal(first);
    case "blocks": {
      let next = 0;
      return affine.blocks(term.rows.map((row) => row.map(() => values[next++])));
    }
    case "add":
      return affine.add(first, second);
    case "subtract":
      return affine.add(first, affine.negate(second));
    case "elementwise":
      return affine.scale(first, second);
    case "multiply": {
      const scalar = term.left.shape.length === 0 || term.right.shape.length === 0;
      return scalar ? affine.scale(first, second) : affine.multiply(first, second, budget);
    }
    case "divide":
      return affine.divide(first, affine.constantOf(second));
    case "power": {
      const exponent = affine.constantOf(second).mid[0];
      return ranged(first, (lower, upper) => powerRange(lower, upper, exponent));
    }
    case "apply": {
      const known = functions[term.function];
      return ranged(first, (lower, upper) =>
        known === undefined ? activationRange(term.function, term.arguments, lower, upper) : known.range(lower, upper),
      );
    }
    case "interpolate":
    case "steps":
      return affine.constant(rows, columns, knotsAt(term, values.map(affine.constantOf), moment));
  }
}

function ranged(value: Affine, range: (lower: number, upper: number) => readonly [number, number]): Affine {
  const argument: Ball = affine.constantOf(value);
  const lower = new Float64Array(argument.mid.length);
  const upper = new Float64Array(argument.mid.length);
  for (let i = 0; i < lower.length; i++) [lower[i], upper[i]] = range(...bounds(argument, i));
  return affine.constant(value.rows, value.columns, fromIntervals(lower, upper));
}
