import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { dotRows, productTransposed, transposed } from "../dense.ts";
import { topEigenpair } from "../top-eigenpair.ts";
import { minimise, type Valued } from "./minimise.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** So close to the limit, relative to the excess at the start, is close enough. */
const CLOSE = 1e-4;
/** Between half the square of the change's length and the dual function, relative. */
const GAP = 1e-4;
const STEPS = 600;
const OVERFLOW = 1e60;

/**
 * The least Frobenius change of C, [H, n], with which the multipliers of one relaxation prove that mu_2 of
 * L + B D C, D in the slope box, is at most c (docs/mathematics.md, sections 3 and 9). With s_i = 1 / multiplier,
 *
 *     Q(C, s) = sym(L + B diag(c0) C) + 1/2 sum_i r_i (C_i^T C_i / s_i + s_i B_i B_i^T) - c I <= 0
 *
 * is convex in C and s together. Solved by its dual in E >= 0: for a given E the rows of C are independent, each the prox of
 * a norm, and Q is the dual function's gradient; E = Y Y^T.
 *
 * Yields between steps; C is feasible but for about CLOSE of the excess, in rounded arithmetic: it has to be proved.
 */
export function* relaxedChange(
  { L, B, C: A, states: n, neurons: H }: LinearFractionalForm,
  { lower, upper }: SlopeBox,
  c: number,
): Generator<void, Float64Array, void> {
  const BT = transposed(B, n, H);
  const centre = lower.map((lo, i) => (lo + upper[i]!) / 2);
  const radius = lower.map((lo, i) => (upper[i]! - lo) / 2);
  const L0 = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) L0[i * n + j] = (L[i * n + j]! + L[j * n + i]!) / 2;
  for (let i = 0; i < n; i++) L0[i * (n + 1)]! -= c;
  let latest = { C: A, excess: Number.POSITIVE_INFINITY, gap: 1 };

  /** Minus the dual function, by Y. */
  function dual(Y: Float64Array): Valued {
    // Y^T Y = U diag(g) U^T; with V = Y U, E = V V^T and V^T V = diag(g).
    const YT = transposed(Y, n, n);
    // Where nothing is feasible the dual grows without end.
    if (!Y.every((v) => Math.abs(v) < OVERFLOW)) return { value: Number.POSITIVE_INFINITY, gradient: Y };
    const eigen = symmetricEigen(productTransposed(YT, YT, n, n, n), n);
    if (!eigen) return { value: Number.POSITIVE_INFINITY, gradient: Y };
    const g = eigen.values.map((v) => Math.max(v, 0));
    const UT = transposed(eigen.vectors, n, n);
    const V = productTransposed(Y, UT, n, n, n);
    // E B_i and e_i^2 = B_i^T E B_i.
    const VB = productTransposed(BT, transposed(V, n, n), H, n, n);
    const EB = productTransposed(VB, V, H, n, n);
    const rows = A.slice();
    for (let i = 0; i < H; i++) for (let j = 0; j < n; j++) rows[i * n + j]! -= centre[i]! * EB[i * n + j]!;
    const inBasis = productTransposed(rows, transposed(V, n, n), H, n, n);
    const weights = new Float64Array(H * n);
    const s = new Float64Array(H);
    let value = 0;
    for (let i = 0; i < H; i++) {
      const e = Math.sqrt(dotRows(VB, i * n, VB, i * n, n));
      const b = inBasis.subarray(i * n, (i + 1) * n);
      const length = radius[i]! * e;
      const rho = proxLength(b, g, length);
      s[i] = e > 0 ? rho / e : 0;
      for (let j = 0; j < n; j++) {
        const down = rho + length * g[j]!;
        weights[i * n + j] = down > 0 ? (length * b[j]!) / down : 0;
      }
      value += length * rho;
    }
    const taken = productTransposed(weights, V, H, n, n);
    const C = rows.map((v, k) => v - taken[k]!);
    // <E, L0> + sum_i 1/2 |C_i - A_i|^2 + c0 (E B_i) . C_i + r e |E^(1/2) C_i|
    for (let k = 0; k < H * n; k++) {
      value += (C[k]! - A[k]!) ** 2 / 2 + centre[Math.floor(k / n)]! * EB[k]! * C[k]!;
    }
    const E = productTransposed(V, V, n, n, n);
    value += dotRows(E, 0, L0, 0, n * n);
    const Q = quadratic(C, s);
    const half = C.reduce((sum, v, k) => sum + (v - A[k]!) ** 2, 0) / 2;
    latest = { C, excess: topEigenpair(Q, n).value, gap: Math.abs(half - value) / Math.max(half, 1e-300) };
    const gradient = productTransposed(Q, YT, n, n, n).map((v) => -2 * v);
    return { value: -value, gradient };
  }

  function quadratic(C: Float64Array, s: Float64Array): Float64Array {
    const weighted = BT.slice();
    const squares = new Float64Array(2 * H * n);
    for (let i = 0; i < H; i++) {
      const bounded = Math.max(s[i]!, 1e-12);
      const byC = Math.sqrt(radius[i]! / (2 * bounded));
      const byB = Math.sqrt((radius[i]! * bounded) / 2);
      for (let j = 0; j < n; j++) {
        const k = i * n + j;
        weighted[k]! *= centre[i]!;
        squares[k] = byC * C[k]!;
        squares[H * n + k] = byB * BT[k]!;
      }
    }
    const linear = productTransposed(transposed(weighted, H, n), transposed(C, H, n), n, n, H);
    const S = transposed(squares, 2 * H, n);
    const Q = productTransposed(S, S, n, n, 2 * H);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) Q[i * n + j]! += L0[i * n + j]! + (linear[i * n + j]! + linear[j * n + i]!) / 2;
    }
    return Q;
  }

  let start = new Float64Array(n * n);
  let best = Number.POSITIVE_INFINITY;
  let first = 0;
  for (let k = -8; k <= 8; k++) {
    const Y = new Float64Array(n * n);
    for (let i = 0; i < n; i++) Y[i * (n + 1)] = 4 ** (k / 2) * (1 + 0.01 * Math.sin(1 + i));
    const { value } = dual(Y);
    if (k === -8) first = latest.excess;
    if (value < best) [best, start] = [value, Y];
    yield;
  }
  let steps = 0;
  let found = latest;
  for (const _ of minimise(dual, start)) {
    found = latest;
    if ((latest.excess <= CLOSE * first && latest.gap <= GAP) || ++steps > STEPS) break;
    yield;
  }
  return found.C;
}

