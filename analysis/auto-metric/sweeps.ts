import type { LinearFractionalForm } from "../../model/form.ts";

/** Derivatives of y^T J(D) x, in plain doubles: d / d d_k is q_k b_k, q from `forward` of x and b from `backward` of y. */

/** q = C x + N D q, [H] */
export function forward(form: LinearFractionalForm, slopes: Float64Array, x: Float64Array): Float64Array {
  const { states: n, neurons: H, offsets, C, N } = form;
  const q = new Float64Array(H);
  for (let layer = 0; layer + 1 < offsets.length; layer++) {
    const before = offsets[layer]!;
    for (let i = before; i < offsets[layer + 1]!; i++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += C[i * n + j]! * x[j]!;
      for (let j = 0; j < before; j++) s += N[i * H + j]! * slopes[j]! * q[j]!;
      q[i] = s;
    }
  }
  return q;
}

/** b = B^T y + N^T D b, [H] */
export function backward(form: LinearFractionalForm, slopes: Float64Array, y: Float64Array): Float64Array {
  const { states: n, neurons: H, offsets, B, N } = form;
  const b = new Float64Array(H);
  for (let layer = offsets.length - 2; layer >= 0; layer--) {
    const after = offsets[layer + 1]!;
    for (let i = offsets[layer]!; i < after; i++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += B[j * H + i]! * y[j]!;
      for (let j = after; j < H; j++) s += N[j * H + i]! * slopes[j]! * b[j]!;
      b[i] = s;
    }
  }
  return b;
}

/** J(D) x, with q = `forward` of x, [n] */
export function timesJacobian(
  { states: n, neurons: H, L, B }: LinearFractionalForm,
  slopes: Float64Array,
  x: Float64Array,
  q: Float64Array,
): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let s = 0;
    for (let j = 0; j < n; j++) s += L[i * n + j]! * x[j]!;
    for (let k = 0; k < H; k++) s += B[i * H + k]! * slopes[k]! * q[k]!;
    return s;
  });
}

/** J(D)^T y, with b = `backward` of y, [n] */
export function timesTransposedJacobian(
  { states: n, neurons: H, L, C }: LinearFractionalForm,
  slopes: Float64Array,
  y: Float64Array,
  b: Float64Array,
): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) if (y[i] !== 0) for (let j = 0; j < n; j++) out[j]! += y[i]! * L[i * n + j]!;
  for (let k = 0; k < H; k++) {
    const p = slopes[k]! * b[k]!;
    if (p !== 0) for (let j = 0; j < n; j++) out[j]! += p * C[k * n + j]!;
  }
  return out;
}
