/** What analysis/kernel/assembly/index.ts exports: matrices are addresses in its memory. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  workBytes(): number;
  product(x: number, y: number, out: number, r: number, s: number, k: number, work: number): void;
  symmetric(x: number, y: number, out: number, r: number, k: number, upper: boolean, work: number): void;
  cholesky(a: number, n: number, work: number): number;
  solve(r: number, n: number, x: number, rows: number, upper: boolean, work: number): void;
  solvePair(r: number, n: number, x: number): void;
  tridiagonalise(t: number, n: number, d: number, e: number, tau: number, p: number): void;
  largestOfTridiagonal(d: number, e: number, n: number, squares: number): number;
  transpose(x: number, rows: number, columns: number, to: number): void;
  scaleColumns(x: number, d: number, rows: number, h: number, to: number): void;
  symmetricPart(x: number, n: number, to: number): void;
  subtractFrom(u: number, x: number, y: number, n: number, to: number): void;
  rowDots(x: number, y: number, rows: number, k: number, to: number): void;
  hessian(gram: number, h: number, to: number): void;
  weigh(x: number, y: number, d: number, n: number, h: number, v: number): void;
  tanh(x: number, count: number): void;
  symmetricTimesVector(a: number, n: number, v: number, out: number): void;
}
