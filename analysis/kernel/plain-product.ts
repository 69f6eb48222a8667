/** `Routines.product`: both operands are read along their rows, in 4 x 4 register blocks. */
export function product(X: Float64Array, Y: Float64Array, r: number, s: number, k: number, out: Float64Array): void {
  for (let i = 0; i < r; i += 4) {
    for (let j = 0; j < s; j += 4) block(X, Y, out, i, Math.min(i + 4, r), j, Math.min(j + 4, s), s, k, 0);
  }
}

/** `Routines.symmetricProduct`. */
export function symmetricProduct(X: Float64Array, Y: Float64Array, r: number, k: number, out: Float64Array): void {
  belowDiagonal(X, Y, r, k, out, false);
}

/** out[n, n] = G G^T, G[n, n] upper triangular: what is below its diagonal, but for blocks of 4, is not read. */
export function triangularSquare(G: Float64Array, n: number, out: Float64Array): void {
  belowDiagonal(G, G, n, n, out, true);
}

function belowDiagonal(
  X: Float64Array,
  Y: Float64Array,
  r: number,
  k: number,
  out: Float64Array,
  upper: boolean,
): void {
  for (let i = 0; i < r; i += 4) {
    for (let j = 0; j <= i; j += 4) {
      block(X, Y, out, i, Math.min(i + 4, r), j, Math.min(j + 4, r), r, k, upper ? i : 0);
    }
  }
  for (let i = 0; i < r; i++) for (let j = 0; j < i; j++) out[j * r + i] = out[i * r + j]!;
}

function block(
  X: Float64Array,
  Y: Float64Array,
  out: Float64Array,
  i0: number,
  i1: number,
  j0: number,
  j1: number,
  stride: number,
  k: number,
  from: number,
): void {
  if (i1 - i0 === 4 && j1 - j0 === 4) {
    const x0 = i0 * k;
    const x1 = x0 + k;
    const x2 = x1 + k;
    const x3 = x2 + k;
    const y0 = j0 * k;
    const y1 = y0 + k;
    const y2 = y1 + k;
    const y3 = y2 + k;
    let s00 = 0;
    let s01 = 0;
    let s02 = 0;
    let s03 = 0;
    let s10 = 0;
    let s11 = 0;
    let s12 = 0;
    let s13 = 0;
    let s20 = 0;
    let s21 = 0;
    let s22 = 0;
    let s23 = 0;
    let s30 = 0;
    let s31 = 0;
    let s32 = 0;
    let s33 = 0;
    for (let l = from; l < k; l++) {
      const b0 = Y[y0 + l]!;
      const b1 = Y[y1 + l]!;
      const b2 = Y[y2 + l]!;
      const b3 = Y[y3 + l]!;
      const a0 = X[x0 + l]!;
      s00 += a0 * b0;
      s01 += a0 * b1;
      s02 += a0 * b2;
      s03 += a0 * b3;
      const a1 = X[x1 + l]!;
      s10 += a1 * b0;
      s11 += a1 * b1;
      s12 += a1 * b2;
      s13 += a1 * b3;
      const a2 = X[x2 + l]!;
      s20 += a2 * b0;
      s21 += a2 * b1;
      s22 += a2 * b2;
      s23 += a2 * b3;
      const a3 = X[x3 + l]!;
      s30 += a3 * b0;
      s31 += a3 * b1;
      s32 += a3 * b2;
      s33 += a3 * b3;
    }
    let o = i0 * stride + j0;
    out[o] = s00;
    out[o + 1] = s01;
    out[o + 2] = s02;
    out[o + 3] = s03;
    o += stride;
    out[o] = s10;
    out[o + 1] = s11;
    out[o + 2] = s12;
    out[o + 3] = s13;
    o += stride;
    out[o] = s20;
    out[o + 1] = s21;
    out[o + 2] = s22;
    out[o + 3] = s23;
    o += stride;
    out[o] = s30;
    out[o + 1] = s31;
    out[o + 2] = s32;
    out[o + 3] = s33;
    return;
  }
  for (let i = i0; i < i1; i++) {
    for (let j = j0; j < j1; j++) {
      let s = 0;
      for (let l = from; l < k; l++) s += X[i * k + l]! * Y[j * k + l]!;
      out[i * stride + j] = s;
    }
  }
}

/** `Routines.symmetricOperator`: four rows of A at a time are added to out. */
export function symmetricOperator(A: Float64Array, n: number): (v: Float64Array, out: Float64Array) => void {
  return (v, out) => {
    out.fill(0);
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      const a0 = i * n;
      const a1 = a0 + n;
      const a2 = a1 + n;
      const a3 = a2 + n;
      const v0 = v[i]!;
      const v1 = v[i + 1]!;
      const v2 = v[i + 2]!;
      const v3 = v[i + 3]!;
      for (let j = 0; j < n; j++) {
        out[j] = out[j]! + A[a0 + j]! * v0 + A[a1 + j]! * v1 + A[a2 + j]! * v2 + A[a3 + j]! * v3;
      }
    }
    for (; i < n; i++) for (let j = 0; j < n; j++) out[j]! += A[i * n + j]! * v[i]!;
  };
}
