/** R R^T x = b in place for two right-hand sides, b[n] and b'[n] interleaved: one in each lane. */
export function solvePair(r: usize, n: i32, x: usize): void {
  const stride = usize(n) << 3;
  for (let i: usize = 0; i < usize(n); i++) {
    const row = r + i * stride;
    let s = v128.load(x + (i << 4));
    for (let j: usize = 0; j < i; j++) {
      s = f64x2.sub(s, f64x2.mul(v128.load_splat<f64>(row + (j << 3)), v128.load(x + (j << 4))));
    }
    v128.store(x + (i << 4), f64x2.div(s, v128.load_splat<f64>(row + (i << 3))));
  }
  for (let i = usize(n); i-- > 0; ) {
    const row = r + i * stride;
    const y = f64x2.div(v128.load(x + (i << 4)), v128.load_splat<f64>(row + (i << 3)));
    v128.store(x + (i << 4), y);
    for (let j: usize = 0; j < i; j++) {
      const place = x + (j << 4);
      v128.store(place, f64x2.sub(v128.load(place), f64x2.mul(v128.load_splat<f64>(row + (j << 3)), y)));
    }
  }
}
