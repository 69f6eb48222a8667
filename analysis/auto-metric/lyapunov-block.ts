import { choleskyInPlace, inverseFrom } from "../cholesky.ts";
import { dotRows, productTransposed, symmetricProduct, transposed } from "../dense.ts";
import { topEigenpair } from "../top-eigenpair.ts";
import type { Loop } from "./loop.ts";

/**
 * One inequality on a common P (docs/mathematics.md, section 6), T symmetric of size w = n + h:
 *
 *     T(c, P, lambda) = E P F + F^T P E^T + sum_i lambda_i (s_i s_i^T - q_i q_i^T)  positive definite,
 *
 * E = [I; 0], F = [c I - L, -B], q_i = [C_i, N_i], s_i the unit vector of s_i. It says that no slopes of the loop let
 * z^T P z grow faster than exp(2 c t). Without free slopes it is Lyapunov's.
 */
export class LyapunovBlock {
  readonly loop: Loop;

  constructor(loop: Loop) {
    this.loop = loop;
  }

  /** From the last layer back, large enough that the corner of s is diagonally dominant. */
  initialMultipliers(): Float64Array {
    const { states: n, free: h, B, C, N } = this.loop;
    const lambda = new Float64Array(h);
    for (let i = h - 1; i >= 0; i--) {
      let b = 0;
      for (let j = 0; j < n; j++) b += B[j * h + i]! ** 2;
      const c = dotRows(C, i * n, C, i * n, n);
      lambda[i] = b > 0 && c > 0 ? Math.sqrt(b / c) : 1e-2;
      let row = 0;
      for (let k = i + 1; k < h; k++) {
        const v = Math.abs(N[k * h + i]!);
        if (v !== 0) for (let j = 0; j < k; j++) row += lambda[k]! * v * Math.abs(N[k * h + j]!);
      }
      lambda[i] = Math.max(2 * row, lambda[i]!, 1e-8);
    }
    return lambda;
  }

  /** T, its lower triangle being what counts. */
  matrix(c: number, P: Float64Array, lambda: Float64Array): Float64Array {
    const { states: n, free: h, L, B, C, N } = this.loop;
    const w = n + h;
    const T = new Float64Array(w * w);
    const PL = productTransposed(P, transposed(L, n, n), n, n, n);
    const rows = transposed(C, h, n);
    const weighted = rows.map((v, k) => v * lambda[k % h]!);
    const CC = h > 0 ? symmetricProduct(weighted, rows, n, h) : new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const at = i * n + j;
        T[i * w + j] = 2 * c * P[at]! - PL[at]! - PL[j * n + i]! - CC[at]!;
      }
    }
    if (h === 0) return T;
    const PB = productTransposed(P, transposed(B, n, h), n, h, n);
    const NT = transposed(N, h, h);
    const CN = productTransposed(weighted, NT, n, h, h);
    const NN = symmetricProduct(
      NT.map((v, k) => v * lambda[k % h]!),
      NT,
      h,
      h,
    );
    for (let k = 0; k < h; k++) {
      for (let j = 0; j < n; j++) T[(n + k) * w + j] = -PB[j * h + k]! - CN[j * h + k]!;
      for (let l = 0; l <= k; l++) T[(n + k) * w + n + l] = (k === l ? lambda[k]! : 0) - NN[k * h + l]!;
    }
    return T;
  }

  /** log det T and T^{-1}; null where T is not positive definite. */
  factorise(c: number, P: Float64Array, lambda: Float64Array): { logDeterminant: number; R: Float64Array } | null {
    const w = this.loop.states + this.loop.free;
    const R = this.matrix(c, P, lambda);
    if (!choleskyInPlace(R, w)) return null;
    let logDeterminant = 0;
    for (let i = 0; i < w; i++) logDeterminant += 2 * Math.log(R[i * w + i]!);
    return { logDeterminant, R };
  }

  /** The least c for which T(c, P, lambda) is positive semidefinite; infinite where there is none. */
  leastRate(P: Float64Array, lambda: Float64Array): number {
    const { states: n, free: h } = this.loop;
    const w = n + h;
    const T = this.matrix(0, P, lambda);
    // s first, so that its elimination leaves the Schur complement on x.
    const corner = new Float64Array(h * h);
    for (let k = 0; k < h; k++) for (let l = 0; l <= k; l++) corner[k * h + l] = T[(n + k) * w + n + l]!;
    if (h > 0 && !choleskyInPlace(corner, h)) return Number.POSITIVE_INFINITY;
    const inverse = inverseFrom(corner, h);
    const X = new Float64Array(n * h);
    for (let k = 0; k < h; k++) for (let j = 0; j < n; j++) X[j * h + k] = T[(n + k) * w + j]!;
    const XX = h > 0 ? symmetricProduct(productTransposed(X, inverse, n, h, h), X, n, h) : new Float64Array(n * n);
    const R = P.slice();
    if (!choleskyInPlace(R, n)) return Number.POSITIVE_INFINITY;
    const S = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const v = (XX[i * n + j]! - T[i * w + j]!) / 2;
        S[i * n + j] = v;
        S[j * n + i] = v;
      }
    }
    return topEigenpair(whitened(S, R, n), n).value;
  }

  /** Gradient and Hessian of -log det T at a point where it was factorised. */
  curvature(c: number, R: Float64Array): BlockCurvature {
    return new BlockCurvature(this.loop, c, inverseFrom(R, this.loop.states + this.loop.free));
  }
}

