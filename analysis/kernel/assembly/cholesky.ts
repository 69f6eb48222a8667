import { accumulate } from "./product.ts";

/** Columns found from one another before all earlier ones are subtracted from the next. */
const BLOCK: i32 = 64;

/**
 * X[i0..i1, j..j+3], from which all columns before j are subtracted, divided by the transposed triangle
 * R[j..j+3, j..j+3]. By divisions, not by products with reciprocals: one rounding.
 */
function divide(r: usize, n: i32, j: i32, x: usize, i0: i32, i1: i32): void {
  const even = n - j >= 4 ? i0 + ((i1 - i0) & ~1) : i0;
  dividePairs(r, n, j, x, i0, even);
  divideRows(r, n, j, min(j + 4, n), x, even, i1);
}

function divideRows(r: usize, n: i32, j: i32, end: i32, x: usize, i0: i32, i1: i32): void {
  const stride = usize(n) << 3;
  for (let i = i0; i < i1; i++) {
    const place = x + usize(i) * stride;
    for (let k = j; k < end; k++) {
      const row = r + usize(k) * stride;
      let s = load<f64>(place + (usize(k) << 3));
      for (let l = j; l < k; l++) s -= load<f64>(place + (usize(l) << 3)) * load<f64>(row + (usize(l) << 3));
      store<f64>(place + (usize(k) << 3), s / load<f64>(row + (usize(k) << 3)));
    }
  }
}

/** Four whole columns and an even number of rows, two rows at a time. */
function dividePairs(r: usize, n: i32, j: i32, x: usize, i0: i32, i1: i32): void {
  if (i0 === i1) return;
  const stride = usize(n) << 3;
  const r0 = r + usize(j) * stride + (usize(j) << 3);
  const r1 = r0 + stride;
  const r2 = r1 + stride;
  const r3 = r2 + stride;
  const p0 = v128.load_splat<f64>(r0);
  const a10 = v128.load_splat<f64>(r1);
  const p1 = v128.load_splat<f64>(r1, 8);
  const a20 = v128.load_splat<f64>(r2);
  const a21 = v128.load_splat<f64>(r2, 8);
  const p2 = v128.load_splat<f64>(r2, 16);
  const a30 = v128.load_splat<f64>(r3);
  const a31 = v128.load_splat<f64>(r3, 8);
  const a32 = v128.load_splat<f64>(r3, 16);
  const p3 = v128.load_splat<f64>(r3, 24);
  let even = x + usize(i0) * stride + (usize(j) << 3);
  for (let i = i0; i < i1; i += 2) {
    const odd = even + stride;
    const e01 = v128.load(even);
    const e23 = v128.load(even, 16);
    const o01 = v128.load(odd);
    const o23 = v128.load(odd, 16);
    const s0 = f64x2.div(v128.shuffle<f64>(e01, o01, 0, 2), p0);
    let s1 = f64x2.sub(v128.shuffle<f64>(e01, o01, 1, 3), f64x2.mul(s0, a10));
    s1 = f64x2.div(s1, p1);
    let s2 = f64x2.sub(v128.shuffle<f64>(e23, o23, 0, 2), f64x2.mul(s0, a20));
    s2 = f64x2.div(f64x2.sub(s2, f64x2.mul(s1, a21)), p2);
    let s3 = f64x2.sub(v128.shuffle<f64>(e23, o23, 1, 3), f64x2.mul(s0, a30));
    s3 = f64x2.sub(s3, f64x2.mul(s1, a31));
    s3 = f64x2.div(f64x2.sub(s3, f64x2.mul(s2, a32)), p3);
    v128.store(even, v128.shuffle<f64>(s0, s1, 0, 2));
    v128.store(even, v128.shuffle<f64>(s2, s3, 0, 2), 16);
    v128.store(odd, v128.shuffle<f64>(s0, s1, 1, 3));
    v128.store(odd, v128.shuffle<f64>(s2, s3, 1, 3), 16);
    even = odd + stride;
  }
}

/**
 * X[rows, n] becomes X R^{-T}, R the lower triangle of a [n, n] matrix.
 * @param upper X is upper triangular: what is below its diagonal, but for blocks of 4, is not read.
 */
export function solve(r: usize, n: i32, x: usize, rows: i32, upper: bool, work: usize): void {
  for (let left = 0; left < n; left += BLOCK) {
    const right = min(left + BLOCK, n);
    accumulate(x, r, x, n, n, 0, upper ? min(rows, left) : rows, left, right, 0, left, true, false, upper, work);
    for (let j = left; j < right; j += 4) {
      const last = upper ? min(rows, j + 4) : rows;
      accumulate(x, r, x, n, n, 0, last, j, min(j + 4, n), left, j, true, false, upper, work);
      divide(r, n, j, x, 0, last);
    }
  }
}

/** R R^T = A in place of A's lower triangle; what is above the diagonal stays. False where a pivot is not positive. */
export function cholesky(a: usize, n: i32, work: usize): bool {
  for (let left = 0; left < n; left += BLOCK) {
    const right = min(left + BLOCK, n);
    accumulate(a, a, a, n, n, left, n, left, right, 0, left, true, true, false, work);
    for (let j = left; j < right; j += 4) {
      const end = min(j + 4, n);
      accumulate(a, a, a, n, n, j, n, j, end, left, j, true, true, false, work);
      if (!triangle(a, n, j, end)) return false;
      divide(a, n, j, a, end, n);
    }
  }
  return true;
}

/** The triangle A[j..end, j..end], from which all columns before j are subtracted, factorised in place. */
function triangle(a: usize, n: i32, j: i32, end: i32): bool {
  const stride = usize(n) << 3;
  for (let i = j; i < end; i++) {
    divideRows(a, n, j, i, a, i, i + 1);
    const row = a + usize(i) * stride;
    let pivot = load<f64>(row + (usize(i) << 3));
    for (let l = j; l < i; l++) {
      const v = load<f64>(row + (usize(l) << 3));
      pivot -= v * v;
    }
    if (!(pivot > 0) || pivot === Infinity) return false;
    store<f64>(row + (usize(i) << 3), sqrt<f64>(pivot));
  }
  return true;
}
