import { KERNEL_BINARY } from "./binary.ts";
import type { KernelExports } from "./kernel-exports.ts";
import type { Routines } from "./routines.ts";

let module: WebAssembly.Module | null | undefined;
let copying: SimdRoutines | null | undefined;

/** The routines in WebAssembly on copies of their operands, one instance per thread; null where there is no SIMD. */
export function simd(): SimdRoutines | null {
  if (copying === undefined) copying = instantiate();
  return copying;
}

/**
 * An instance of its own; null where there is no SIMD.
 * @param matrices how many numbers each of the matrices has that are going to be taken from its memory
 * @param copied how many numbers, at most, operands that are not among them have
 */
export function residentSimd(matrices: readonly number[], copied: number): SimdRoutines | null {
  const routines = instantiate();
  routines?.reserve(matrices, copied);
  return routines;
}

function instantiate(): SimdRoutines | null {
  if (module === undefined) module = compiled();
  if (!module) return null;
  const { exports } = new WebAssembly.Instance(module);
  return new SimdRoutines(exports as unknown as KernelExports);
}

function compiled(): WebAssembly.Module | null {
  // WebAssembly's numbers are little-endian whatever the machine's are.
  if (new Uint8Array(Float64Array.of(1).buffer)[0] !== 0) return null;
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNEL_BINARY), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}

/**
 * What is not in the instance's own memory is copied in and results are copied out: n^2 copies for n^3 operations.
 * Matrices from `take` are used where they are.
 */
export class SimdRoutines implements Routines {
  private readonly exports: KernelExports;
  private numbers: Float64Array;
  /** Bytes that `take` has given away. */
  private taken = 0;
  /** Where what is copied in begins; from there on the memory may grow as long as nothing was reserved. */
  private reserved = 0;

  constructor(exports: KernelExports) {
    this.exports = exports;
    this.numbers = new Float64Array(exports.memory.buffer);
  }

  /** See `residentSimd`. Once, before the first `take`. */
  reserve(matrices: readonly number[], copied: number): void {
    this.reserved = matrices.reduce((sum, count) => sum + bytesFor(count), 0);
    this.grow(this.reserved + 3 * bytesFor(copied) + this.exports.workBytes());
  }

  /** A piece of what was reserved, on a cache line of its own. */
  take(count: number): Float64Array {
    const view = new Float64Array(this.exports.memory.buffer, this.taken, count);
    this.taken += bytesFor(count);
    return view;
  }

  product(X: Float64Array, Y: Float64Array, r: number, s: number, k: number, out: Float64Array): void {
    const [x, y, o, work] = this.layOut([X, r * k], [Y, s * k], [out, r * s]);
    this.put(X, x, r * k);
    this.put(Y, y, s * k);
    this.exports.product(x, y, o, r, s, k, work);
    this.fetch(out, o, r * s);
  }

  symmetricProduct(X: Float64Array, Y: Float64Array, r: number, k: number, out: Float64Array): void {
    const [x, y, o, work] = this.layOut([X, r * k], [Y, r * k], [out, r * r]);
    this.put(X, x, r * k);
    this.put(Y, y, r * k);
    this.exports.symmetric(x, y, o, r, k, false, work);
    this.fetch(out, o, r * r);
  }

  cholesky(A: Float64Array, n: number): boolean {
    const [a, work] = this.layOut([A, n * n]);
    this.put(A, a, n * n);
    if (!this.exports.cholesky(a, n, work)) return false;
    this.fetch(A, a, n * n);
    return true;
  }

  inverse(R: Float64Array, n: number, out: Float64Array, room: Float64Array = NOTHING): void {
    const [r, g, o, work] = this.layOut([R, n * n], [room, n * n], [out, n * n]);
    this.put(R, r, n * n);
    this.numbers.fill(0, g / 8, g / 8 + n * n);
    for (let i = 0; i < n; i++) this.numbers[g / 8 + i * (n + 1)] = 1;
    this.exports.solve(r, n, g, n, true, work);
    this.exports.symmetric(g, g, o, n, n, true, work);
    this.fetch(out, o, n * n);
  }

  solvePair(R: Float64Array, n: number, x: Float64Array): void {
    const [r, at] = this.layOut([R, n * n], [x, 2 * n]);
    this.put(R, r, n * n);
    this.put(x, at, 2 * n);
    this.exports.solvePair(r, n, at);
    this.fetch(x, at, 2 * n);
  }

  tridiagonalise(T: Float64Array, n: number, d: Float64Array, e: Float64Array, tau: Float64Array): void {
    const [t, v] = this.layOut([T, n * n], [NOTHING, 4 * n]);
    this.put(T, t, n * n);
    this.exports.tridiagonalise(t, n, v, v + 8 * n, v + 16 * n, v + 24 * n);
    this.fetch(T, t, n * n);
    this.fetch(d, v, n);
    this.fetch(e, v + 8 * n, n - 1);
    this.fetch(tau, v + 16 * n, n);
  }

  largestOfTridiagonal(d: Float64Array, e: Float64Array, n: number): number {
    const [a, b, room] = this.layOut([d, n], [e, n - 1], [NOTHING, n]);
    this.put(d, a, n);
    this.put(e, b, n - 1);
    return this.exports.largestOfTridiagonal(a, b, n, room);
  }

