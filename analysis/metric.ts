import { type Ball, divide, exact, multiply, product } from "../model/ball.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";
import { nextDown, nextUp } from "../model/rounding.ts";
import type { SlopeBox } from "./centred-form.ts";
import { choleskyInPlace } from "./cholesky.ts";
import { frobenius, transposed } from "./dense.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import { matrixBound } from "./matrix-bound.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";
import { settleByStructure } from "./structure.ts";

/**
 * The logarithmic norm in the norm sqrt(z^T P z) (p = 2) or that of diag(eta) z (p = 1, inf): the plain one of the form in
 * other coordinates, z = T w.
 *
 * For p = 2, T is about the inverse of P's Cholesky factor, in rounded arithmetic: T^T P T = I + E, with a proved bound
 * epsilon on E. What is searched is kappa = max of w^T T^T P J T w over |w| = 1, whose coefficients are enclosed; the
 * quotient by w^T (I + E) w lies within kappa / (1 -+ epsilon).
 */
export class MetricSearch implements ModelSearch {
  readonly metric: Float64Array;
  readonly reason: string | null;
  private readonly t: number;
  private readonly inner: LogarithmicNormSearch | null;
  private readonly epsilon: number;

  constructor(t: number, form: LinearFractionalForm, box: SlopeBox, norm: Norm, metric: Float64Array) {
    this.t = t;
    this.metric = metric;
    const changed = inMetric(form, norm, metric);
    const settled = norm === "2" ? settledBox(form, box, metric) : box;
    this.inner = changed && new LogarithmicNormSearch(changed.form, settled, norm);
    this.epsilon = changed?.epsilon ?? 0;
    this.reason = changed ? null : "the metric is too close to singular for rounded arithmetic";
  }

  get lower(): number {
    const kappa = this.inner?.lower ?? Number.NEGATIVE_INFINITY;
    if (this.epsilon === 0 || kappa === 0) return kappa;
    return nextDown(kappa / (kappa > 0 ? nextUp(1 + this.epsilon) : nextDown(1 - this.epsilon)));
  }

  get upper(): number {
    return quotientAbove(this.inner?.upper ?? Number.POSITIVE_INFINITY, this.epsilon);
  }

  get witness(): Witness | null {
    const slopes = this.inner?.slopes;
    return slopes ? { t: this.t, x: null, slopes } : null;
  }

  get nodes(): number {
    return this.inner?.nodes ?? 0;
  }

  get exhausted(): boolean {
    return this.inner?.exhausted ?? true;
  }

  get isSettled(): boolean {
    return this.inner?.isSettled ?? false;
  }

  *advance(goal: number): Generator<void, void, void> {
    // A goal for the quotient, moved to where it is certainly reached.
    const moved = Number.isFinite(goal) ? goal - Math.abs(goal) * 2 * this.epsilon : goal;
    if (this.inner) yield* this.inner.advance(moved);
  }

  collect(above: number, found: (slopes: Float64Array) => void): void {
    this.inner?.collect(above, found);
  }

  decideExactly(limit: number): boolean | null {
    return this.epsilon === 0 ? (this.inner?.decideExactly(limit) ?? null) : null;
  }
}

/** The form in the coordinates w, and epsilon; null where the metric is too close to singular. */
export function inMetric(
  form: LinearFractionalForm,
  norm: Norm,
  metric: Float64Array,
): { readonly form: LinearFractionalForm; readonly epsilon: number } | null {
  return norm === "2" ? quadratic(form, metric) : { form: diagonal(form, metric), epsilon: 0 };
}

/** A bound from above for forms without neurons. */
export function metricBound(form: LinearFractionalForm, norm: Norm, metric: Float64Array): number {
  const changed = inMetric(form, norm, metric);
  return changed ? quotientAbove(matrixBound(changed.form, norm), changed.epsilon) : Number.POSITIVE_INFINITY;
}

function quotientAbove(kappa: number, epsilon: number): number {
  if (epsilon === 0 || kappa === 0) return kappa;
  return nextUp(kappa / (kappa > 0 ? nextDown(1 - epsilon) : nextUp(1 + epsilon)));
}

