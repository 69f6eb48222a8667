import { plain } from "./kernel/plain.ts";
import type { Routines } from "./kernel/routines.ts";
import { residentSimd, simd } from "./kernel/simd.ts";

/**
 * The matrices of one node's relaxation, n states and up to H free neurons, made once and used for one node after the
 * other: they stay in the kernel's memory. Where h < H neurons are free, the first part of each is used.
 */
export interface Workspace {
  readonly states: number;
  readonly neurons: number;
  readonly routines: Routines;
  /** Of the centred form: [n, n], [h, n], [h, n] and, where it is deep, [h, h]. */
  readonly L: Float64Array;
  readonly BT: Float64Array;
  readonly C: Float64Array;
  readonly N: Float64Array;
  /** C^T and B / 2, [n, h]. */
  readonly CT: Float64Array;
  readonly halfB: Float64Array;
  /** Square roots of the two terms that make the Schur complement, [n, 2 h]. */
  readonly V: Float64Array;
  readonly factors: readonly [FactorBuffers, FactorBuffers];
  /** [n, n] */
  readonly Y: Float64Array;
  readonly square: Float64Array;
  /** [2 h, n], [2 h, n] and [2 h, 2 h] */
  readonly CK: Float64Array;
  readonly CKY: Float64Array;
  readonly gram: Float64Array;
  /** [h + 1, h + 1] twice */
  readonly hessian: Float64Array;
  readonly hessianFactor: Float64Array;
  /** [2 (h + 1)] */
  readonly pair: Float64Array;
  /** [h], all 1/2 */
  readonly halves: Float64Array;
  /** [2 h] or [n] */
  readonly dots: Float64Array;
  /** Where the form is deep: N^T, N^T Lambda and products, [h, h]; X, X^T and K^T, [h, n]. */
  readonly NT: Float64Array;
  readonly weightedN: Float64Array;
  readonly NP: Float64Array;
  readonly X: Float64Array;
  readonly XT: Float64Array;
  readonly KT: Float64Array;
}

export interface FactorBuffers {
  /** [n, n] each */
  readonly S: Float64Array;
  readonly R: Float64Array;
  /** [h, n] and [h, h] where the form is deep */
  readonly K: Float64Array;
  readonly P: Float64Array;
}

/** Below so many multiplications for one product, plain arrays are as fast. */
const WORTH_A_MEMORY = 256;
/** Workspaces that wait for the next search of their size. */
const MOST_WAITING = 4;
const waiting: Workspace[] = [];

/** A workspace that nobody else uses until it is released. */
export function acquireWorkspace(states: number, neurons: number, deep: boolean): Workspace {
  const place = waiting.findIndex((w) => w.states === states && w.neurons === neurons && isDeep(w) === deep);
  return place >= 0 ? waiting.splice(place, 1)[0]! : createWorkspace(states, neurons, deep);
}

export function releaseWorkspace(workspace: Workspace): void {
  if (waiting.length >= MOST_WAITING) waiting.shift();
  waiting.push(workspace);
}

function isDeep(workspace: Workspace): boolean {
  return workspace.NT.length > 0;
}

function createWorkspace(n: number, H: number, deep: boolean): Workspace {
  const h2 = deep ? H * H : 0;
  const hn = deep ? H * n : 0;
  const sizes = {
    L: n * n,
    BT: H * n,
    C: H * n,
    N: h2,
    CT: H * n,
    halfB: H * n,
    V: 2 * H * n,
    S0: n * n,
    R0: n * n,
    K0: hn,
    P0: h2,
    S1: n * n,
    R1: n * n,
    K1: hn,
    P1: h2,
    Y: n * n,
    square: Math.max(n * n, h2),
    CK: 2 * H * n,
    CKY: 2 * H * n,
    gram: 4 * H * H,
    hessian: (H + 1) ** 2,
    hessianFactor: (H + 1) ** 2,
    pair: 2 * (H + 1),
    halves: H,
    dots: Math.max(2 * H, n),
    NT: h2,
    weightedN: h2,
    NP: h2,
    X: hn,
    XT: hn,
    KT: hn,
  };
  const resident = n * n * H >= WORTH_A_MEMORY ? residentSimd(Object.values(sizes), n * H + 4 * (n + H)) : null;
  const take = (count: number) => resident?.take(count) ?? new Float64Array(count);
  const { S0, R0, K0, P0, S1, R1, K1, P1, ...others } = sizes;
  const factors = [
    { S: take(S0), R: take(R0), K: take(K0), P: take(P0) },
    { S: take(S1), R: take(R1), K: take(K1), P: take(P1) },
  ] as const;
  const matrices = Object.fromEntries(Object.entries(others).map(([name, count]) => [name, take(count)]));
  const routines = resident ?? (n * n * H >= WORTH_A_MEMORY ? simd() : null) ?? plain;
  return { states: n, neurons: H, routines, factors, ...(matrices as Record<keyof typeof others, Float64Array>) };
}
