/**
 * All eigenvalues of a general real [n, n] matrix in rounded arithmetic: Householder reduction to Hessenberg form, then
 * Francis' implicitly double-shifted QR steps (Golub and Van Loan, Matrix Computations, 7.4 and 7.5). They steer a search
 * and prove nothing. Yields between short pieces of work.
 * @returns null where the iteration does not converge, or numbers overflow.
 */
export function* eigenvalues(A: Float64Array, n: number): Generator<void, Eigenvalues | null, void> {
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  const H = A.slice();
  yield* toHessenberg(H, n);
  let last = n - 1;
  let steps = 0;
  while (last >= 0) {
    const first = blockStart(H, n, last);
    if (first >= last - 1) {
      if (first === last) re[last] = H[last * n + last]!;
      else pair(H, n, first, re, im);
      last = first - 1;
      steps = 0;
      continue;
    }
    if (++steps > MOST_STEPS) return null;
    doubleStep(H, n, first, last, steps % 10 === 0);
    if (steps % 4 === 0) yield;
  }
  return re.every(Number.isFinite) && im.every(Number.isFinite) ? { re, im } : null;
}

export interface Eigenvalues {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** QR steps for one eigenvalue: two or three are usual. */
const MOST_STEPS = 90;
/** Multiplications between two yields. */
const PIECE = 2e6;

function* toHessenberg(H: Float64Array, n: number): Generator<void, void, void> {
  const v = new Float64Array(n);
  let work = 0;
  for (let k = 0; k + 2 < n; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm = Math.hypot(norm, H[i * n + k]!);
    if (norm === 0) continue;
    const alpha = H[(k + 1) * n + k]! > 0 ? -norm : norm;
    let square = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = (H[i * n + k]! - (i === k + 1 ? alpha : 0)) / norm;
      square += v[i]! * v[i]!;
    }
    for (let j = k; j < n; j++) {
      let s = 0;
      for (let i = k + 1; i < n; i++) s += v[i]! * H[i * n + j]!;
      s *= 2 / square;
      for (let i = k + 1; i < n; i++) H[i * n + j]! -= s * v[i]!;
    }
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = k + 1; j < n; j++) s += H[i * n + j]! * v[j]!;
      s *= 2 / square;
      for (let j = k + 1; j < n; j++) H[i * n + j]! -= s * v[j]!;
    }
    for (let i = k + 2; i < n; i++) H[i * n + k] = 0;
    work += 4 * n * (n - k);
    if (work > PIECE) {
      work = 0;
      yield;
    }
  }
}

/** Where the last unreduced block of rows up to `last` begins. */
function blockStart(H: Float64Array, n: number, last: number): number {
  for (let k = last; k > 0; k--) {
    const size = Math.abs(H[(k - 1) * n + k - 1]!) + Math.abs(H[k * n + k]!);
    if (Math.abs(H[k * n + k - 1]!) <= Number.EPSILON * size) {
      H[k * n + k - 1] = 0;
      return k;
    }
  }
  return 0;
}

/** Eigenvalues of the 2 x 2 block at k. */
function pair(H: Float64Array, n: number, k: number, re: Float64Array, im: Float64Array): void {
  const a = H[k * n + k]!;
  const d = H[(k + 1) * n + k + 1]!;
  const half = (a - d) / 2;
  const discriminant = half * half + H[k * n + k + 1]! * H[(k + 1) * n + k]!;
  const root = Math.sqrt(Math.abs(discriminant));
  const middle = a / 2 + d / 2;
  re.fill(middle, k, k + 2);
  if (discriminant < 0) im.set([root, -root], k);
  else re.set([middle + root, middle - root], k);
}

/** One implicit double step on rows first … last, of at least three. */
function doubleStep(H: Float64Array, n: number, first: number, last: number, exceptional: boolean): void {
  const at = (i: number, j: number) => H[i * n + j]!;
  let trace = at(last - 1, last - 1) + at(last, last);
  let determinant = at(last - 1, last - 1) * at(last, last) - at(last - 1, last) * at(last, last - 1);
  if (exceptional) {
    // A shift that has nothing to do with the block breaks a cycle.
    const size = Math.abs(at(last, last - 1)) + Math.abs(at(last - 1, last - 2));
    trace = 1.5 * size;
    determinant = size * size;
  }
  let x = at(first, first) * (at(first, first) - trace) + at(first, first + 1) * at(first + 1, first) + determinant;
  let y = at(first + 1, first) * (at(first, first) + at(first + 1, first + 1) - trace);
  let z = at(first + 1, first) * at(first + 2, first + 1);
  for (let k = first; k < last; k++) {
    const rows = k + 2 <= last ? 3 : 2;
    if (rows === 2) z = 0;
    const size = Math.abs(x) + Math.abs(y) + Math.abs(z);
    if (size > 0) {
      const v = [x / size, y / size, z / size];
      const norm = Math.hypot(v[0]!, v[1]!, v[2]!);
      v[0]! += v[0]! > 0 ? norm : -norm;
      const scale = 2 / (v[0]! ** 2 + v[1]! ** 2 + v[2]! ** 2);
      for (let j = Math.max(first, k - 1); j <= last; j++) {
        let s = 0;
        for (let r = 0; r < rows; r++) s += v[r]! * at(k + r, j);
        s *= scale;
        for (let r = 0; r < rows; r++) H[(k + r) * n + j]! -= s * v[r]!;
      }
      for (let i = first; i <= Math.min(k + 3, last); i++) {
        let s = 0;
        for (let r = 0; r < rows; r++) s += v[r]! * at(i, k + r);
        s *= scale;
        for (let r = 0; r < rows; r++) H[i * n + k + r]! -= s * v[r]!;
      }
      if (k > first) for (let r = 1; r < rows; r++) H[(k + r) * n + k - 1] = 0;
    }
    x = k + 1 <= last ? at(k + 1, k) : 0;
    y = k + 2 <= last ? at(k + 2, k) : 0;
    z = k + 3 <= last ? at(k + 3, k) : 0;
  }
}
