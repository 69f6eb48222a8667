import { jacobian } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";

/**
 * The Jacobian at the centre of the slopes and the loop around it, x' = L x + B s, q = C x + N s, s_i = delta_i q_i with
 * |delta_i| <= 1 for the h neurons whose slopes are free (docs/mathematics.md, section 3). Unlike CentredForm it keeps L
 * whole, and is in rounded arithmetic: a metric is found with it, not proved.
 */
export interface Loop {
  readonly states: number;
  /** h */
  readonly free: number;
  /** [n, n] */
  readonly L: Float64Array;
  /** [n, h] */
  readonly B: Float64Array;
  /** [h, n] */
  readonly C: Float64Array;
  /** [h, h] */
  readonly N: Float64Array;
}

/** @param scale what the Jacobian is multiplied by. */
export function loopOf(form: LinearFractionalForm, box: SlopeBox, scale: number): Loop {
  const { states: n, neurons: H } = form;
  const centre = box.lower.map((lo, i) => lo / 2 + box.upper[i]! / 2);
  const free = Array.from(centre.keys()).filter((i) => {
    const enters =
      form.C.subarray(i * n, (i + 1) * n).some((v) => v !== 0) ||
      form.N.subarray(i * H, (i + 1) * H).some((v) => v !== 0);
    return box.lower[i] !== box.upper[i] && enters;
  });
  const h = free.length;
  const w = n + h;
  // Rows p_i and q_i over the coordinates (x, s).
  const P = new Float64Array(H * w);
  const C = new Float64Array(h * n);
  const N = new Float64Array(h * h);
  let k = 0;
  for (let i = 0; i < H; i++) {
    const q = new Float64Array(w);
    q.set(form.C.subarray(i * n, (i + 1) * n));
    for (let j = 0; j < i; j++) {
      const v = form.N[i * H + j]!;
      if (v !== 0) for (let c = 0; c < w; c++) q[c]! += v * P[j * w + c]!;
    }
    for (let c = 0; c < w; c++) P[i * w + c] = centre[i]! * q[c]!;
    if (free[k] !== i) continue;
    P[i * w + n + k] = box.upper[i]! / 2 - box.lower[i]! / 2;
    C.set(q.subarray(0, n), k * n);
    N.set(q.subarray(n), k * h);
    k++;
  }
  const B = new Float64Array(n * h);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < H; i++) {
      const b = form.B[r * H + i]! * scale;
      if (b !== 0) for (let c = 0; c < h; c++) B[r * h + c]! += b * P[i * w + n + c]!;
    }
  }
  const L = jacobian(form, centre).map((v) => v * scale);
  return { states: n, free: h, L, B, C, N };
}