/** J_ij becomes J_ij eta_i / eta_j. */
export function diagonal(form: LinearFractionalForm, eta: Float64Array): LinearFractionalForm {
  const { states: n, neurons: H, radius } = form;
  const entry = (rows: number, columns: number, of: (i: number, j: number) => number) =>
    Float64Array.from({ length: rows * columns }, (_, k) => of(Math.floor(k / columns), k % columns));
  const row = (columns: number) => exact(entry(n, columns, (i) => eta[i]!));
  const column = (rows: number) => exact(entry(rows, n, (_, j) => eta[j]!));
  const L = multiply({ mid: form.L, radius: radius?.L ?? null }, divide(row(n), column(n)));
  // Where eta is the same on both sides of an entry the entry stays what it was.
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (eta[i] !== eta[j]) continue;
      L.mid[i * n + j] = form.L[i * n + j]!;
      if (L.radius) L.radius[i * n + j] = radius?.L[i * n + j] ?? 0;
    }
  }
  const B = multiply({ mid: form.B, radius: radius?.B ?? null }, row(H));
  const C = divide({ mid: form.C, radius: radius?.C ?? null }, column(H));
  return withCoefficients(form, L, B, C);
}

/** The form of T^T P J T and the bound on T^T P T - I; null where P is too close to singular. */
export function quadratic(
  form: LinearFractionalForm,
  P: Float64Array,
): { form: LinearFractionalForm; epsilon: number } | null {
  const { states: n, neurons: H, radius } = form;
  const R = P.slice();
  if (!choleskyInPlace(R, n)) return null;
  const T = exact(inverseTransposed(R, n));
  const PT = product(exact(P), T, n, n, n);
  const TP: Ball = {
    mid: transposed(PT.mid, n, n),
    radius: PT.radius && transposed(PT.radius, n, n),
  };
  const gram = product(TP, T, n, n, n);
  for (let i = 0; i < n; i++) gram.mid[i * n + i]! -= 1;
  const isExact = !gram.radius && gram.mid.every((v) => v === 0);
  const epsilon = isExact
    ? 0
    : (frobenius(gram.mid) + (gram.radius ? frobenius(gram.radius) : 0)) * (1 + 1e-9) + n * 2 ** -52;
  if (!(epsilon < 0.5)) return null;
  const L = product(product(TP, { mid: form.L, radius: radius?.L ?? null }, n, n, n), T, n, n, n);
  const B = product(TP, { mid: form.B, radius: radius?.B ?? null }, n, n, H);
  const C = product({ mid: form.C, radius: radius?.C ?? null }, T, H, n, n);
  return { form: withCoefficients(form, L, B, C), epsilon };
}

/**
 * Neurons with C_i = kappa (P B_i)^T exactly have their worst slope by the sign of kappa, as in the plain norm those with
 * C_i = kappa B_i^T (structure.ts). That has to be seen before T makes rounded numbers of them.
 */
function settledBox(form: LinearFractionalForm, box: SlopeBox, P: Float64Array): SlopeBox {
  const { states: n, neurons: H, radius } = form;
  const PB = product(exact(P), { mid: form.B, radius: radius?.B ?? null }, n, n, H);
  const L: Ball = { mid: form.L, radius: radius?.L ?? null };
  const C: Ball = { mid: form.C, radius: radius?.C ?? null };
  return settleByStructure(withCoefficients(form, L, PB, C), box, "2");
}

/** R^{-T}, upper triangular, R the lower Cholesky factor. */
function inverseTransposed(R: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    // Column c of R^{-1} is row c of its transpose.
    out[c * n + c] = 1 / R[c * n + c]!;
    for (let i = c + 1; i < n; i++) {
      let s = 0;
      for (let k = c; k < i; k++) s -= R[i * n + k]! * out[c * n + k]!;
      out[c * n + i] = s / R[i * n + i]!;
    }
  }
  return out;
}

function withCoefficients(form: LinearFractionalForm, L: Ball, B: Ball, C: Ball): LinearFractionalForm {
  const { states: n, neurons: H, radius } = form;
  const isExact = !L.radius && !B.radius && !C.radius && !radius;
  return {
    ...form,
    L: L.mid,
    B: B.mid,
    C: C.mid,
    radius: isExact
      ? null
      : {
          L: L.radius ?? new Float64Array(n * n),
          B: B.radius ?? new Float64Array(n * H),
          C: C.radius ?? new Float64Array(H * n),
          N: radius?.N ?? new Float64Array(H * H),
          a: radius?.a ?? new Float64Array(n),
          b: radius?.b ?? new Float64Array(H),
        },
  };
}
