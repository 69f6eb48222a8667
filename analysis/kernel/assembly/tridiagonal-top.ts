// The largest eigenvalue of a symmetric tridiagonal matrix: as analysis/kernel/plain-tridiagonal-top.ts, operation by
// operation.

/** @param squares room for n numbers */
export function largestOfTridiagonal(d: usize, e: usize, n: i32, squares: usize): f64 {
  let low: f64 = -Infinity;
  let high: f64 = -Infinity;
  for (let i: usize = 0; i < usize(n); i++) {
    const before: f64 = i > 0 ? abs<f64>(load<f64>(e + ((i - 1) << 3))) : 0;
    const after: f64 = i + 1 < usize(n) ? abs<f64>(load<f64>(e + (i << 3))) : 0;
    store<f64>(squares + (i << 3), before * before);
    low = max<f64>(low, load<f64>(d + (i << 3)));
    high = max<f64>(high, load<f64>(d + (i << 3)) + before + after);
  }
  const scale = max<f64>(abs<f64>(low), abs<f64>(high));
  while (high - low > max<f64>(4e-15 * scale, 1e-300)) {
    const width = (high - low) / 5;
    const x0 = low + width;
    const x1 = low + 2 * width;
    const x2 = low + 3 * width;
    const x3 = low + 4 * width;
    const above = pivotsPositive(d, squares, n, x0, x1, x2, x3);
    if (above > 0) high = above === 4 ? x0 : above === 3 ? x1 : above === 2 ? x2 : x3;
    if (above < 4) low = above === 0 ? x3 : above === 1 ? x2 : above === 2 ? x1 : x0;
  }
  while (high - low > 4e-16 * scale) {
    const x = low + (high - low) / 2;
    if (x <= low || x >= high) break;
    if (pivotsPositive(d, squares, n, x, x, x, x) === 4) high = x;
    else low = x;
  }
  return high;
}

function pivotsPositive(d: usize, squares: usize, n: i32, x0: f64, x1: f64, x2: f64, x3: f64): i32 {
  const d0 = load<f64>(d);
  let q0 = x0 - d0;
  let q1 = x1 - d0;
  let q2 = x2 - d0;
  let q3 = x3 - d0;
  let above = 4;
  let i: usize = 0;
  while (true) {
    if (!(q3 > 0)) return 0;
    if (above > 1 && !(q2 > 0)) above = 1;
    if (above > 2 && !(q1 > 0)) above = 2;
    if (above > 3 && !(q0 > 0)) above = 3;
    if (++i === usize(n)) break;
    const s = load<f64>(squares + (i << 3));
    const di = load<f64>(d + (i << 3));
    q0 = x0 - di - s / q0;
    q1 = x1 - di - s / q1;
    q2 = x2 - di - s / q2;
    q3 = x3 - di - s / q3;
  }
  return above;
}
