// Householder's reduction of a symmetric matrix from its last row up (as tred2 of EISPACK: the vectors are rows), on the
// lower triangle alone. T[n, n] by its address, rows of n * 8 bytes; v and p are vectors of m entries.

/**
 * Reduces T to tridiagonal form: d[n] its diagonal, e[n - 1] beside it. Row i >= 2 of T keeps v[i], with v_{i-1} = 1,
 * where tau[i] is not 0: T = H D H^T, H the product over falling i of I - tau_i v_i v_i^T.
 * @param p room for n numbers
 */
export function tridiagonalise(t: usize, n: i32, d: usize, e: usize, tau: usize, p: usize): void {
  const stride = usize(n) << 3;
  memory.fill(tau, 0, stride);
  for (let m = n - 1; m >= 2; m--) {
    const v = t + usize(m) * stride;
    const last = v + (usize(m - 1) << 3);
    const alpha = load<f64>(last);
    store<f64>(d + (usize(m) << 3), load<f64>(last, 8));
    const rest = dot(v, v, m - 1);
    if (rest === 0) {
      store<f64>(e + (usize(m - 1) << 3), alpha);
      continue;
    }
    const length = sqrt<f64>(alpha * alpha + rest);
    const beta = alpha < 0 ? length : -length;
    const factor = (beta - alpha) / beta;
    store<f64>(e + (usize(m - 1) << 3), beta);
    store<f64>(tau + (usize(m) << 3), factor);
    const scale = 1 / (alpha - beta);
    for (let j: usize = 0; j < usize(m - 1) << 3; j += 8) store<f64>(v + j, load<f64>(v + j) * scale);
    store<f64>(last, 1);
    timesVector(t, stride, m, v, p);
    const half = (factor * dot(v, p, m)) / 2;
    for (let j: usize = 0; j < usize(m) << 3; j += 8) {
      store<f64>(p + j, factor * (load<f64>(p + j) - half * load<f64>(v + j)));
    }
    subtractProducts(t, stride, m, v, p);
  }
  if (n > 1) {
    store<f64>(d, load<f64>(t + stride, 8), 8);
    store<f64>(e, load<f64>(t + stride));
  }
  store<f64>(d, load<f64>(t));
}

/** In the order of the entries. */
function dot(x: usize, y: usize, k: i32): f64 {
  let s: f64 = 0;
  for (let l: usize = 0; l < usize(k) << 3; l += 8) s += load<f64>(x + l) * load<f64>(y + l);
  return s;
}

