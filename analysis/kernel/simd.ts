import { KERNEL_BINARY } from "./binary.ts";
import type { Routines } from "./routines.ts";

/** What analysis/kernel/assembly/index.ts exports: matrices are addresses in its memory. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  workBytes(): number;
  product(x: number, y: number, out: number, r: number, s: number, k: number, work: number): void;
  symmetric(x: number, y: number, out: number, r: number, k: number, upper: boolean, work: number): void;
  cholesky(a: number, n: number, work: number): number;
  solve(r: number, n: number, x: number, rows: number, upper: boolean, work: number): void;
  tridiagonalise(t: number, n: number, d: number, e: number, tau: number, p: number): void;
  symmetricTimesVector(a: number, n: number, v: number, out: number): void;
}

let instance: Routines | null | undefined;

/** The routines in WebAssembly, one instance per thread; null where there is no SIMD, or no compiling. */
export function simd(): Routines | null {
  if (instance === undefined) instance = instantiate();
  return instance;
}

function instantiate(): Routines | null {
  // WebAssembly's numbers are little-endian whatever the machine's are.
  if (new Uint8Array(Float64Array.of(1).buffer)[0] !== 0) return null;
  try {
    const bytes = Uint8Array.from(atob(KERNEL_BINARY), (character) => character.charCodeAt(0));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return new SimdRoutines(exports as unknown as Exports);
  } catch {
    return null;
  }
}

/** Copies operands in and results out: n^2 copies for n^3 operations. */
class SimdRoutines implements Routines {
  private readonly exports: Exports;
  private numbers: Float64Array;

  constructor(exports: Exports) {
    this.exports = exports;
    this.numbers = new Float64Array(exports.memory.buffer);
  }

  product(X: Float64Array, Y: Float64Array, r: number, s: number, k: number, out: Float64Array): void {
    const [x, y, o, work] = this.layOut(r * k, s * k, r * s);
    this.put(X, x, r * k);
    this.put(Y, y, s * k);
    this.exports.product(x, y, o, r, s, k, work);
    this.take(out, o, r * s);
  }

  symmetricProduct(X: Float64Array, Y: Float64Array, r: number, k: number, out: Float64Array): void {
    const [x, y, o, work] = this.layOut(r * k, r * k, r * r);
    this.put(X, x, r * k);
    this.put(Y, y, r * k);
    this.exports.symmetric(x, y, o, r, k, false, work);
    this.take(out, o, r * r);
  }

  cholesky(A: Float64Array, n: number): boolean {
    const [a, , , work] = this.layOut(n * n, 0, 0);
    this.put(A, a, n * n);
    if (!this.exports.cholesky(a, n, work)) return false;
    this.take(A, a, n * n);
    return true;
  }

  inverse(R: Float64Array, n: number, out: Float64Array): void {
    const [r, g, , work] = this.layOut(n * n, n * n, 0);
    this.put(R, r, n * n);
    this.numbers.fill(0, g / 8, g / 8 + n * n);
    for (let i = 0; i < n; i++) this.numbers[g / 8 + i * (n + 1)] = 1;
    this.exports.solve(r, n, g, n, true, work);
    // R is done with: the inverse takes its place.
    this.exports.symmetric(g, g, r, n, n, true, work);
    this.take(out, r, n * n);
  }

  tridiagonalise(T: Float64Array, n: number, d: Float64Array, e: Float64Array, tau: Float64Array): void {
    const [t, vectors] = this.layOut(n * n, 4 * n, 0);
    this.put(T, t, n * n);
    this.exports.tridiagonalise(t, n, vectors, vectors + 8 * n, vectors + 16 * n, vectors + 24 * n);
    this.take(T, t, n * n);
    this.take(d, vectors, n);
    this.take(e, vectors + 8 * n, n - 1);
    this.take(tau, vectors + 16 * n, n);
  }

  symmetricOperator(A: Float64Array, n: number): (v: Float64Array, out: Float64Array) => void {
    const [a, x, y] = this.layOut(n * n, n, n);
    this.put(A, a, n * n);
    return (v, out) => {
      this.put(v, x, n);
      this.exports.symmetricTimesVector(a, n, x, y);
      this.take(out, y, n);
    };
  }

  /**
   * Addresses of three matrices of so many numbers and, last, of the work area.
   * @throws RangeError beyond 4 GiB, or what is left, as for any typed array
   */
  private layOut(...counts: [number, number, number]): [number, number, number, number] {
    const { memory } = this.exports;
    let end = 0;
    const [a, b, c] = counts.map((count) => {
      const at = end;
      // To whole cache lines, and one more: matrices whose sizes are powers of two would collide in the cache.
      end += (Math.ceil(count / 8) + 1) * 64;
      return at;
    }) as [number, number, number];
    const missing = Math.ceil((end + this.exports.workBytes() - memory.buffer.byteLength) / 65536);
    if (missing > 0) {
      memory.grow(missing);
      this.numbers = new Float64Array(memory.buffer);
    }
    return [a, b, c, end];
  }

  private put(from: Float64Array, at: number, count: number): void {
    this.numbers.set(from.length === count ? from : from.subarray(0, count), at / 8);
  }

  private take(to: Float64Array, at: number, count: number): void {
    to.set(this.numbers.subarray(at / 8, at / 8 + count));
  }
}
