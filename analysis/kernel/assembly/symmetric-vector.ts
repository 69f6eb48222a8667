/** out[n] = A[n, n] v with A symmetric: its rows, four at a time, are added to out, so every entry is summed in order. */
export function symmetricTimesVector(a: usize, n: i32, v: usize, out: usize): void {
  const stride = usize(n) << 3;
  memory.fill(out, 0, stride);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const a0 = a + usize(i) * stride;
    const a1 = a0 + stride;
    const a2 = a1 + stride;
    const a3 = a2 + stride;
    const place = v + (usize(i) << 3);
    const v0 = v128.load_splat<f64>(place);
    const v1 = v128.load_splat<f64>(place, 8);
    const v2 = v128.load_splat<f64>(place, 16);
    const v3 = v128.load_splat<f64>(place, 24);
    let j: usize = 0;
    for (; j + 16 <= stride; j += 16) {
      let s = f64x2.add(v128.load(out + j), f64x2.mul(v128.load(a0 + j), v0));
      s = f64x2.add(s, f64x2.mul(v128.load(a1 + j), v1));
      s = f64x2.add(s, f64x2.mul(v128.load(a2 + j), v2));
      v128.store(out + j, f64x2.add(s, f64x2.mul(v128.load(a3 + j), v3)));
    }
    if (j < stride) {
      let s = load<f64>(out + j) + load<f64>(a0 + j) * load<f64>(place);
      s += load<f64>(a1 + j) * load<f64>(place, 8);
      s += load<f64>(a2 + j) * load<f64>(place, 16);
      store<f64>(out + j, s + load<f64>(a3 + j) * load<f64>(place, 24));
    }
  }
  for (; i < n; i++) {
    const row = a + usize(i) * stride;
    const vi = load<f64>(v + (usize(i) << 3));
    for (let j: usize = 0; j < stride; j += 8) store<f64>(out + j, load<f64>(out + j) + load<f64>(row + j) * vi);
  }
}
