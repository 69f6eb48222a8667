import { add, type Ball, ball, bounds, divide, exact, fromIntervals, multiply, negate } from "./ball.ts";
import { activationRange, functions, powerRange } from "./functions.ts";

/**
 * Taylor arithmetic (Griewank, Walther: Evaluating Derivatives, section 13.2): from the coefficients u_0, u_1, … of an
 * argument those of a function of it, entry by entry, as enclosures.
 */
type Series = readonly Ball[];

/** h = f(u) for a function that the language has, or a built-in activation. */
export function functionSeries(name: string, args: readonly number[], u: Series): Ball[] {
  const known = functions[name];
  const range = known?.range ?? ((lower: number, upper: number) => activationRange(name, args, lower, upper));
  const h = [ranged(u[0], range)];
  switch (name) {
    case "exp":
      for (let k = 1; k < u.length; k++) h.push(driven(u, h, k));
      return h;
    case "sin":
    case "cos": {
      // s' = c u', c' = -s u'
      const other = [ranged(u[0], functions[name === "sin" ? "cos" : "sin"].range)];
      const sign = name === "sin" ? 1 : -1;
      for (let k = 1; k < u.length; k++) {
        const [next, beside] = [driven(u, other, k), driven(u, h, k)];
        h.push(sign > 0 ? next : negate(next));
        other.push(sign > 0 ? negate(beside) : beside);
      }
      return h;
    }
    case "tanh": {
      // h' = (1 - h^2) u'
      const g: Ball[] = [];
      for (let k = 1; k < u.length; k++) {
        const square = negate(convolved(h, h, 0, k - 1));
        g.push(k === 1 ? add(square, number(1)) : square);
        h.push(driven(u, g, k));
      }
      return h;
    }
    case "sqrt":
      for (let k = 1; k < u.length; k++) {
        const rest = add(u[k], negate(convolved(h, h, 1, k)));
        h.push(divide(rest, multiply(number(2), h[0])));
      }
      return h;
    case "log":
      // u h' = u'
      for (let k = 1; k < u.length; k++) {
        let rest = multiply(number(k), u[k]);
        for (let i = 1; i < k; i++) rest = add(rest, negate(multiply(multiply(number(i), h[i]), u[k - i])));
        h.push(divide(divide(rest, u[0]), number(k)));
      }
      return h;
    case "abs":
      for (let k = 1; k < u.length; k++) h.push(turned(u[0], u[k]));
      return h;
    default:
      for (let k = 1; k < u.length; k++) h.push(unbounded(u[k]));
      return h;
  }
}

/** u^a, a constant: whole powers by multiplication, so that u may be 0; else u h' = a u' h. */
export function powerSeries(u: Series, a: number): Ball[] {
  const h = [ranged(u[0], (lower, upper) => powerRange(lower, upper, a))];
  if (Number.isInteger(a) && a >= 0 && a <= 64) {
    let power: Ball[] = u
      .map((value, k) => (k === 0 ? value.mid.map(() => 1) : new Float64Array(value.mid.length)))
      .map(exact);
    for (let factor = 0; factor < a; factor++) power = power.map((_, k) => convolved(power, u, 0, k));
    return [h[0], ...power.slice(1)];
  }
  for (let k = 1; k < u.length; k++) {
    let sum: Ball | null = null;
    for (let i = 1; i <= k; i++) {
      const term = multiply(add(number(a * i), number(i - k)), multiply(u[i], h[k - i]));
      sum = sum === null ? term : add(sum, term);
    }
    h.push(divide(divide(sum!, u[0]), number(k)));
  }
  return h;
}

const number = (x: number) => exact(Float64Array.of(x));

/** Coefficient k of the h with h' = g u': (1 / k) sum over i = 1 … k of i u_i g_{k - i}. */
function driven(u: Series, g: Series, k: number): Ball {
  let sum = multiply(u[1], g[k - 1]);
  for (let i = 2; i <= k; i++) sum = add(sum, multiply(multiply(number(i), u[i]), g[k - i]));
  return k === 1 ? sum : divide(sum, number(k));
}

/** The sum over i = from … k - from of a_i b_{k - i}. */
function convolved(a: Series, b: Series, from: number, k: number): Ball {
  let sum: Ball = exact(new Float64Array(a[0].mid.length));
  for (let i = from; i <= k - from; i++) sum = add(sum, multiply(a[i], b[k - i]));
  return sum;
}

function ranged(value: Ball, range: (lower: number, upper: number) => readonly [number, number]): Ball {
  const lower = new Float64Array(value.mid.length);
  const upper = new Float64Array(value.mid.length);
  for (let i = 0; i < lower.length; i++) [lower[i], upper[i]] = range(...bounds(value, i));
  return fromIntervals(lower, upper);
}

/** The derivative of |u| where u has a sign. */
function turned(u: Ball, derivative: Ball): Ball {
  const mid = derivative.mid.slice();
  const radius = derivative.radius?.slice() ?? new Float64Array(mid.length);
  for (let i = 0; i < mid.length; i++) {
    const [lower, upper] = bounds(u, i);
    if (upper < 0) mid[i] = -mid[i];
    else if (!(lower > 0)) radius[i] = Number.POSITIVE_INFINITY;
  }
  return ball(mid, radius);
}

function unbounded({ mid }: Ball): Ball {
  return ball(new Float64Array(mid.length), new Float64Array(mid.length).fill(Number.POSITIVE_INFINITY));
}
