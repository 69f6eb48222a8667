import { type Ball, exact, product } from "../model/ball.ts";
import type { Norm } from "../model/model.ts";
import { transposed } from "./dense.ts";
import { vectorNorm } from "./matrix-norms.ts";

const ROUNDED = 1 + 1e-9;

/**
 * The vectors Q xi with |xi_i| <= radius_i, Q about orthogonal: what an error of the initial state may have become. A box
 * that turns with the flow grows no more than the flow does, where one along the axes would be wrapped again and again
 * (Lohner's method; Nedialkov, Jackson, Corliss, Applied Mathematics and Computation 105, 21-68, 1999).
 */
export class OrientedBox {
  private readonly n: number;
  private readonly Q: Float64Array;
  private readonly radius: Float64Array;

  private constructor(n: number, Q: Float64Array, radius: Float64Array) {
    this.n = n;
    this.Q = Q;
    this.radius = radius;
  }

  /** The box that holds 0 only. */
  static point(n: number): OrientedBox {
    const Q = new Float64Array(n * n);
    for (let i = 0; i < n; i++) Q[i * n + i] = 1;
    return new OrientedBox(n, Q, new Float64Array(n));
  }

  /** A box that holds X y + e for every y of this one, X within the ball, |e_i| <= local_i. */
  moved(X: Ball, local: Float64Array): OrientedBox {
    const { n } = this;
    const XQ = product(X, exact(this.Q), n, n, n);
    const Q = this.orthogonal(XQ.mid);
    const QT = exact(transposed(Q, n, n));
    const R = product(QT, XQ, n, n, n);
    const gram = product(QT, exact(Q), n, n, n);
    // Q^-1 = (I + E)^-1 Q^T, |E| in the infinity norm.
    let E = 0;
    for (let i = 0; i < n; i++) {
      let row = 0;
      for (let j = 0; j < n; j++) {
        row += Math.abs(gram.mid[i * n + j]! - (i === j ? 1 : 0)) + (gram.radius?.[i * n + j] ?? 0) + 2 ** -52;
      }
      E = Math.max(E, row * ROUNDED);
    }
    const radius = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const at = i * n + j;
        radius[i]! += (Math.abs(R.mid[at]!) + (R.radius?.[at] ?? 0)) * this.radius[j]!;
        radius[i]! += Math.abs(Q[j * n + i]!) * local[j]!;
      }
    }
    const widest = radius.reduce((m, r) => Math.max(m, r), 0);
    const off = E < 0.5 ? 2 * E * widest : Number.POSITIVE_INFINITY;
    return new OrientedBox(
      n,
      Q,
      radius.map((r) => (r + off) * ROUNDED + Number.MIN_VALUE),
    );
  }

  /** A bound on the p-norm of its vectors. */
  norm(norm: Norm): number {
    const { n, Q, radius } = this;
    const reach = radius.map((_, i) => radius.reduce((s, r, j) => s + Math.abs(Q[i * n + j]!) * r, 0));
    return vectorNorm(reach, norm) * ROUNDED;
  }

  /** Gram and Schmidt, twice, on the columns, the ones that carry the largest errors first. */
  private orthogonal(X: Float64Array): Float64Array {
    const { n } = this;
    const columns = Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, i) => X[i * n + j]!));
    const weight = (j: number) => vectorNorm(columns[j]!, "2") * this.radius[j]!;
    const order = [...columns.keys()].sort((a, b) => weight(b) - weight(a));
    const Q = new Float64Array(n * n);
    const found: Float64Array[] = [];
    const add = (candidate: Float64Array): boolean => {
      const v = candidate.slice();
      const size = vectorNorm(v, "2");
      for (let pass = 0; pass < 2; pass++) {
        for (const q of found) {
          const s = v.reduce((sum, x, i) => sum + x * q[i]!, 0);
          for (let i = 0; i < n; i++) v[i]! -= s * q[i]!;
        }
      }
      const length = vectorNorm(v, "2");
      if (!(length > 1e-10 * size)) return false;
      found.push(v.map((x) => x / length));
      return true;
    };
    for (const j of order) add(columns[j]!);
    // What the columns do not span, by the axes.
    for (let i = 0; found.length < n && i < n; i++) add(Float64Array.from({ length: n }, (_, k) => (k === i ? 1 : 0)));
    found.forEach((q, j) => {
      for (let i = 0; i < n; i++) Q[i * n + j] = q[i]!;
    });
    return Q;
  }
}
