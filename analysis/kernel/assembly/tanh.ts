/** `Routines.tanh`: see plain-tanh.ts, which does the same operations in the same order. */
export function tanh(x: usize, count: i32): void {
  for (let left = count; left > 0; left -= 2) {
    const pair = ofPair(left > 1 ? v128.load(x) : v128.load64_splat(x));
    if (left > 1) v128.store(x, pair);
    else store<f64>(x, f64x2.extract_lane(pair, 0));
    x += 16;
  }
}

function ofPair(x: v128): v128 {
  const sign = v128.and(x, f64x2.splat(-0.0));
  const y = f64x2.min(f64x2.abs(x), f64x2.splat(20));
  const z = f64x2.add(y, y);
  const whole = i32x4.trunc_sat_f64x2_s_zero(f64x2.add(f64x2.mul(z, f64x2.splat(Math.LOG2E)), f64x2.splat(0.5)));
  const k = f64x2.convert_low_i32x4_s(whole);
  const near = f64x2.sub(z, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
  const r = f64x2.sub(near, f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const q0 = f64x2.add(line(r, 0.5, 1 / 6), f64x2.mul(r2, line(r, 1 / 24, 1 / 120)));
  const q1 = f64x2.add(line(r, 1 / 720, 1 / 5040), f64x2.mul(r2, line(r, 1 / 40320, 1 / 362880)));
  const q2 = f64x2.add(line(r, 1 / 3628800, 1 / 39916800), f64x2.mul(r2, line(r, 1 / 479001600, 1 / 6227020800)));
  const q = f64x2.add(q0, f64x2.mul(r4, f64x2.add(q1, f64x2.mul(r4, q2))));
  const p = f64x2.add(r, f64x2.mul(r2, q));
  const power = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(whole), i64x2.splat(1023)), 52);
  const e = f64x2.add(f64x2.mul(power, p), f64x2.sub(power, f64x2.splat(1)));
  return v128.or(f64x2.div(e, f64x2.add(e, f64x2.splat(2))), sign);
}

function line(r: v128, a: f64, b: f64): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(r, f64x2.splat(b)));
}
