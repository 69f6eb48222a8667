import { centredForm, type SlopeBox } from "./centred-form.ts";
import { certify, choleskyShift, shallowError } from "./certify.ts";
import { dotRows, frobenius } from "./dense.ts";
import type { Routines } from "./kernel/routines.ts";
import { type Relaxation, restricted } from "./relaxation.ts";
import { gamma } from "./rounding.ts";
import type { ScaledForm } from "./scaled-form.ts";
import { withSlope } from "./slope-box.ts";

/** Bits: slopes at the lower end (delta_i = -1) cannot exceed the goal, those at the upper end cannot. */
export const LOWER = 1;
export const UPPER = 2;

/**
 * The box less the ends of single neurons' slopes that the relaxation's present multipliers prove to stay at or below
 * `goal`, each of them certified; null where that is all of the box.
 */
export function withoutHopelessSides(
  relaxation: Relaxation,
  scaled: ScaledForm,
  box: SlopeBox,
  goal: number,
): SlopeBox | null {
  const { form } = relaxation;
  const sides = hopelessSides(relaxation, goal);
  if (!sides) return box;
  const isCertified = form.N ? deepCertifier(relaxation, scaled, box, goal) : shallowCertifier(relaxation, box, goal);
  let lowerEnds: Float64Array | null = null;
  let upperEnds: Float64Array | null = null;
  for (let k = 0; k < form.free.length; k++) {
    const i = form.free[k]!;
    const lower = (sides[k]! & LOWER) !== 0 && isCertified(k, -1);
    const upper = (sides[k]! & UPPER) !== 0 && isCertified(k, 1);
    if (lower && upper) return null;
    if (lower) (lowerEnds ??= box.lower.slice())[i] = box.upper[i]!;
    else if (upper) (upperEnds ??= box.upper.slice())[i] = box.lower[i]!;
  }
  return lowerEnds || upperEnds ? { lower: lowerEnds ?? box.lower, upper: upperEnds ?? box.upper } : box;
}

/**
 * What the present multipliers can tell, in rounded arithmetic. T(goal) has to have one negative direction; restricted to
 * s_i = ± q_i it is positive definite exactly where w^T T^{-1} w < 0, w = e_i -+ c_i (inertia of a bordered matrix): at
 * any depth.
 * @returns [h] bits; null where nothing is told.
 */
export function hopelessSides({ form, schur, factors, spare }: Relaxation, goal: number): Uint8Array | null {
  const { CK, CKY, Y, square, routines } = schur.work;
  const n = form.states;
  const h = form.free.length;
  const direction = leastDirection(routines, Y, n);
  const a = factors.u - goal;
  // S(goal) = S(u) - a I; its negative direction v is lifted: S(goal) + 2 a v v^T, whose inverse is known by Cholesky.
  const R = spare.R;
  for (let i = 0; i < n; i++) {
    const v = 2 * a * direction[i]!;
    for (let j = 0; j <= i; j++) R[i * n + j] = factors.S[i * n + j]! + v * direction[j]!;
    R[i * (n + 1)]! -= a;
  }
  if (!routines.cholesky(R, n)) return null;
  const inverse = spare.S;
  routines.inverse(R, n, inverse, square);
  const image = new Float64Array(n);
  for (let i = 0; i < n; i++) image[i] = dotRows(inverse, i * n, direction, 0, n);
  const pivot = 1 - 2 * a * dotRows(image, 0, direction, 0, n);
  // Positive: S(goal) is positive definite itself, and the node would have been closed.
  if (!(pivot < 0)) return null;
  for (let i = 0; i < n; i++) {
    const v = (2 * a * image[i]!) / pivot;
    for (let j = 0; j < n; j++) inverse[i * n + j]! += v * image[j]!;
  }
  schur.eliminated(factors);
  routines.product(CK, inverse, 2 * h, n, n, CKY);
  const { N } = form;
  const { P, lambda } = factors;
  const out = new Uint8Array(h);
  for (let i = 0; i < h; i++) {
    const c = i * n;
    const k = (h + i) * n;
    let qq = dotRows(CKY, c, CK, c, n);
    let qs = dotRows(CKY, c, CK, k, n);
    let ss = dotRows(CKY, k, CK, k, n);
    if (N) {
      ss += P[i * h + i]!;
      for (let j = 0; j < h; j++) {
        const w = N[i * h + j]!;
        if (w === 0) continue;
        qs += w * P[j * h + i]!;
        qq += w * dotRows(P, j * h, N, i * h, h);
      }
    } else ss += 1 / lambda[i]!;
    const size = Math.abs(qq) + Math.abs(ss) + 2 * Math.abs(qs);
    if (qq + ss - 2 * qs < -1e-9 * size) out[i]! |= UPPER;
    if (qq + ss + 2 * qs < -1e-9 * size) out[i]! |= LOWER;
  }
  return out;
}

