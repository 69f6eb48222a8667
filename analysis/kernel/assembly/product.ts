import { block, pack, SCRATCH } from "./tile.ts";

/** Columns summed before the next are begun: four rows of X and four packed ones of Y stay in the nearest cache. */
const DEPTH: i32 = 256;
/** Rows of Y packed at once: with DEPTH, half of a second-level cache. */
const WIDTH: i32 = 256;
/** Bytes of work area that the routines of this module need. */
export function workBytes(): usize {
  return SCRATCH + usize(DEPTH * WIDTH) * 8;
}

/**
 * C[i0..i1, j0..j1] += X[i0..i1, k0..k1] Y[j0..j1, k0..k1]^T (or -=), all by the addresses of their [0, 0].
 * @param below only what is on and below C's diagonal.
 * @param upper X is upper triangular: what is below its diagonal, but for blocks of 4, is not read.
 */
export function accumulate(
  x: usize,
  y: usize,
  c: usize,
  width: i32,
  columns: i32,
  i0: i32,
  i1: i32,
  j0: i32,
  j1: i32,
  k0: i32,
  k1: i32,
  subtract: bool,
  below: bool,
  upper: bool,
  work: usize,
): void {
  const sign = f64x2.splat(subtract ? -0.0 : 0.0);
  const stride = usize(width) << 3;
  const cStride = usize(columns) << 3;
  const packed = work + SCRATCH;
  for (let left = j0; left < j1; left += WIDTH) {
    const right = min(left + WIDTH, j1);
    for (let from = k0; from < k1; from += DEPTH) {
      const depth = min(DEPTH, k1 - from);
      const panel = usize(depth) << 5;
      let to = packed;
      for (let j = left; j < right; j += 4) {
        pack(y + usize(j) * stride + (usize(from) << 3), stride, right - j, depth, sign, to);
        to += panel;
      }
      for (let i = below ? max(i0, left) : i0; i < i1; i += 4) {
        const skip = upper ? max(0, i - from) : 0;
        if (skip >= depth) break;
        const row = x + usize(i) * stride + (usize(from + skip) << 3);
        const last = below ? min(i + 4, right) : right;
        to = packed + (usize(skip) << 5);
        for (let j = left; j < last; j += 4) {
          const place = c + usize(i) * cStride + (usize(j) << 3);
          block(row, stride, i1 - i, to, right - j, depth - skip, place, cStride, below && i === j, work);
          to += panel;
        }
      }
    }
  }
}

/** out[r, s] = X[r, k] Y[s, k]^T. */
export function product(x: usize, y: usize, out: usize, r: i32, s: i32, k: i32, work: usize): void {
  memory.fill(out, 0, usize(r) * usize(s) * 8);
  accumulate(x, y, out, k, s, 0, r, 0, s, 0, k, false, false, false, work);
}

/** out[r, r] = X[r, k] Y[r, k]^T where that is symmetric; `upper` as in `accumulate`. */
export function symmetric(x: usize, y: usize, out: usize, r: i32, k: i32, upper: bool, work: usize): void {
  memory.fill(out, 0, usize(r) * usize(r) * 8);
  accumulate(x, y, out, k, r, 0, r, 0, r, 0, k, false, true, upper, work);
  mirror(out, r);
}

/** Copies what is below the diagonal of A[n, n] above it, in squares that stay in cache. */
function mirror(a: usize, n: i32): void {
  const stride = usize(n) << 3;
  for (let i0 = 0; i0 < n; i0 += 16) {
    for (let j0 = 0; j0 <= i0; j0 += 16) {
      for (let i = i0; i < min(i0 + 16, n); i++) {
        const row = a + usize(i) * stride;
        const column = a + (usize(i) << 3);
        for (let j = j0; j < min(j0 + 16, i); j++) {
          store<f64>(column + usize(j) * stride, load<f64>(row + (usize(j) << 3)));
        }
      }
    }
  }
}