/** The rho >= 0 with sum_j b_j^2 / (rho + length g_j)^2 = 1; 0 where the sum is below 1 there already. */
function proxLength(b: Float64Array, g: Float64Array, length: number): number {
  const sum = (rho: number) => {
    let total = 0;
    for (let j = 0; j < b.length; j++) if (b[j] !== 0) total += (b[j]! / (rho + length * g[j]!)) ** 2;
    return total;
  };
  if (sum(0) <= 1) return 0;
  let high = Math.sqrt(dotRows(b, 0, b, 0, b.length));
  let low = 0;
  // 1 / sqrt(sum) is concave in rho and nearly linear: Newton's method on it from the left would do, bisection guards it.
  let rho = high / 2;
  for (let k = 0; k < 60 && high - low > 1e-15 * high; k++) {
    let total = 0;
    let slope = 0;
    for (let j = 0; j < b.length; j++) {
      if (b[j] === 0) continue;
      const down = rho + length * g[j]!;
      const q = (b[j]! / down) ** 2;
      total += q;
      slope += q / down;
    }
    if (total > 1) low = rho;
    else high = rho;
    const next = rho + (total * (Math.sqrt(total) - 1)) / slope;
    if (Math.abs(next - rho) <= 1e-15 * rho) break;
    rho = next > low && next < high ? next : (low + high) / 2;
  }
  return rho;
}
