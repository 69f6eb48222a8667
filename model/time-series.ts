import type { Affine } from "./affine.ts";
import * as affine from "./affine.ts";
import { exact, fromIntervals } from "./ball.ts";
import { formOf } from "./evaluate.ts";
import { children, schedule } from "./evaluate-terms.ts";
import type { LinearFractionalForm } from "./form.ts";
import { functionSeries, powerSeries } from "./function-series.ts";
import type { Model } from "./model.ts";
import { before, type Schedule } from "./schedule.ts";
import { columnsOf, rowsOf } from "./shape.ts";
import type { Term } from "./term.ts";

/**
 * The Taylor coefficients f^(k)(t) / k!, k = 0 … order, of the model's form by time: each a form, with a radius that
 * encloses the coefficient at every t in [t0, t1], rounding included. Between t0 and t1 there may be no knot; at a knot t0
 * the derivatives are those from the right. Entries that cannot be bounded (`abs` through 0) have an infinite radius.
 */
export function formSeries(model: Model, t0: number, t1: number, order: number): LinearFractionalForm[] {
  const roots = [...model.layers.map((layer) => layer.argument), model.flow];
  const environment = { moment: { from: t0, to: t1 }, param: (index: number) => model.params[index].value };
  const { order: terms, uses } = schedule(roots, environment);
  const budget = new affine.Budget();
  const known = new Map<Term, Series>();
  for (const term of terms) {
    const below = children(term, environment);
    known.set(
      term,
      seriesOf(
        term,
        below.map((child) => known.get(child)!),
        t0,
        t1,
        order,
        budget,
      ),
    );
    for (const child of below) {
      const left = uses.get(child)! - 1;
      uses.set(child, left);
      if (left === 0) known.delete(child);
    }
  }
  return Array.from({ length: order + 1 }, (_, k) =>
    formOf(
      model,
      roots.map((root) => known.get(root)![k]),
    ),
  );
}

/** Coefficients 0 … order; one without parts is 0. */
type Series = readonly Affine[];

function zero(rows: number, columns: number): Affine {
  return { rows, columns, parts: new Map() };
}

const isZero = ({ parts }: Affine) => parts.size === 0;

function seriesOf(
  term: Term,
  values: readonly Series[],
  t0: number,
  t1: number,
  order: number,
  budget: affine.Budget,
): Series {
  const rows = rowsOf(term.shape);
  const columns = columnsOf(term.shape);
  const [first, second] = values;
  const padded = (...known: Affine[]): Series =>
    Array.from({ length: order + 1 }, (_, k) => known[k] ?? zero(rows, columns));
  const each = (change: (value: Affine) => Affine): Series =>
    first.map((value) => (isZero(value) ? zero(rows, columns) : change(value)));
  switch (term.op) {
    case "constant":
      return padded(affine.constant(rows, columns, exact(term.data)));
    case "time": {
      const now = fromIntervals(Float64Array.of(t0), Float64Array.of(t1));
      return padded(affine.constant(1, 1, now), affine.constant(1, 1, exact(Float64Array.of(1))));
    }
    case "state":
      return padded(affine.variable(affine.state, rows));
    case "layer":
      return padded(affine.variable(affine.firstLayer + term.layer, rows));
    case "param":
      return first;
    case "negate":
      return each(affine.negate);
    case "transpose":
      return each(affine.transpose);
    case "slice":
      return each((value) => affine.slice(value, term.rows, term.columns));
    case "diagonal":
      return each(affine.diagonal);
    case "blocks":
      return padded().map((_, k) => {
        let next = 0;
        return affine.blocks(term.rows.map((row) => row.map(() => values[next++][k])));
      });
    case "add":
      return first.map((value, k) => affine.add(value, second[k]));
    case "subtract":
      return first.map((value, k) => affine.add(value, affine.negate(second[k])));
    case "elementwise":
      return product(first, second, rows, columns, affine.scale);
    case "multiply": {
      const scalar = term.left.shape.length === 0 || term.right.shape.length === 0;
      const times = scalar ? affine.scale : (a: Affine, b: Affine) => affine.multiply(a, b, budget);
      return product(first, second, rows, columns, times);
    }
    case "divide":
      return quotient(first, second);
    case "power":
      return constants(rows, columns, powerSeries(first.map(affine.constantOf), affine.constantOf(second[0]).mid[0]));
    case "apply":
      // What is a function of a constant is one.
      if (first.slice(1).every(isZero)) {
        const [value] = functionSeries(term.function, term.arguments, [affine.constantOf(first[0])]);
        return padded(affine.constant(rows, columns, value));
      }
      return constants(rows, columns, functionSeries(term.function, term.arguments, first.map(affine.constantOf)));
    case "steps":
      return values[before(term.times, t0)];
    case "interpolate":
      return interpolated(term, values, t0, t1);
  }
}

function constants(rows: number, columns: number, series: readonly Parameters<typeof affine.constant>[2][]): Series {
  return series.map((value) => affine.constant(rows, columns, value));
}

/** Coefficient k is the sum over i of a_i b_{k - i}. */
function product(a: Series, b: Series, rows: number, columns: number, times: (x: Affine, y: Affine) => Affine): Series {
  return a.map((_, k) => {
    let sum = zero(rows, columns);
    for (let i = 0; i <= k; i++) {
      if (!isZero(a[i]) && !isZero(b[k - i])) sum = affine.add(sum, times(a[i], b[k - i]));
    }
    return sum;
  });
}

/** h b = a, b a scalar: h_k = (a_k - sum over i >= 1 of b_i h_{k - i}) / b_0. */
function quotient(a: Series, b: Series): Series {
  const out: Affine[] = [];
  for (const [k, value] of a.entries()) {
    let sum = value;
    for (let i = 1; i <= k; i++) {
      if (!isZero(b[i]) && !isZero(out[k - i])) sum = affine.add(sum, affine.negate(affine.scale(b[i], out[k - i])));
    }
    out.push(isZero(sum) ? sum : affine.divide(sum, affine.constantOf(b[0])));
  }
  return out;
}

function interpolated({ times, shape }: Schedule, values: readonly Series[], t0: number, t1: number): Series {
  const i = before(times, t0);
  if (t0 < times[i] || i + 1 === times.length) return values[i];
  const scalar = (...x: number[]) => affine.constant(1, 1, exact(Float64Array.from(x)));
  const minus = (x: Affine, y: Affine) => affine.add(x, affine.negate(y));
  const span = affine.constantOf(minus(scalar(times[i + 1]), scalar(times[i])));
  const now = affine.constant(1, 1, fromIntervals(Float64Array.of(t0), Float64Array.of(t1)));
  const weight = values[i].map((_, k) => (k > 1 ? zero(1, 1) : k === 1 ? scalar(1) : minus(now, scalar(times[i]))));
  const shares = weight.map((value) => (isZero(value) ? value : affine.divide(value, span)));
  const change = values[i].map((value, k) => minus(values[i + 1][k], value));
  const moved = product(shares, change, rowsOf(shape), columnsOf(shape), affine.scale);
  return values[i].map((value, k) => affine.add(value, moved[k]));
}
