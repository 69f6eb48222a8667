/** `Routines.tridiagonalise`, as tred2 of EISPACK goes: from the last row up, so that the vectors are rows. */
export function tridiagonalise(T: Float64Array, n: number, d: Float64Array, e: Float64Array, tau: Float64Array): void {
  const p = new Float64Array(n);
  tau.fill(0);
  for (let m = n - 1; m >= 2; m--) {
    const v = T.subarray(m * n, m * n + m);
    const alpha = v[m - 1]!;
    d[m] = T[m * n + m]!;
    const rest = dot(v, v, m - 1);
    if (rest === 0) {
      e[m - 1] = alpha;
      continue;
    }
    const length = Math.sqrt(alpha * alpha + rest);
    const beta = alpha < 0 ? length : -length;
    const factor = (beta - alpha) / beta;
    e[m - 1] = beta;
    tau[m] = factor;
    const scale = 1 / (alpha - beta);
    for (let j = 0; j < m - 1; j++) v[j]! *= scale;
    v[m - 1] = 1;
    timesVector(T, n, m, v, p);
    const half = (factor * dot(v, p, m)) / 2;
    for (let j = 0; j < m; j++) p[j] = factor * (p[j]! - half * v[j]!);
    subtractProducts(T, n, m, v, p);
  }
  if (n > 1) {
    d[1] = T[n + 1]!;
    e[0] = T[n]!;
  }
  if (n > 0) d[0] = T[0]!;
}

function dot(x: Float64Array, y: Float64Array, k: number): number {
  let s = 0;
  for (let l = 0; l < k; l++) s += x[l]! * y[l]!;
  return s;
}

/**
 * p = T[m, m] v from T's lower triangle. Row i, left of its square of 4 on the diagonal, is a row of T for p_i and a
 * column for the p before. Entry p_i is the sum of its row (even and odd columns apart), its square and the rows below.
 */
function timesVector(T: Float64Array, n: number, m: number, v: Float64Array, p: Float64Array): void {
  for (let i = 0; i < m; i += 4) {
    const count = Math.min(4, m - i);
    if (count === 4) fourRows(T, n, i, v, p);
    else for (let r = i; r < m; r++) oneRow(T, r * n, i, v, p, r);
    for (let r = i; r < i + count; r++) {
      let s = p[r]!;
      for (let c = i; c < i + count; c++) s += T[r > c ? r * n + c : c * n + r]! * v[c]!;
      p[r] = s;
    }
  }
}

function fourRows(T: Float64Array, n: number, i: number, v: Float64Array, p: Float64Array): void {
  const t0 = i * n;
  const t1 = t0 + n;
  const t2 = t1 + n;
  const t3 = t2 + n;
  const v0 = v[i]!;
  const v1 = v[i + 1]!;
  const v2 = v[i + 2]!;
  const v3 = v[i + 3]!;
  let even0 = 0;
  let even1 = 0;
  let even2 = 0;
  let even3 = 0;
  let odd0 = 0;
  let odd1 = 0;
  let odd2 = 0;
  let odd3 = 0;
  for (let j = 0; j < i; j += 2) {
    let a0 = T[t0 + j]!;
    let a1 = T[t1 + j]!;
    let a2 = T[t2 + j]!;
    let a3 = T[t3 + j]!;
    let x = v[j]!;
    even0 += a0 * x;
    even1 += a1 * x;
    even2 += a2 * x;
    even3 += a3 * x;
    p[j] = p[j]! + a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
    a0 = T[t0 + j + 1]!;
    a1 = T[t1 + j + 1]!;
    a2 = T[t2 + j + 1]!;
    a3 = T[t3 + j + 1]!;
    x = v[j + 1]!;
    odd0 += a0 * x;
    odd1 += a1 * x;
    odd2 += a2 * x;
    odd3 += a3 * x;
    p[j + 1] = p[j + 1]! + a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
  }
  p[i] = even0 + odd0;
  p[i + 1] = even1 + odd1;
  p[i + 2] = even2 + odd2;
  p[i + 3] = even3 + odd3;
}

function oneRow(T: Float64Array, t: number, i: number, v: Float64Array, p: Float64Array, r: number): void {
  const vr = v[r]!;
  let even = 0;
  let odd = 0;
  for (let j = 0; j < i; j += 2) {
    const a = T[t + j]!;
    const b = T[t + j + 1]!;
    even += a * v[j]!;
    odd += b * v[j + 1]!;
    p[j]! += a * vr;
    p[j + 1]! += b * vr;
  }
  p[r] = even + odd;
}

/** T[m, m] -= v p^T + p v^T on and below the diagonal. */
function subtractProducts(T: Float64Array, n: number, m: number, v: Float64Array, p: Float64Array): void {
  for (let i = 0; i < m; i++) {
    const t = i * n;
    const vi = v[i]!;
    const pi = p[i]!;
    for (let j = 0; j <= i; j++) T[t + j]! -= vi * p[j]! + pi * v[j]!;
  }
}