/** About the eigenvector of S's least eigenvalue, from its inverse Y: a few steps of the power method. */
export function leastDirection(routines: Routines, Y: Float64Array, n: number): Float64Array {
  const times = routines.symmetricOperator(Y, n);
  let v = Float64Array.from({ length: n }, (_, i) => 1 + 0.1 * Math.sin(1 + i * 1.7));
  let next = new Float64Array(n);
  for (let step = 0; step < 12; step++) {
    times(v, next);
    const scale = 1 / Math.sqrt(dotRows(next, 0, next, 0, n));
    for (let i = 0; i < n; i++) next[i]! *= scale;
    [v, next] = [next, v];
  }
  return v;
}

/**
 * One hidden layer: where s_i = ± q_i the terms of neuron i in S (certify.ts) are replaced by ∓ sym(B_i C_i), which adds the
 * square of sqrt(lambda_i) C_i ∓ B_i / (2 sqrt(lambda_i)) to S.
 */
function shallowCertifier(
  { form, schur, factors, spare }: Relaxation,
  box: SlopeBox,
  goal: number,
): (k: number, sign: number) => boolean {
  const { work } = schur;
  const { BT, C, error } = form;
  const { lambda } = factors;
  const n = form.states;
  const base = Float64Array.from(factors.S.subarray(0, n * n));
  for (let j = 0; j < n; j++) base[j * (n + 1)]! += goal - factors.u;
  const { delta, sizes } = shallowError(form, lambda);
  // S was formed with u on its diagonal, and then moved: a few more roundings of both.
  const moved = gamma(8) * (Math.abs(goal) + Math.abs(factors.u));
  return (k, sign) => {
    const l = lambda[k]!;
    const b = frobenius(BT, k * n, (k + 1) * n) * (1 + 1e-9);
    const c = frobenius(C, k * n, (k + 1) * n) * (1 + 1e-9);
    const added = l * c * c + (b * b) / (4 * l) + b * c;
    // The coefficients' own errors, and that of the end of the slope interval: ± 1 up to the rounding of its centre.
    const [lo, hi] = [box.lower[form.free[k]!]!, box.upper[form.free[k]!]!];
    const end = 2 ** -50 * (1 + Math.max(Math.abs(lo), Math.abs(hi)) / (hi / 2 - lo / 2));
    const inherited = error.LB * (c + error.CN[k]!) + b * error.CN[k]! + end * b * c;
    const slack =
      (delta + inherited + moved + gamma(12) * added) * 1.01 +
      choleskyShift(n, sizes + 1.01 * added + n * (Math.abs(goal) + Math.abs(factors.u)));
    if (!(slack < Number.POSITIVE_INFINITY)) return false;
    const R = spare.R;
    const quarter = 1 / (4 * l);
    for (let i = 0; i < n; i++) {
      const ci = C[k * n + i]!;
      const bi = BT[k * n + i]!;
      const byC = l * ci - (sign * bi) / 2;
      const byB = quarter * bi - (sign * ci) / 2;
      for (let j = 0; j <= i; j++) R[i * n + j] = base[i * n + j]! + byC * C[k * n + j]! + byB * BT[k * n + j]!;
      R[i * (n + 1)]! -= slack;
    }
    return work.routines.cholesky(R, n);
  };
}

function deepCertifier(
  { form, iterate }: Relaxation,
  scaled: ScaledForm,
  box: SlopeBox,
  goal: number,
): (k: number, sign: number) => boolean {
  return (k, sign) => {
    const i = form.free[k]!;
    const cut = withSlope(box, i, sign > 0 ? box.upper[i]! : box.lower[i]!);
    return certify(centredForm(scaled, cut), restricted(iterate, form, cut).lambda, goal);
  };
}
