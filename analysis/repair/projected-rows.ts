import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { isMultipleOfIdentity } from "../dense.ts";
import type { Violation } from "./constraint.ts";
import type { Aim } from "./problem.ts";

/** z_own * own + sum_j weights_j |z_j| <= bound, j over the others. */
interface Face {
  readonly own: number;
  readonly weights: Float64Array;
  readonly bound: number;
  /** [H], the slopes at which the row or column shows it. */
  readonly slopes: Float64Array;
}

/** The nearest point of a row or column, with the faces' multipliers. */
interface Nearest {
  readonly z: Float64Array;
  readonly multipliers: readonly number[];
}

const SWEEPS = 400;
const HALVINGS = 80;

/**
 * Norms 1 and inf of x' = act(A x + b) + diag(l) x: the least change of A is found for each column (1) or row (inf) by itself,
 * the projection on at most two sets of the form own z_i + sum_j weights_j |z_j| <= bound: by their multipliers, every entry
 * but the diagonal's is drawn towards 0 by as much (docs/mathematics.md, sections 5 and 9).
 *
 * @param form with B = I, C = A and L diagonal; see `isDecoupled`
 * @returns A, [n, n], and what holds it up: half-spaces that the least change lies on; null where there is none
 */
export function projectedRows(
  { question: { norm, metric }, limit }: Aim,
  form: LinearFractionalForm,
  box: SlopeBox,
  t: number,
  inside: number,
): { readonly A: Float64Array; readonly held: readonly Violation[] } | null {
  const { states: n, C, L } = form;
  const eta = metric?.kind === "given" ? metric.values : new Float64Array(n).fill(1);
  const A = new Float64Array(n * n);
  const held: Violation[] = [];
  for (let i = 0; i < n; i++) {
    const at = (j: number) => (norm === "inf" ? i * n + j : j * n + i);
    const a = Float64Array.from({ length: n }, (_, j) => C[at(j)]!);
    const ratio = (j: number) => (norm === "inf" ? eta[i]! / eta[j]! : eta[j]! / eta[i]!);
    const faces = facesOf(norm === "inf", i, n, box, ratio, limit - L[i * (n + 1)]! - inside);
    const nearest = project(a, i, faces);
    if (!nearest) return null;
    nearest.z.forEach((v, j) => {
      A[at(j)] = v;
    });
    for (const [k, { slopes }] of faces.entries()) {
      if (nearest.multipliers[k]! > 0)
        held.push({ t, slopes, pair: pairOf(norm, i, a, nearest, faces, slopes, ratio) });
    }
  }
  return { A, held };
}

/** Whether rows or columns can be projected one by one. */
export function isDecoupled({ states: n, neurons: H, offsets, B, L }: LinearFractionalForm): boolean {
  const isDiagonal = L.every((v, k) => v === 0 || k % (n + 1) === 0);
  return n === H && offsets.length === 2 && isMultipleOfIdentity(B, n, 1) && isDiagonal;
}

/** One for each end of the slope that the diagonal is multiplied by. */
function facesOf(
  isRow: boolean,
  i: number,
  n: number,
  { lower, upper }: SlopeBox,
  ratio: (j: number) => number,
  bound: number,
): Face[] {
  const ends = lower[i] === upper[i] ? [lower[i]!] : [lower[i]!, upper[i]!];
  return ends.map((own) => {
    // A row has one slope, a column that of each neuron: the greatest in absolute value.
    const slopes = lower.map((lo, j) => (isRow || j === i ? own : Math.abs(lo) > Math.abs(upper[j]!) ? lo : upper[j]!));
    const weights = Float64Array.from({ length: n }, (_, j) => (j === i ? 0 : Math.abs(slopes[j]!) * ratio(j)));
    return { own, weights, bound, slopes };
  });
}

/** Coordinate ascent in the multipliers, each to where its face is met. */
function project(a: Float64Array, i: number, faces: readonly Face[]): Nearest | null {
  const multipliers = faces.map(() => 0);
  const z = new Float64Array(a.length);
  const move = () => {
    for (let j = 0; j < z.length; j++) {
      let down = 0;
      for (const [k, x] of multipliers.entries()) down += x * (j === i ? faces[k]!.own : faces[k]!.weights[j]!);
      z[j] = j === i ? a[j]! - down : Math.sign(a[j]!) * Math.max(0, Math.abs(a[j]!) - down);
    }
  };
  const excess = (k: number, x: number) => {
    multipliers[k] = x;
    move();
    const { own, weights, bound } = faces[k]!;
    return weights.reduce((sum, w, j) => sum + w * Math.abs(z[j]!), own * z[i]!) - bound;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (const k of faces.keys()) {
      const before = multipliers[k]!;
      if (!meet(k, excess)) return null;
      moved = Math.max(moved, Math.abs(multipliers[k]! - before));
    }
    if (faces.length === 1 || moved <= 1e-14 * Math.max(...multipliers)) break;
  }
  move();
  return { z, multipliers };

  function meet(k: number, excessAt: typeof excess): boolean {
    if (excessAt(k, 0) <= 0) return true;
    let high = 1e-3;
    while (excessAt(k, high) > 0) {
      high *= 4;
      if (high > 1e30) return false;
    }
    let low = 0;
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = (low + high) / 2;
      if (excessAt(k, middle) > 0) low = middle;
      else high = middle;
    }
    excessAt(k, high);
    return true;
  }
}

/**
 * The half-space that pulls: with the signs of the entries, and where an entry was drawn to 0 the part of its sign that does
 * it; |sign| <= 1 whatever J is, so it holds of every J that keeps the limit.
 */
function pairOf(
  norm: "1" | "2" | "inf",
  i: number,
  a: Float64Array,
  { z, multipliers }: Nearest,
  faces: readonly Face[],
  slopes: Float64Array,
  ratio: (j: number) => number,
): Violation["pair"] {
  const n = a.length;
  const along = Float64Array.from({ length: n }, (_, j) => {
    if (j === i) return 1;
    const pull = multipliers.reduce((sum, x, k) => sum + x * faces[k]!.weights[j]!, 0);
    const sign = z[j] !== 0 ? Math.sign(z[j]!) : pull > 0 ? Math.max(-1, Math.min(1, a[j]! / pull)) : 0;
    const d = norm === "inf" ? slopes[i]! : slopes[j]!;
    return (d < 0 ? -sign : sign) * ratio(j);
  });
  const unit = new Float64Array(n);
  unit[i] = 1;
  const [u, w] = norm === "inf" ? [unit, along] : [along, unit];
  return { u, w, sizes: { u: u.map(Math.abs), scale: 1, fixed: 0 }, scale: 1, fixed: 0, value: Number.NaN, row: i };
}