/** R^{-1} S R^{-T} for a lower triangular R. */
export function whitened(S: Float64Array, R: Float64Array, n: number): Float64Array {
  const solveRows = (X: Float64Array) => {
    // R Y = X, row by row.
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) {
        const r = R[i * n + k]!;
        if (r !== 0) for (let j = 0; j < n; j++) X[i * n + j]! -= r * X[k * n + j]!;
      }
      for (let j = 0; j < n; j++) X[i * n + j]! /= R[i * n + i]!;
    }
    return X;
  };
  return solveRows(transposed(solveRows(S.slice()), n, n));
}

/**
 * With W = T^{-1}, K = E^T W E, G = F W E, M = F W F^T: what is needed of the barrier -log det T and its derivatives by
 * (P, lambda), at the cost of a few [n, n] products each.
 */
export class BlockCurvature {
  readonly K: Float64Array;
  readonly M: Float64Array;
  private readonly G: Float64Array;
  private readonly n: number;
  private readonly h: number;
  /** Rows E^T W q_i and E^T W s_i, then F W q_i and F W s_i, [h, n]. */
  private readonly xq: Float64Array;
  private readonly xs: Float64Array;
  private readonly fq: Float64Array;
  private readonly fs: Float64Array;
  private readonly qq: Float64Array;
  private readonly qs: Float64Array;
  private readonly ss: Float64Array;

