import { frobenius, productTransposed, transposed } from "./dense.ts";
import { type Routines, routinesFor } from "./kernel/routines.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import type { ScaledForm } from "./scaled-form.ts";
import type { Workspace } from "./workspace.ts";

/** Slope intervals, [H] each; equal where a neuron is fixed. */
export interface SlopeBox {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * A form with its fixed neurons closed into it and the free ones shifted to slopes delta in [-1, 1]
 * (docs/mathematics.md, section 3):
 *
 *     x' = L x + B s,   q = C x + N s,   s_i = delta_i q_i        i over the h free neurons
 *
 * with bounds on the rounding errors that this made, so that what is certified here holds for the weights as stored.
 */
export interface CentredForm {
  readonly states: number;
  /** The free neurons' places in the scaled form, [h]. */
  readonly free: Int32Array;
  /** Symmetric part of L, [n, n]. */
  readonly L: Float64Array;
  /** B^T, [h, n]. */
  readonly BT: Float64Array;
  /** [h, n] */
  readonly C: Float64Array;
  /** [h, h], or null where it is 0. */
  readonly N: Float64Array | null;
  readonly error: {
    /** Bound on the 2-norm of the error of the block row [L B]. */
    readonly LB: number;
    /** Bound on the 2-norm of the error of each row of [C N], [h]. */
    readonly CN: Float64Array;
  };
}

/** @param work where its matrices are put; new arrays without it. */
export function centredForm(form: ScaledForm, box: SlopeBox, work: Workspace | null = null): CentredForm {
  const H = form.neurons;
  const centre = new Float64Array(H);
  const spread = new Float64Array(H);
  const free: number[] = [];
  for (let i = 0; i < H; i++) {
    const lo = box.lower[i]!;
    const hi = box.upper[i]!;
    centre[i] = lo === hi ? lo : lo / 2 + hi / 2;
    if (lo === hi) continue;
    // A little wider than half the interval, so that centre ± spread covers it in spite of rounding.
    spread[i] = Math.max(hi - centre[i]!, centre[i]! - lo) * (1 + 2 ** -51);
    free.push(i);
  }
  const indices = Int32Array.from(free);
  return form.N ? deep(form, form.N, centre, spread, indices, work) : shallow(form, centre, spread, indices, work);
}

function shallow(
  form: ScaledForm,
  centre: Float64Array,
  spread: Float64Array,
  free: Int32Array,
  work: Workspace | null,
): CentredForm {
  const { states: n, neurons: H } = form;
  const h = free.length;
  const weighted = work?.V.subarray(0, n * H) ?? new Float64Array(n * H);
  routinesOf(work, n * H).scaleColumns(form.B, centre, n, H, weighted);
  let products = 0;
  let inherited = form.error.L;
  for (let i = 0; i < H; i++) {
    const c = centre[i]!;
    if (c === 0) continue;
    const b = frobenius(form.BT, i * n, (i + 1) * n);
    const q = frobenius(form.C, i * n, (i + 1) * n);
    const eb = form.error.BT[i]!;
    const eq = form.error.CN[i]!;
    products += Math.abs(c) * b * q;
    inherited += Math.abs(c) * (eb * (q + eq) + b * eq);
  }
  const J = work?.square.subarray(0, n * n) ?? new Float64Array(n * n);
  if (products === 0) J.fill(0);
  else routinesOf(work, n * n * H).product(weighted, form.CT, n, n, H, J);
  for (let k = 0; k < n * n; k++) J[k]! += form.L[k]!;
  const L = symmetricPart(J, n, work);

  const BT = work?.BT.subarray(0, h * n) ?? new Float64Array(h * n);
  const C = work?.C.subarray(0, h * n) ?? new Float64Array(h * n);
  const errorCN = new Float64Array(h);
  let errorB = 0;
  for (let k = 0; k < h; k++) {
    const i = free[k]!;
    for (let j = 0; j < n; j++) BT[k * n + j] = spread[i]! * form.BT[i * n + j]!;
    C.set(form.C.subarray(i * n, (i + 1) * n), k * n);
    errorCN[k] = form.error.CN[i]!;
    errorB += (spread[i]! * form.error.BT[i]!) ** 2;
  }
  const rounding = gamma(H + 4) * (frobenius(form.L) + products) + gamma(2) * frobenius(BT);
  return {
    states: n,
    free,
    L,
    BT,
    C,
    N: null,
    error: { LB: (inherited + Math.sqrt(errorB) + rounding) * 1.001 + UNDERFLOW_SLACK, CN: errorCN },
  };
}

/**
 * Each p_i and q_i as a row over the coordinates (x, s), layer after layer:
 * q_i = C_i x + sum_j N_ij p_j, p_i = centre_i q_i + spread_i s_i.
 */
function deep(
  form: ScaledForm,
  N: Float64Array,
  centre: Float64Array,
  spread: Float64Array,
  free: Int32Array,
  work: Workspace | null,
): CentredForm {
  const { states: n, neurons: H } = form;
  const h = free.length;
  const w = n + h;
  const place = new Int32Array(H).fill(-1);
  free.forEach((i, k) => {
    place[i] = k;
  });
  const P = new Float64Array(H * w);
  const Q = new Float64Array(H * w);
  const normP = new Float64Array(H);
  const errorP = new Float64Array(H);
  const errorQ = new Float64Array(H);
  const round = gamma(H + 4);
  for (let i = 0; i < H; i++) {
    const q = Q.subarray(i * w, (i + 1) * w);
    q.set(form.C.subarray(i * n, (i + 1) * n));
    let magnitude = frobenius(q, 0, n);
    let largest = 1;
    let error = 0;
    for (let j = 0; j < i; j++) {
      const v = N[i * H + j]!;
      largest = Math.max(largest, normP[j]! + errorP[j]!);
      if (v === 0) continue;
      const p = j * w;
      for (let k = 0; k < w; k++) q[k]! += v * P[p + k]!;
      magnitude += Math.abs(v) * normP[j]!;
      error += Math.abs(v) * errorP[j]!;
    }
    // The row's own error meets x (norm 1) and the p_j (norms up to `largest`, at most H of them).
    error += form.error.CN[i]! * largest * Math.sqrt(H + 1) + round * magnitude;
    errorQ[i] = error * 1.001;
    const c = centre[i]!;
    for (let k = 0; k < w; k++) P[i * w + k] = c * q[k]!;
    if (place[i]! >= 0) P[i * w + n + place[i]!] = spread[i]!;
    normP[i] = frobenius(P, i * w, (i + 1) * w) * 1.001;
    errorP[i] = (Math.abs(c) * errorQ[i]! + gamma(2) * normP[i]!) * 1.001;
  }
  const PT = transposed(P, H, w);
  const LB = productTransposed(form.B, PT, n, w, H);
  let error = form.error.L;
  let magnitude = frobenius(form.L);
  for (let i = 0; i < H; i++) {
    const b = frobenius(form.BT, i * n, (i + 1) * n);
    error += b * errorP[i]! + form.error.BT[i]! * (normP[i]! + errorP[i]!);
    magnitude += b * normP[i]!;
  }
  const J = form.L.slice();
  const BT = work?.BT.subarray(0, h * n) ?? new Float64Array(h * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) J[i * n + j]! += LB[i * w + j]!;
    for (let k = 0; k < h; k++) BT[k * n + i] = LB[i * w + n + k]!;
  }
  const C = work?.C.subarray(0, h * n) ?? new Float64Array(h * n);
  const innerN = work?.N.subarray(0, h * h) ?? new Float64Array(h * h);
  const errorCN = new Float64Array(h);
  free.forEach((i, k) => {
    C.set(Q.subarray(i * w, i * w + n), k * n);
    innerN.set(Q.subarray(i * w + n, (i + 1) * w), k * h);
    errorCN[k] = errorQ[i]!;
  });
  return {
    states: n,
    free,
    L: symmetricPart(J, n, work),
    BT,
    C,
    N: innerN.some((v) => v !== 0) ? innerN : null,
    error: { LB: (error + gamma(H + 5) * magnitude) * 1.001 + UNDERFLOW_SLACK, CN: errorCN },
  };
}

function symmetricPart(J: Float64Array, n: number, work: Workspace | null): Float64Array {
  const out = work?.L.subarray(0, n * n) ?? new Float64Array(n * n);
  routinesOf(work, n * n).symmetricPart(J, n, out);
  return out;
}

function routinesOf(work: Workspace | null, multiplications: number): Routines {
  return work?.routines ?? routinesFor(multiplications);
}
