import { add, type Ball, ball, exact, multiply, product } from "../model/ball.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";
import { nextDown } from "../model/rounding.ts";
import { transposed } from "./dense.ts";
import { topEigenpair } from "./top-eigenpair.ts";

/** Terms of the exponential series of a matrix of norm at most 1. */
const TERMS = 24;
const MOST_STEPS = 4096;

/**
 * A number that the factor |exp(J T) v|_p / |v|_p reaches in real arithmetic, J the Jacobian at the given constant slopes
 * and v about the best vector: a bound from below on the p-Lipschitz constant of the flow over a time T. 0 where the numbers overflow.
 */
export function flowExpansion(form: LinearFractionalForm, slopes: Float64Array, T: number, norm: Norm): number {
  const n = form.states;
  const J = enclosedJacobian(form, slopes);
  const size = largestRowSum(J, n) * T;
  if (!(size < MOST_STEPS)) return 0;
  const steps = Math.max(1, Math.ceil(size));
  const JT = multiply(J, exact(Float64Array.of(T / steps)));
  // The error of T / steps is that of one more factor.
  const M = ball(
    JT.mid,
    Float64Array.from(JT.mid, (v, k) => (JT.radius?.[k] ?? 0) + Math.abs(v) * 2 ** -51),
  );

  let best = 0;
  for (const v of candidates(M, n, steps, norm)) best = Math.max(best, expansionOf(M, v, n, steps, norm));
  return best;
}

/** exp(M) applied `steps` times to v by its series; the remainder of each is at most |v| / TERMS! e, |M|_inf <= 1. */
function expansionOf(M: Ball, v: Float64Array, n: number, steps: number, norm: Norm): number {
  let state: Ball = exact(v);
  for (let step = 0; step < steps; step++) {
    let term = state;
    let sum = state;
    for (let k = 1; k < TERMS; k++) {
      term = multiply(product(M, term, n, n, 1), exact(Float64Array.of(1 / k)));
      term = ball(
        term.mid,
        Float64Array.from(term.mid, (x, i) => (term.radius?.[i] ?? 0) + Math.abs(x) * 2 ** -52),
      );
      sum = add(sum, term);
    }
    // |M| is at most 1 up to rounding: what is left of the series is below 3 |state|_inf / TERMS!.
    const left = 4 * largestEntry(state) * RECIPROCAL_FACTORIAL;
    state = ball(
      sum.mid,
      Float64Array.from(sum.mid, (_, i) => (sum.radius?.[i] ?? 0) + left),
    );
  }
  const low = Float64Array.from(state.mid, (x, i) => Math.max(0, Math.abs(x) - (state.radius?.[i] ?? 0)));
  const rounding = 1 - (n + 6) * 2 ** -51;
  const ratio = (normOf(low, norm) / normOf(v, norm)) * rounding;
  return Number.isFinite(ratio) ? nextDown(ratio) : 0;
}

const RECIPROCAL_FACTORIAL = Array.from({ length: TERMS }, (_, k) => k + 1).reduce((r, k) => r / k, 1);

/** For p = 2 the top right singular vector of exp(M steps), in rounded arithmetic; else the vectors whose images are its columns or signs. */
function candidates(M: Ball, n: number, steps: number, norm: Norm): Float64Array[] {
  const E = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const unit = new Float64Array(n);
    unit[c] = 1;
    const column = roundedFlow(M.mid, unit, n, steps);
    for (let i = 0; i < n; i++) E[i * n + c] = column[i]!;
  }
  if (!E.every(Number.isFinite)) return [];
  if (norm === "2") {
    const ET = exact(transposed(E, n, n));
    return [topEigenpair(product(ET, exact(E), n, n, n).mid, n).vector];
  }
  if (norm === "1") {
    return [argmax(n, (c) => sum(n, (i) => Math.abs(E[i * n + c]!)))].map((c) => {
      const unit = new Float64Array(n);
      unit[c] = 1;
      return unit;
    });
  }
  const row = argmax(n, (i) => sum(n, (c) => Math.abs(E[i * n + c]!)));
  return [Float64Array.from({ length: n }, (_, c) => (E[row * n + c]! < 0 ? -1 : 1))];
}

function roundedFlow(M: Float64Array, v: Float64Array, n: number, steps: number): Float64Array {
  let state = v;
  for (let step = 0; step < steps; step++) {
    let term = state;
    const total = state.slice();
    for (let k = 1; k < TERMS; k++) {
      const next = new Float64Array(n);
      for (let i = 0; i < n; i++) next[i] = sum(n, (j) => M[i * n + j]! * term[j]!) / k;
      term = next;
      for (let i = 0; i < n; i++) total[i]! += term[i]!;
    }
    state = total;
  }
  return state;
}

function enclosedJacobian(form: LinearFractionalForm, slopes: Float64Array): Ball {
  const { states: n, neurons: H, radius } = form;
  const P = { mid: new Float64Array(H * n), radius: new Float64Array(H * n) };
  for (let i = 0; i < H; i++) {
    const row = (X: Float64Array, width: number, to: number) => X.subarray(i * width, i * width + to);
    const above: Ball = { mid: P.mid.subarray(0, i * n), radius: P.radius.subarray(0, i * n) };
    const inner: Ball = { mid: row(form.N, H, i), radius: radius ? row(radius.N, H, i) : null };
    const own: Ball = { mid: row(form.C, n, n), radius: radius ? row(radius.C, n, n) : null };
    const q = i === 0 ? own : add(own, product(inner, above, 1, i, n));
    const p = multiply(q, exact(Float64Array.of(slopes[i]!)));
    P.mid.set(p.mid, i * n);
    if (p.radius) P.radius.set(p.radius, i * n);
  }
  const BP = H === 0 ? exact(new Float64Array(n * n)) : product({ mid: form.B, radius: radius?.B ?? null }, P, n, H, n);
  return add({ mid: form.L, radius: radius?.L ?? null }, BP);
}

function largestRowSum({ mid, radius }: Ball, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(
      largest,
      sum(n, (j) => Math.abs(mid[i * n + j]!) + (radius?.[i * n + j] ?? 0)),
    );
  }
  return largest * (1 + n * 2 ** -51);
}

function largestEntry({ mid, radius }: Ball): number {
  return mid.reduce((m, v, i) => Math.max(m, Math.abs(v) + (radius?.[i] ?? 0)), 0);
}

function normOf(v: Float64Array, norm: Norm): number {
  if (norm === "inf") return v.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  if (norm === "1") return v.reduce((s, x) => s + Math.abs(x), 0);
  return Math.sqrt(v.reduce((s, x) => s + x * x, 0));
}

function sum(n: number, of: (k: number) => number): number {
  let s = 0;
  for (let k = 0; k < n; k++) s += of(k);
  return s;
}

function argmax(n: number, of: (k: number) => number): number {
  let best = 0;
  for (let k = 1; k < n; k++) if (of(k) > of(best)) best = k;
  return best;
}