  transpose(X: Float64Array, rows: number, columns: number, to: Float64Array): void {
    const [x, o] = this.layOut([X, rows * columns], [to, rows * columns]);
    this.put(X, x, rows * columns);
    this.exports.transpose(x, rows, columns, o);
    this.fetch(to, o, rows * columns);
  }

  scaleColumns(X: Float64Array, d: Float64Array, rows: number, h: number, to: Float64Array): void {
    const [x, v, o] = this.layOut([X, rows * h], [d, h], [to, rows * h]);
    this.put(X, x, rows * h);
    this.put(d, v, h);
    this.exports.scaleColumns(x, v, rows, h, o);
    this.fetch(to, o, rows * h);
  }

  symmetricPart(X: Float64Array, n: number, to: Float64Array): void {
    const [x, o] = this.layOut([X, n * n], [to, n * n]);
    this.put(X, x, n * n);
    this.exports.symmetricPart(x, n, o);
    this.fetch(to, o, n * n);
  }

  subtractFrom(u: number, X: Float64Array, Y: Float64Array, n: number, to: Float64Array): void {
    const [x, y, o] = this.layOut([X, n * n], [Y, n * n], [to, n * n]);
    this.put(X, x, n * n);
    this.put(Y, y, n * n);
    this.exports.subtractFrom(u, x, y, n, o);
    this.fetch(to, o, n * n);
  }

  rowDots(X: Float64Array, Y: Float64Array, rows: number, k: number, to: Float64Array): void {
    const [x, y, o] = this.layOut([X, rows * k], [Y, rows * k], [to, rows]);
    this.put(X, x, rows * k);
    this.put(Y, y, rows * k);
    this.exports.rowDots(x, y, rows, k, o);
    this.fetch(to, o, rows);
  }

  hessian(gram: Float64Array, h: number, to: Float64Array): void {
    const [g, o] = this.layOut([gram, 4 * h * h], [to, (h + 1) ** 2]);
    this.put(gram, g, 4 * h * h);
    this.put(to, o, (h + 1) ** 2);
    this.exports.hessian(g, h, o);
    this.fetch(to, o, (h + 1) ** 2);
  }

  weigh(X: Float64Array, Y: Float64Array, d: Float64Array, n: number, h: number, V: Float64Array): void {
    const [x, y, r, v] = this.layOut([X, n * h], [Y, n * h], [d, h], [V, 2 * n * h]);
    this.put(X, x, n * h);
    this.put(Y, y, n * h);
    this.put(d, r, h);
    this.exports.weigh(x, y, r, n, h, v);
    this.fetch(V, v, 2 * n * h);
  }

  tanh(x: Float64Array, count: number): void {
    const [at] = this.layOut([x, count]);
    this.put(x, at, count);
    this.exports.tanh(at, count);
    this.fetch(x, at, count);
  }

  symmetricOperator(A: Float64Array, n: number): (v: Float64Array, out: Float64Array) => void {
    const [a, x, y] = this.layOut([A, n * n], [NOTHING, n], [NOTHING, n]);
    this.put(A, a, n * n);
    return (v, out) => {
      this.numbers.set(v.length === n ? v : v.subarray(0, n), x / 8);
      this.exports.symmetricTimesVector(a, n, x, y);
      out.set(this.numbers.subarray(y / 8, y / 8 + n));
    };
  }

  /**
   * Where each operand of so many numbers is, or is to be copied, and, last, where the work area is.
   * @throws {RangeError} beyond 4 GiB, or what is left, as for any typed array
   */
  private layOut(...operands: (readonly [Float64Array, number])[]): [number, number, number, number, number] {
    let end = this.reserved;
    const area = operands.map(([X, count]) => {
      if (this.isOwn(X)) return X.byteOffset;
      const at = end;
      end += bytesFor(count);
      return at;
    });
    this.grow(end + this.exports.workBytes());
    area.push(end);
    return area as [number, number, number, number, number];
  }

  private grow(bytes: number): void {
    const { memory } = this.exports;
    const missing = Math.ceil((bytes - memory.buffer.byteLength) / 65536);
    if (missing <= 0) return;
    // Growing would take from everybody what `take` has given them.
    if (this.taken > 0) throw new RangeError("more was copied into a reserved memory than there is room for");
    memory.grow(missing);
    this.numbers = new Float64Array(memory.buffer);
  }

  private isOwn(X: Float64Array): boolean {
    return X.buffer === this.numbers.buffer;
  }

  private put(from: Float64Array, at: number, count: number): void {
    if (!this.isOwn(from)) this.numbers.set(from.length === count ? from : from.subarray(0, count), at / 8);
  }

  private fetch(to: Float64Array, at: number, count: number): void {
    if (!this.isOwn(to)) to.set(this.numbers.subarray(at / 8, at / 8 + count));
  }
}

const NOTHING = new Float64Array(0);

/** To whole cache lines, and one more: matrices whose sizes are powers of two would collide in the cache. */
function bytesFor(count: number): number {
  return (Math.ceil(count / 8) + 1) * 64;
}
