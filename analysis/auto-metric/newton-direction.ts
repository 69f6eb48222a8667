import { choleskyInPlace, solveInPlace } from "../cholesky.ts";
import { productTransposed, transposed } from "../dense.ts";
import { type BlockCurvature, whitened } from "./lyapunov-block.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** A direction in (P, multipliers of each block). */
export interface Direction {
  readonly P: Float64Array;
  readonly lambda: readonly Float64Array[];
}

export function inner(a: Direction, b: Direction): number {
  let sum = 0;
  for (let k = 0; k < a.P.length; k++) sum += a.P[k]! * b.P[k]!;
  a.lambda.forEach((own, i) => {
    for (let k = 0; k < own.length; k++) sum += own[k]! * b.lambda[i]![k]!;
  });
  return sum;
}

/** a + t b */
export function moved(a: Direction, t: number, b: Direction): Direction {
  return {
    P: a.P.map((v, k) => v + t * b.P[k]!),
    lambda: a.lambda.map((own, i) => own.map((v, k) => v + t * b.lambda[i]![k]!)),
  };
}

/**
 * Solves with the barrier's Hessian by preconditioned conjugate gradients: its part in P is X -> sum (G X G + M X K) + its
 * transpose, and X -> M X K + K X M alone, which is inverted in the common eigenbasis of M and K, differs from it by a
 * factor at most 2. So a step costs a few products of [n, n] matrices, where its n (n + 1) / 2 equations cost (n^2 / 2)^3.
 */
export class NewtonDirections {
  private readonly blocks: readonly BlockCurvature[];
  private readonly n: number;
  /** Rows z with z^T K z = 1, orthogonal for both forms, [n, n]. */
  private readonly basis: Float64Array;
  /** z^T M z, [n]. */
  private readonly values: Float64Array;
  private readonly factors: readonly Float64Array[];

  private constructor(
    blocks: readonly BlockCurvature[],
    n: number,
    basis: Float64Array,
    values: Float64Array,
    factors: readonly Float64Array[],
  ) {
    this.blocks = blocks;
    this.n = n;
    this.basis = basis;
    this.values = values;
    this.factors = factors;
  }

  /** null where rounding makes it indefinite. */
  static *of(blocks: readonly BlockCurvature[], n: number): Generator<void, NewtonDirections | null, void> {
    const K = new Float64Array(n * n);
    const M = new Float64Array(n * n);
    for (const block of blocks) {
      for (let k = 0; k < n * n; k++) {
        K[k]! += block.K[k]!;
        M[k]! += block.M[k]!;
      }
    }
    const R = K;
    if (!choleskyInPlace(R, n)) return null;
    const { values, vectors } = yield* symmetricEigen(whitened(M, R, n), n);
    if (values.some((v) => !(v > 0))) return null;
    // z = R^{-T} v
    const basis = new Float64Array(n * n);
    for (let r = 0; r < n; r++) {
      for (let i = n - 1; i >= 0; i--) {
        let s = vectors[r * n + i]!;
        for (let k = i + 1; k < n; k++) s -= R[k * n + i]! * basis[r * n + k]!;
        basis[r * n + i] = s / R[i * n + i]!;
      }
    }
    const factors: Float64Array[] = [];
    for (const block of blocks) {
      const H = block.multipliers().slice();
      const h = Math.round(Math.sqrt(H.length));
      if (h > 0 && !choleskyInPlace(H, h)) return null;
      factors.push(H);
    }
    return new NewtonDirections(blocks, n, basis, values, factors);
  }

  /** The solution of Hessian x = rhs to a relative accuracy; x = 0 is where it begins. */
  *solve(rhs: Direction, accuracy: number): Generator<void, Direction, void> {
    let x: Direction = {
      P: new Float64Array(rhs.P.length),
      lambda: rhs.lambda.map((own) => new Float64Array(own.length)),
    };
    let r = rhs;
    let z = this.precondition(r);
    let p = z;
    let rz = inner(r, z);
    const enough = accuracy * accuracy * rz;
    for (let k = 0; k < MOST_STEPS && rz > enough && rz > 0; k++) {
      const Hp = yield* this.apply(p);
      const curvature = inner(p, Hp);
      if (!(curvature > 0)) break;
      const alpha = rz / curvature;
      x = moved(x, alpha, p);
      r = moved(r, -alpha, Hp);
      z = this.precondition(r);
      const next = inner(r, z);
      p = moved(z, next / rz, p);
      rz = next;
      if (k % 16 === 15) yield;
    }
    return x;
  }

  private *apply(x: Direction): Generator<void, Direction, void> {
    const P = new Float64Array(x.P.length);
    const lambda: Float64Array[] = [];
    for (const [i, block] of this.blocks.entries()) {
      lambda.push(block.apply(x.P, x.lambda[i]!, P));
      if (this.n > YIELD_ABOVE) yield;
    }
    return { P, lambda };
  }

  private precondition({ P, lambda }: Direction): Direction {
    const { n, basis, values } = this;
    const inBasis = congruent(P, basis, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inBasis[i * n + j]! /= values[i]! + values[j]!;
    const back = congruent(inBasis, transposed(basis, n, n), n);
    const solved = lambda.map((own, i) => {
      const out = own.slice();
      if (out.length > 0) solveInPlace(this.factors[i]!, out.length, out);
      return out;
    });
    return { P: back, lambda: solved };
  }
}

const MOST_STEPS = 250;
/** Blocks of more states are a piece of work each. */
const YIELD_ABOVE = 24;

/** Z X Z^T for the rows of Z, X symmetric. */
function congruent(X: Float64Array, Z: Float64Array, n: number): Float64Array {
  return productTransposed(productTransposed(Z, X, n, n, n), Z, n, n, n);
}