  constructor({ states: n, free: h, L, B, C, N }: Loop, c: number, W: Float64Array) {
    const w = n + h;
    this.n = n;
    this.h = h;
    const F = new Float64Array(n * w);
    const Q = new Float64Array(h * w);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) F[i * w + j] = (i === j ? c : 0) - L[i * n + j]!;
      for (let k = 0; k < h; k++) F[i * w + n + k] = -B[i * h + k]!;
    }
    for (let k = 0; k < h; k++) {
      Q.set(C.subarray(k * n, (k + 1) * n), k * w);
      Q.set(N.subarray(k * h, (k + 1) * h), k * w + n);
    }
    const FW = productTransposed(F, W, n, w, w);
    const QW = productTransposed(Q, W, h, w, w);
    this.K = cut(W, w, 0, n, 0, n);
    this.G = cut(FW, w, 0, n, 0, n);
    this.M = productTransposed(FW, F, n, n, w);
    this.xq = cut(QW, w, 0, h, 0, n);
    this.xs = cut(W, w, n, w, 0, n);
    this.fq = productTransposed(QW, F, h, n, w);
    this.fs = transposed(cut(FW, w, 0, n, n, w), n, h);
    this.qq = productTransposed(QW, Q, h, h, w);
    this.qs = cut(QW, w, 0, h, n, w);
    this.ss = cut(W, w, n, w, n, w);
  }

  /** Adds the gradient by P to `P`; returns that by lambda. */
  gradient(P: Float64Array): Float64Array {
    addSymmetric(P, this.G, this.n, -1);
    return Float64Array.from({ length: this.h }, (_, i) => this.qq[i * this.h + i]! - this.ss[i * this.h + i]!);
  }

  /** The same of the gradient's derivative by c; `at` is the present P. */
  gradientByRate(at: Float64Array, P: Float64Array): Float64Array {
    const { n, h, K, G, xs, xq } = this;
    const GP = productTransposed(G, at, n, n, n);
    addSymmetric(P, K, n, -1);
    addSymmetric(P, productTransposed(GP, K, n, n, n), n, 2);
    const sP = productTransposed(xs, at, h, n, n);
    const qP = productTransposed(xq, at, h, n, n);
    return Float64Array.from(
      { length: h },
      (_, i) => 2 * (dotRows(sP, i * n, xs, i * n, n) - dotRows(qP, i * n, xq, i * n, n)),
    );
  }

  /** The Hessian times (X, mu): adds its part by P to `P`; returns that by lambda. */
  apply(X: Float64Array, mu: Float64Array, P: Float64Array): Float64Array {
    const { n, h, G, M, K, xs, xq, fs, fq } = this;
    const GX = productTransposed(G, X, n, n, n);
    addSymmetric(P, productTransposed(GX, transposed(G, n, n), n, n, n), n, 1);
    const MX = productTransposed(M, X, n, n, n);
    addSymmetric(P, productTransposed(MX, K, n, n, n), n, 1);
    if (h === 0) return mu;
    // A*(W (sum mu_i (s s^T - q q^T)) W)
    const weighted = (rows: Float64Array) =>
      transposed(
        rows.map((v, k) => v * mu[Math.floor(k / n)]!),
        h,
        n,
      );
    const S = productTransposed(weighted(fs), transposed(xs, h, n), n, n, h);
    const Q = productTransposed(weighted(fq), transposed(xq, h, n), n, n, h);
    addSymmetric(P, S, n, 1);
    addSymmetric(P, Q, n, -1);
    const sX = productTransposed(xs, X, h, n, n);
    const qX = productTransposed(xq, X, h, n, n);
    const H = this.multipliers();
    return Float64Array.from({ length: h }, (_, i) => {
      const byP = 2 * (dotRows(sX, i * n, fs, i * n, n) - dotRows(qX, i * n, fq, i * n, n));
      return byP + dotRows(H, i * h, mu, 0, h);
    });
  }

  private hessian: Float64Array | null = null;

  /** The Hessian by lambda alone, [h, h]. */
  multipliers(): Float64Array {
    const { h, qq, qs, ss } = this;
    this.hessian ??= qq.map((a, k) => a * a - qs[k]! ** 2 - qs[(k % h) * h + Math.floor(k / h)]! ** 2 + ss[k]! ** 2);
    return this.hessian;
  }
}

function cut(X: Float64Array, width: number, r0: number, r1: number, c0: number, c1: number): Float64Array {
  const out = new Float64Array((r1 - r0) * (c1 - c0));
  for (let i = r0; i < r1; i++) out.set(X.subarray(i * width + c0, i * width + c1), (i - r0) * (c1 - c0));
  return out;
}

/** P += factor (Y + Y^T) */
function addSymmetric(P: Float64Array, Y: Float64Array, n: number, factor: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) P[i * n + j]! += factor * (Y[i * n + j]! + Y[j * n + i]!);
}
