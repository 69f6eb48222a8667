/**
 * Largest eigenvalue of the symmetric tridiagonal matrix with diagonal d[n] and e[n - 1] beside it, to about one unit in
 * the last place of its largest entry: sections of the interval that holds it, by the count of Sturm.
 */
export function largestOfTridiagonal(d: Float64Array, e: Float64Array, n: number): number {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const before = i > 0 ? Math.abs(e[i - 1]!) : 0;
    squares[i] = before * before;
    low = Math.max(low, d[i]!);
    high = Math.max(high, d[i]! + before + (i + 1 < n ? Math.abs(e[i]!) : 0));
  }
  const scale = Math.max(Math.abs(low), Math.abs(high));
  // Divisions wait for one another: four recurrences side by side take hardly longer than one.
  while (high - low > Math.max(4e-15 * scale, 1e-300)) {
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

/**
 * How many of x0 < x1 < x2 < x3 are above the largest eigenvalue: those for which all pivots of x I - T are positive.
 */
function pivotsPositive(
  d: Float64Array,
  squares: Float64Array,
  n: number,
  x0: number,
  x1: number,
  x2: number,
  x3: number,
): number {
  let q0 = x0 - d[0]!;
  let q1 = x1 - d[0]!;
  let q2 = x2 - d[0]!;
  let q3 = x3 - d[0]!;
  let above = 4;
  for (let i = 0; ; ) {
    if (!(q3 > 0)) return 0;
    if (above > 1 && !(q2 > 0)) above = 1;
    if (above > 2 && !(q1 > 0)) above = 2;
    if (above > 3 && !(q0 > 0)) above = 3;
    if (++i === n) return above;
    const s = squares[i]!;
    q0 = x0 - d[i]! - s / q0;
    q1 = x1 - d[i]! - s / q1;
    q2 = x2 - d[i]! - s / q2;
    q3 = x3 - d[i]! - s / q3;
  }
}
