/**
 * All eigenvalues of the symmetric tridiagonal matrix with diagonal d[n] and e[n - 1] beside it, in no order, in rounded
 * arithmetic: the implicit QL method (Bowdler, Martin, Reinsch and Wilkinson, Handbook for Automatic Computation II/3).
 */
export function tridiagonalValues(d: Float64Array, e: Float64Array): Float64Array {
  const n = d.length;
  const value = d.slice();
  const beside = new Float64Array(n);
  beside.set(e.subarray(0, n - 1));
  const size = [...d, ...e].reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const nothing = 2 ** -53 * size;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; sweep < 60; sweep++) {
      let m = l;
      while (m + 1 < n && Math.abs(beside[m]!) > nothing) m++;
      if (m === l) break;
      const theta = (value[l + 1]! - value[l]!) / (2 * beside[l]!);
      let g = value[m]! - value[l]! + beside[l]! / (theta + Math.sign(theta || 1) * Math.hypot(theta, 1));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * beside[i]!;
        const b = c * beside[i]!;
        const r = Math.hypot(f, g);
        beside[i + 1] = r;
        if (r === 0) {
          value[i + 1]! -= p;
          break;
        }
        s = f / r;
        c = g / r;
        g = value[i + 1]! - p;
        const t = (value[i]! - g) * s + 2 * c * b;
        p = s * t;
        value[i + 1] = g + p;
        g = c * t - b;
      }
      if (i >= l) {
        beside[m] = 0;
        continue;
      }
      value[l]! -= p;
      beside[l] = g;
      beside[m] = 0;
    }
  }
  return value;
}
