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
  solvePair(r: number, n: number, x: number): void;
  tridiagonalise(t: number, n: number, d: number, e: number, tau: number, p: number): void;
  symmetricTimesVector(a: number, n: number, v: number, out: number): void;
}

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
  return new SimdRoutines(exports as unknown as Exports);
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
  private readonly exports: Exports;
  private numbers: Float64Array;
  /** Bytes that `take` has given away. */
  private taken = 0;
  /** Where what is copied in begins; from there on the memory may grow as long as nothing was reserved. */
  private reserved = 0;

  constructor(exports: Exports) {
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
    const { exports } = this;
    const area = this.layOut([X, r * k], [Y, s * k], [out, r * s]);
    const x = this.put(X, area[0], r * k);
    const y = this.put(Y, area[1], s * k);
    const o = this.place(out, area[2]);
    exports.product(x, y, o, r, s, k, area[3]);
    this.fetch(out, o, r * s);
  }

  symmetricProduct(X: Float64Array, Y: Float64Array, r: number, k: number, out: Float64Array): void {
    const area = this.layOut([X, r * k], [Y, r * k], [out, r * r]);
    const x = this.put(X, area[0], r * k);
    const y = X === Y ? x : this.put(Y, area[1], r * k);
    const o = this.place(out, area[2]);
    this.exports.symmetric(x, y, o, r, k, false, area[3]);
    this.fetch(out, o, r * r);
  }

  cholesky(A: Float64Array, n: number): boolean {
    const area = this.layOut([A, n * n]);
    const a = this.put(A, area[0], n * n);
    if (!this.exports.cholesky(a, n, area[3])) return false;
    this.fetch(A, a, n * n);
    return true;
  }

  inverse(R: Float64Array, n: number, out: Float64Array, room: Float64Array = new Float64Array(0)): void {
    const area = this.layOut([R, n * n], [room, n * n], [out, n * n]);
    const r = this.put(R, area[0], n * n);
    const g = this.place(room, area[1]);
    const o = this.place(out, area[2]);
    this.numbers.fill(0, g / 8, g / 8 + n * n);
    for (let i = 0; i < n; i++) this.numbers[g / 8 + i * (n + 1)] = 1;
    this.exports.solve(r, n, g, n, true, area[3]);
    this.exports.symmetric(g, g, o, n, n, true, area[3]);
    this.fetch(out, o, n * n);
  }

  solvePair(R: Float64Array, n: number, x: Float64Array): void {
    const area = this.layOut([R, n * n], [x, 2 * n]);
    const r = this.put(R, area[0], n * n);
    const at = this.put(x, area[1], 2 * n);
    this.exports.solvePair(r, n, at);
    this.fetch(x, at, 2 * n);
  }

  tridiagonalise(T: Float64Array, n: number, d: Float64Array, e: Float64Array, tau: Float64Array): void {
    const vectors = new Float64Array(0);
    const area = this.layOut([T, n * n], [vectors, 4 * n]);
    const t = this.put(T, area[0], n * n);
    const v = area[1];
    this.exports.tridiagonalise(t, n, v, v + 8 * n, v + 16 * n, v + 24 * n);
    this.fetch(T, t, n * n);
    this.fetch(d, v, n);
    this.fetch(e, v + 8 * n, n - 1);
    this.fetch(tau, v + 16 * n, n);
  }

  symmetricOperator(A: Float64Array, n: number): (v: Float64Array, out: Float64Array) => void {
    const vector = new Float64Array(0);
    const area = this.layOut([A, n * n], [vector, n], [vector, n]);
    const a = this.put(A, area[0], n * n);
    return (v, out) => {
      const x = this.put(v, area[1], n);
      const y = this.place(out, area[2]);
      this.exports.symmetricTimesVector(a, n, x, y);
      this.fetch(out, y, n);
    };
  }

  /**
   * Addresses for up to three operands that are copied, of so many numbers, and, last, of the work area.
   * @throws {RangeError} beyond 4 GiB, or what is left, as for any typed array
   */
  private layOut(...operands: (readonly [Float64Array, number])[]): [number, number, number, number] {
    const area: [number, number, number, number] = [0, 0, 0, 0];
    let end = this.reserved;
    operands.forEach(([X, count], i) => {
      area[i] = end;
      if (!this.isOwn(X)) end += bytesFor(count);
    });
    area[3] = end;
    this.grow(end + this.exports.workBytes());
    return area;
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

  private place(X: Float64Array, at: number): number {
    return this.isOwn(X) ? X.byteOffset : at;
  }

  private put(from: Float64Array, at: number, count: number): number {
    if (this.isOwn(from)) return from.byteOffset;
    this.numbers.set(from.length === count ? from : from.subarray(0, count), at / 8);
    return at;
  }

  private fetch(to: Float64Array, at: number, count: number): void {
    if (!this.isOwn(to)) to.set(this.numbers.subarray(at / 8, at / 8 + count));
  }
}

/** To whole cache lines, and one more: matrices whose sizes are powers of two would collide in the cache. */
function bytesFor(count: number): number {
  return (Math.ceil(count / 8) + 1) * 64;
}
