import { choleskyInPlace } from "../cholesky.ts";
import { dotRows, productTransposed, transposed } from "../dense.ts";
import type { Question } from "../question.ts";
import { topEigenpair } from "../top-eigenpair.ts";

/**
 * Two vectors that show a value of a Jacobian J: whatever J is, what is asked of it is at least (u^T J w + fixed) / scale.
 * It is linear in J, and so a cut: of all J that keep the limit c, u^T J w <= c scale - fixed.
 */
export interface Pair {
  /** [n] */
  readonly u: Float64Array;
  readonly w: Float64Array;
  /** Bounds on the entries of u, and on what `scale` and `fixed` are sums of, before anything cancels. */
  readonly sizes: { readonly u: Float64Array; readonly scale: number; readonly fixed: number };
  readonly scale: number;
  readonly fixed: number;
  readonly value: number;
  /** Norms 1 and inf: of the column or row. */
  readonly row: number | null;
}

/** The pairs that show most of a Jacobian, the worst one first, `count` at most. */
export type WorstPairs = (J: Float64Array, count: number) => Pair[];

/**
 * For a question with a given metric or none, and no `lipschitz`; null where the metric is not numerically positive definite.
 * @param n states
 */
export function worstPairs({ kind, norm, metric, h }: Question, n: number): WorstPairs | null {
  const values = metric?.kind === "given" ? metric.values : null;
  if (kind === "step") return norm === "2" ? (J, count) => stretched(J, n, h!, count) : rows(n, norm, null, h!);
  if (norm !== "2") return rows(n, norm, values, null);
  return values ? quadratic(n, values) : (J, count) => spectral(J, n, count).map((v) => plain(v, J, n));
}

/** Unit eigenvectors of the symmetric part, the largest eigenvalue first. */
function spectral(J: Float64Array, n: number, count: number): Float64Array[] {
  const S = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) S[i * n + j] = (J[i * n + j]! + J[j * n + i]!) / 2;
  return topVectors(S, n, count);
}

/** Each found one is taken out of the matrix. */
function topVectors(S: Float64Array, n: number, count: number): Float64Array[] {
  const found: Float64Array[] = [];
  const size = 2 * S.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-300) * n;
  while (found.length < Math.min(count, n)) {
    const { vector } = topEigenpair(S, n);
    found.push(vector);
    if (found.length === count) break;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) S[i * n + j]! -= size * vector[i]! * vector[j]!;
  }
  return found;
}

function pairing(u: Float64Array, J: Float64Array, w: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) if (u[i] !== 0) sum += u[i]! * dotRows(J, i * n, w, 0, n);
  return sum;
}

function plain(v: Float64Array, J: Float64Array, n: number): Pair {
  return plainPair(v, pairing(v, J, v, n) / dotRows(v, 0, v, 0, n));
}

/** v^T J v <= c v^T v. @param value v^T J v / v^T v */
export function plainPair(v: Float64Array, value: number): Pair {
  const scale = dotRows(v, 0, v, 0, v.length);
  return { u: v, w: v, sizes: { u: v.map(Math.abs), scale, fixed: 0 }, scale, fixed: 0, value, row: null };
}

/** w^T P J w <= c w^T P w; P = R R^T, and R^T J R^{-T} is what has eigenvectors. */
function quadratic(n: number, P: Float64Array): WorstPairs | null {
  const R = P.slice();
  if (!choleskyInPlace(R, n)) return null;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) R[i * n + j] = 0;
  const inverse = lowerInverse(R, n);
  const RT = transposed(R, n, n);
  const absolute = P.map(Math.abs);
  return (J, count) => {
    // R^T J R^{-T}, as products X Y^T.
    const changed = productTransposed(productTransposed(RT, transposed(J, n, n), n, n, n), inverse, n, n, n);
    return spectral(changed, n, count).map((v) => {
      const w = new Float64Array(n);
      for (let i = 0; i < n; i++) for (let j = i; j < n; j++) w[i]! += inverse[j * n + i]! * v[j]!;
      const u = new Float64Array(n);
      const sizes = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        u[i] = dotRows(P, i * n, w, 0, n);
        for (let j = 0; j < n; j++) sizes[i]! += absolute[i * n + j]! * Math.abs(w[j]!);
      }
      const scale = dotRows(u, 0, w, 0, n);
      const scaleSize = sizes.reduce((sum, v, i) => sum + v * Math.abs(w[i]!), 0);
      return {
        u,
        w,
        sizes: { u: sizes, scale: scaleSize, fixed: 0 },
        scale,
        fixed: 0,
        value: pairing(u, J, w, n) / scale,
        row: null,
      };
    });
  };
}

/** Of a lower triangular matrix with a positive diagonal. */
function lowerInverse(R: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let s = i === j ? 1 : 0;
      for (let k = j; k < i; k++) s -= R[i * n + k]! * out[k * n + j]!;
      out[i * n + j] = s / R[i * n + i]!;
    }
  }
  return out;
}

/** |I + h J|: u^T w + h u^T J w <= c |u| |w|, from the top eigenvectors of [[0, X], [X^T, 0]]. */
function stretched(J: Float64Array, n: number, h: number, count: number): Pair[] {
  const X = J.map((v, k) => h * v + (k % (n + 1) === 0 ? 1 : 0));
  const S = new Float64Array(4 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      S[i * 2 * n + n + j] = X[i * n + j]!;
      S[(n + j) * 2 * n + i] = X[i * n + j]!;
    }
  }
  return topVectors(S, 2 * n, count).map((vector) => {
    const left = vector.slice(0, n);
    const w = vector.slice(n);
    const u = left.map((v) => h * v);
    const scale = Math.hypot(...left) * Math.hypot(...w);
    const fixed = dotRows(left, 0, w, 0, n);
    const absolute = left.reduce((sum, v, i) => sum + Math.abs(v * w[i]!), 0);
    const value = (pairing(u, J, w, n) + fixed) / scale;
    return { u, w, sizes: { u: u.map(Math.abs), scale, fixed: absolute }, scale, fixed, value, row: null };
  });
}

/**
 * Norms 1 and inf: one row (inf) or column (1) with the signs of its entries, weighted by eta_i / eta_j; for a step those of
 * I + h J.
 */
function rows(n: number, norm: "1" | "inf", eta: Float64Array | null, h: number | null): WorstPairs {
  const ratio = (i: number, j: number) => (eta ? eta[i]! / eta[j]! : 1);
  return (J, count) => {
    const pairs = Array.from({ length: n }, (_, i): Pair => {
      const unit = new Float64Array(n);
      const signs = new Float64Array(n);
      unit[i] = h ?? 1;
      let fixed = 0;
      for (let j = 0; j < n; j++) {
        const entry = norm === "inf" ? J[i * n + j]! : J[j * n + i]!;
        const weight = norm === "inf" ? ratio(i, j) : ratio(j, i);
        const X = h === null ? entry : h * entry + (i === j ? 1 : 0);
        signs[j] = i === j && h === null ? 1 : X < 0 ? -weight : weight;
        if (i === j && h !== null) fixed = signs[j]!;
      }
      const [u, w] = norm === "inf" ? [unit, signs] : [signs.map((s) => s * (h ?? 1)), unit.map((x) => x / (h ?? 1))];
      const value = pairing(u, J, w, n) + fixed;
      return { u, w, sizes: { u: u.map(Math.abs), scale: 1, fixed: 1 }, scale: 1, fixed, value, row: i };
    });
    return pairs.sort((a, b) => b.value - a.value).slice(0, count);
  };
}
