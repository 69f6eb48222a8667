// The innermost loops. Every entry is summed in the order of l, one rounding per product and one per sum (WebAssembly's
// SIMD without its relaxed extension has no fused multiply-add), and both lanes of a vector belong to different entries:
// so neither the order of the blocks nor their sizes have a part in the result.

/** C[4, 4] += X[4, k] Y[k, 4]: X by the addresses of its rows, Y packed (below), C with `stride` bytes per row. */
export function tile(x0: usize, x1: usize, x2: usize, x3: usize, y: usize, k: i32, c: usize, stride: usize): void {
  const c1 = c + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  let s00 = v128.load(c);
  let s01 = v128.load(c, 16);
  let s10 = v128.load(c1);
  let s11 = v128.load(c1, 16);
  let s20 = v128.load(c2);
  let s21 = v128.load(c2, 16);
  let s30 = v128.load(c3);
  let s31 = v128.load(c3, 16);
  let l = k;
  for (; l >= 2; l -= 2) {
    let y0 = v128.load(y);
    let y1 = v128.load(y, 16);
    let x = v128.load_splat<f64>(x0);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x1);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x2);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x3);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));
    y0 = v128.load(y, 32);
    y1 = v128.load(y, 48);
    x = v128.load_splat<f64>(x0, 8);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x1, 8);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x2, 8);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x3, 8);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));
    x0 += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
    y += 64;
  }
  if (l === 1) {
    const y0 = v128.load(y);
    const y1 = v128.load(y, 16);
    let x = v128.load_splat<f64>(x0);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x1);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x2);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load_splat<f64>(x3);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/**
 * Four rows of Y, k entries of each, column by column: what `tile` reads in one stream. Where fewer rows are left, the
 * last one stands for the others: their sums are computed and dropped.
 * @param sign the bits to flip: those of -0 where the products are to be subtracted (x - a b is x + a (-b), exactly).
 */
export function pack(y: usize, stride: usize, rows: i32, k: i32, sign: v128, to: usize): void {
  let y0 = y;
  let y1 = y + stride * usize(min(1, rows - 1));
  let y2 = y + stride * usize(min(2, rows - 1));
  let y3 = y + stride * usize(min(3, rows - 1));
  let l = k;
  for (; l >= 2; l -= 2) {
    const a = v128.xor(v128.load(y0), sign);
    const b = v128.xor(v128.load(y1), sign);
    const c = v128.xor(v128.load(y2), sign);
    const d = v128.xor(v128.load(y3), sign);
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to, v128.shuffle<f64>(c, d, 0, 2), 16);
    v128.store(to, v128.shuffle<f64>(a, b, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(c, d, 1, 3), 48);
    y0 += 16;
    y1 += 16;
    y2 += 16;
    y3 += 16;
    to += 64;
  }
  if (l === 1) {
    v128.store64_lane(to, v128.xor(v128.load64_zero(y0), sign), 0);
    v128.store64_lane(to, v128.xor(v128.load64_zero(y1), sign), 0, 8);
    v128.store64_lane(to, v128.xor(v128.load64_zero(y2), sign), 0, 16);
    v128.store64_lane(to, v128.xor(v128.load64_zero(y3), sign), 0, 24);
  }
}

/** Bytes of the tile that begins every work area, where blocks are summed that are not whole. */
export const SCRATCH: usize = 128;

/**
 * `tile` for a block of C that may have fewer rows and columns, or of which only the lower triangle is wanted: what is
 * beyond is neither read nor written.
 */
export function block(
  x: usize,
  xStride: usize,
  rows: i32,
  y: usize,
  columns: i32,
  k: i32,
  c: usize,
  stride: usize,
  triangle: bool,
  work: usize,
): void {
  if (rows >= 4 && columns >= 4 && !triangle) {
    tile(x, x + xStride, x + 2 * xStride, x + 3 * xStride, y, k, c, stride);
    return;
  }
  const r = min(4, rows);
  const s = min(4, columns);
  move(c, stride, work, 32, r, s, triangle);
  const x1 = x + xStride * usize(min(1, r - 1));
  const x2 = x + xStride * usize(min(2, r - 1));
  const x3 = x + xStride * usize(min(3, r - 1));
  tile(x, x1, x2, x3, y, k, work, 32);
  move(work, 32, c, stride, r, s, triangle);
}

function move(from: usize, fromStride: usize, to: usize, toStride: usize, r: i32, s: i32, triangle: bool): void {
  for (let i = 0; i < r; i++) {
    const last = triangle ? min(i + 1, s) : s;
    for (let j = 0; j < last; j++) store<f64>(to + (usize(j) << 3), load<f64>(from + (usize(j) << 3)));
    from += fromStride;
    to += toStride;
  }
}