/** Even and odd entries summed apart, then together. */
function total(s: v128): f64 {
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/**
 * p = T[m, m] v. Row i of the lower triangle, left of its square of 4 on the diagonal, is a row of T for p_i and a column
 * for the p before; entry p_i is the sum of its row (even and odd columns apart), its square and the rows below, so.
 */
function timesVector(t: usize, stride: usize, m: i32, v: usize, p: usize): void {
  for (let i = 0; i < m; i += 4) {
    const count = min(4, m - i);
    const row = t + usize(i) * stride;
    const end = usize(i) << 3;
    if (count === 4) {
      const t1 = row + stride;
      const t2 = t1 + stride;
      const t3 = t2 + stride;
      const v0 = v128.load_splat<f64>(v + end);
      const v1 = v128.load_splat<f64>(v + end, 8);
      const v2 = v128.load_splat<f64>(v + end, 16);
      const v3 = v128.load_splat<f64>(v + end, 24);
      let s0 = f64x2.splat(0);
      let s1 = f64x2.splat(0);
      let s2 = f64x2.splat(0);
      let s3 = f64x2.splat(0);
      for (let j: usize = 0; j < end; j += 16) {
        const x = v128.load(v + j);
        let y = v128.load(p + j);
        let a = v128.load(row + j);
        s0 = f64x2.add(s0, f64x2.mul(a, x));
        y = f64x2.add(y, f64x2.mul(a, v0));
        a = v128.load(t1 + j);
        s1 = f64x2.add(s1, f64x2.mul(a, x));
        y = f64x2.add(y, f64x2.mul(a, v1));
        a = v128.load(t2 + j);
        s2 = f64x2.add(s2, f64x2.mul(a, x));
        y = f64x2.add(y, f64x2.mul(a, v2));
        a = v128.load(t3 + j);
        s3 = f64x2.add(s3, f64x2.mul(a, x));
        y = f64x2.add(y, f64x2.mul(a, v3));
        v128.store(p + j, y);
      }
      store<f64>(p + end, total(s0));
      store<f64>(p + end, total(s1), 8);
      store<f64>(p + end, total(s2), 16);
      store<f64>(p + end, total(s3), 24);
    } else {
      for (let r = 0; r < count; r++) {
        const tr = row + usize(r) * stride;
        const vr = v128.load_splat<f64>(v + end + (usize(r) << 3));
        let s = f64x2.splat(0);
        for (let j: usize = 0; j < end; j += 16) {
          const a = v128.load(tr + j);
          s = f64x2.add(s, f64x2.mul(a, v128.load(v + j)));
          v128.store(p + j, f64x2.add(v128.load(p + j), f64x2.mul(a, vr)));
        }
        store<f64>(p + end + (usize(r) << 3), total(s));
      }
    }
    square(row + end, stride, count, v + end, p + end);
  }
}

/** p += T v for a square of at most 4 on the diagonal, given by its lower triangle. */
function square(t: usize, stride: usize, count: i32, v: usize, p: usize): void {
  for (let i: usize = 0; i < usize(count); i++) {
    let s = load<f64>(p + (i << 3));
    for (let j: usize = 0; j < usize(count); j++) {
      s += load<f64>(t + max(i, j) * stride + (min(i, j) << 3)) * load<f64>(v + (j << 3));
    }
    store<f64>(p + (i << 3), s);
  }
}

/** T[m, m] -= v p^T + p v^T on and below the diagonal. */
function subtractProducts(t: usize, stride: usize, m: i32, v: usize, p: usize): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const end = usize(i) << 3;
    const t0 = t + usize(i) * stride;
    const t1 = t0 + stride;
    const t2 = t1 + stride;
    const t3 = t2 + stride;
    const v0 = v128.load_splat<f64>(v + end);
    const v1 = v128.load_splat<f64>(v + end, 8);
    const v2 = v128.load_splat<f64>(v + end, 16);
    const v3 = v128.load_splat<f64>(v + end, 24);
    const p0 = v128.load_splat<f64>(p + end);
    const p1 = v128.load_splat<f64>(p + end, 8);
    const p2 = v128.load_splat<f64>(p + end, 16);
    const p3 = v128.load_splat<f64>(p + end, 24);
    for (let j: usize = 0; j < end; j += 16) {
      const x = v128.load(v + j);
      const y = v128.load(p + j);
      v128.store(t0 + j, f64x2.sub(v128.load(t0 + j), f64x2.add(f64x2.mul(v0, y), f64x2.mul(p0, x))));
      v128.store(t1 + j, f64x2.sub(v128.load(t1 + j), f64x2.add(f64x2.mul(v1, y), f64x2.mul(p1, x))));
      v128.store(t2 + j, f64x2.sub(v128.load(t2 + j), f64x2.add(f64x2.mul(v2, y), f64x2.mul(p2, x))));
      v128.store(t3 + j, f64x2.sub(v128.load(t3 + j), f64x2.add(f64x2.mul(v3, y), f64x2.mul(p3, x))));
    }
    for (let r = 0; r < 4; r++) subtractFrom(t0 + usize(r) * stride, i, i + r, v, p);
  }
  for (; i < m; i++) subtractFrom(t + usize(i) * stride, 0, i, v, p);
}

/** `subtractProducts` in row i, from column j on. */
function subtractFrom(row: usize, j: i32, i: i32, v: usize, p: usize): void {
  const vi = load<f64>(v + (usize(i) << 3));
  const pi = load<f64>(p + (usize(i) << 3));
  for (let k = usize(j) << 3; k <= usize(i) << 3; k += 8) {
    store<f64>(row + k, load<f64>(row + k) - (vi * load<f64>(p + k) + pi * load<f64>(v + k)));
  }
}
