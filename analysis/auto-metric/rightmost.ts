import { eigenvalues } from "./eigenvalues.ts";

/** A complex vector, [n] each. */
export interface ComplexVector {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** An eigenvalue of largest real part with its eigenvectors, A x = lambda x and y^H A = lambda y^H, in rounded arithmetic. */
export interface Rightmost {
  /** Re lambda: the spectral abscissa. */
  readonly abscissa: number;
  readonly right: ComplexVector;
  readonly left: ComplexVector;
}

/** null where the eigenvalues cannot be computed. Yields between short pieces of work. */
export function* rightmost(A: Float64Array, n: number): Generator<void, Rightmost | null, void> {
  const all = yield* eigenvalues(A, n);
  if (!all) return null;
  let top = 0;
  for (let i = 1; i < n; i++) if (all.re[i]! > all.re[top]!) top = i;
  const factors = new ComplexFactors(A, n, all.re[top]!, all.im[top]!);
  yield;
  return { abscissa: all.re[top]!, right: factors.iterate(false), left: factors.iterate(true) };
}

/** P (A - lambda I) = L U with partial pivoting, for inverse iteration. */
class ComplexFactors {
  private readonly n: number;
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  private readonly order: Int32Array;

  constructor(A: Float64Array, n: number, re: number, im: number) {
    this.n = n;
    this.re = A.slice();
    this.im = new Float64Array(n * n);
    this.order = Int32Array.from({ length: n }, (_, i) => i);
    let size = Math.abs(re) + Math.abs(im);
    for (let i = 0; i < n * n; i++) size = Math.max(size, Math.abs(A[i]!));
    for (let i = 0; i < n; i++) {
      this.re[i * n + i]! -= re;
      this.im[i * n + i] = -im;
    }
    for (let k = 0; k < n; k++) this.eliminate(k, Math.max(size * Number.EPSILON, Number.MIN_VALUE));
  }

  private eliminate(k: number, least: number): void {
    const { n, re, im, order } = this;
    let pivot = k;
    const length = (i: number) => Math.hypot(re[i * n + k]!, im[i * n + k]!);
    for (let i = k + 1; i < n; i++) if (length(i) > length(pivot)) pivot = i;
    if (pivot !== k) {
      for (const part of [re, im]) {
        const row = part.slice(k * n, k * n + n);
        part.copyWithin(k * n, pivot * n, pivot * n + n);
        part.set(row, pivot * n);
      }
      [order[k], order[pivot]] = [order[pivot]!, order[k]!];
    }
    // lambda is an eigenvalue: the last pivot is rounding, and its size does not matter.
    if (!(length(k) > least)) re[k * n + k] = least;
    const a = re[k * n + k]!;
    const b = im[k * n + k]!;
    const square = a * a + b * b;
    for (let i = k + 1; i < n; i++) {
      const x = re[i * n + k]!;
      const y = im[i * n + k]!;
      if (x === 0 && y === 0) continue;
      const fr = (x * a + y * b) / square;
      const fi = (y * a - x * b) / square;
      re[i * n + k] = fr;
      im[i * n + k] = fi;
      for (let j = k + 1; j < n; j++) {
        const u = re[k * n + j]!;
        const v = im[k * n + j]!;
        re[i * n + j]! -= fr * u - fi * v;
        im[i * n + j]! -= fr * v + fi * u;
      }
    }
  }

  /** @param adjoint for the left eigenvector: of the conjugate transpose. */
  iterate(adjoint: boolean): ComplexVector {
    const { n } = this;
    let x: ComplexVector = {
      re: Float64Array.from({ length: n }, (_, i) => 1 + ((i * 7) % 11) / 16),
      im: new Float64Array(n),
    };
    for (let k = 0; k < 3; k++) x = normalised(adjoint ? this.solveAdjoint(x) : this.solve(x));
    return x;
  }

  private solve(b: ComplexVector): ComplexVector {
    const { n, order } = this;
    const x = { re: b.re.map((_, i) => b.re[order[i]!]!), im: b.im.map((_, i) => b.im[order[i]!]!) };
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) this.subtract(x, i, j, i * n + j, 1);
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) this.subtract(x, i, j, i * n + j, 1);
      this.divide(x, i, 1);
    }
    return x;
  }

  private solveAdjoint(b: ComplexVector): ComplexVector {
    const { n, order } = this;
    const x = { re: b.re.slice(), im: b.im.slice() };
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) this.subtract(x, i, j, j * n + i, -1);
      this.divide(x, i, -1);
    }
    for (let i = n - 1; i >= 0; i--) for (let j = i + 1; j < n; j++) this.subtract(x, i, j, j * n + i, -1);
    const out = { re: new Float64Array(n), im: new Float64Array(n) };
    for (let i = 0; i < n; i++) {
      out.re[order[i]!] = x.re[i]!;
      out.im[order[i]!] = x.im[i]!;
    }
    return out;
  }

  /** x_i -= factor x_j, the factor at `place`, conjugated where sign is -1. */
  private subtract(x: ComplexVector, i: number, j: number, place: number, sign: number): void {
    const a = this.re[place]!;
    const b = sign * this.im[place]!;
    x.re[i]! -= a * x.re[j]! - b * x.im[j]!;
    x.im[i]! -= a * x.im[j]! + b * x.re[j]!;
  }

  private divide(x: ComplexVector, i: number, sign: number): void {
    const a = this.re[i * this.n + i]!;
    const b = sign * this.im[i * this.n + i]!;
    const square = a * a + b * b;
    const [u, v] = [x.re[i]!, x.im[i]!];
    x.re[i] = (u * a + v * b) / square;
    x.im[i] = (v * a - u * b) / square;
  }
}

function normalised({ re, im }: ComplexVector): ComplexVector {
  let largest = 0;
  for (let i = 0; i < re.length; i++) largest = Math.max(largest, Math.abs(re[i]!), Math.abs(im[i]!));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return { re, im };
  return { re: re.map((v) => v / largest), im: im.map((v) => v / largest) };
}
