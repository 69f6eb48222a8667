import { slopeRestricted } from "../model/activations.ts";
import { formAt } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Domain, Layer, Model } from "../model/model.ts";
import { valueRange } from "../model/slope-range.ts";
import { Heap } from "./heap.ts";
import { IntervalSum } from "./interval-sum.ts";
import { type Box, isWide, middleBetween, preactivations, slopesOver } from "./preactivations.ts";
import { halvesOf, middleOf, piecesOf, type TimePiece } from "./time-piece.ts";

/** Whether trajectories that start in the domain stay in it as long as the model runs. */
export type Invariance =
  | { readonly kind: "invariant" | "unknown" }
  | {
      readonly kind: "not invariant";
      readonly t: number;
      /** On the boundary: here the flow points outwards. */
      readonly x: Float64Array;
      /** The component that leaves its interval, and where. */
      readonly component: number;
      readonly end: "lower" | "upper";
      /** Proved: the flow leaves at least so fast. */
      readonly speed: number;
    };

interface Face {
  readonly component: number;
  readonly end: "lower" | "upper";
}

interface Cell extends Face {
  readonly box: Box;
  readonly piece: TimePiece;
}

/** Cells of faces that are looked at, and products made, at most. */
const MOST_CELLS = 4000;
const MOST_PRODUCTS = 1e8;

/**
 * By Nagumo's theorem (F. Blanchini, Set invariance in control, Automatica 35, 1747-1767, 1999): a box is forward invariant
 * if nowhere on its boundary the flow, which is Lipschitz, points outwards. Interval bounds on the component of the flow
 * across each face, over all times; the cells that may point outwards most are cut in two.
 */
export function* invarianceOf(model: Model, domain: Domain): Generator<void, Invariance, void> {
  const open = new Heap<Cell>();
  let cells = 0;
  let products = 0;
  const { states: n, neurons: H } = formAt(model, model.time.from);
  /** Nothing leaves the domain at the end of time. */
  const pieces = piecesOf(model).filter(({ from, to }) => from < to || !model.timeDependent);
  /** Opens a cell unless the flow is seen not to leave through it; what it finds where it leaves ends the search. */
  const look = (cell: Cell): Invariance | null => {
    cells++;
    products += 4 * (n + H) * (H + 1);
    const bound = outward(cell, cell.piece.form, model.layers, cell.box).upper;
    if (bound <= 0) return null;
    open.push(bound, cell);
    return leaves(model, cell);
  };
  for (const face of facesOf(domain)) {
    for (const piece of pieces) {
      if (cells >= MOST_CELLS || products > MOST_PRODUCTS) return { kind: "unknown" };
      const found = look({ ...face, box: faceBox(domain, face), piece });
      if (found) return found;
      yield;
    }
  }
  while (open.size > 0) {
    if (cells >= MOST_CELLS || products > MOST_PRODUCTS) return { kind: "unknown" };
    const cell = open.pop()!;
    const parts = cut(model, cell);
    if (!parts) return { kind: "unknown" };
    for (const part of parts) {
      const found = look(part);
      if (found) return found;
    }
    yield;
  }
  return { kind: "invariant" };
}

function facesOf({ lower, upper }: Domain): Face[] {
  const faces: Face[] = [];
  for (let component = 0; component < lower.length; component++) {
    if (Number.isFinite(lower[component])) faces.push({ component, end: "lower" });
    if (Number.isFinite(upper[component])) faces.push({ component, end: "upper" });
  }
  return faces;
}

function faceBox(domain: Domain, { component, end }: Face): Box {
  const box = { lower: domain.lower.slice(), upper: domain.upper.slice() };
  box.lower[component] = domain[end][component];
  box.upper[component] = domain[end][component];
  return box;
}

/** The speed at which the flow leaves through a face, over a box. */
function outward(
  { component: i, end }: Face,
  form: LinearFractionalForm,
  layers: readonly Layer[],
  box: Box,
): { readonly lower: number; readonly upper: number } {
  const { states: n, neurons: H, offsets, L, B, a, radius } = form;
  const q = preactivations(form, layers, box, null)!;
  const sum = new IntervalSum();
  sum.add(1, 0, a[i], a[i]);
  if (radius && radius.a[i] !== 0) sum.add(0, radius.a[i], -1, 1);
  for (let j = 0; j < n; j++) sum.add(L[i * n + j], radius ? radius.L[i * n + j] : 0, box.lower[j], box.upper[j]);
  for (const [layer, { activation }] of layers.entries()) {
    for (let k = offsets[layer]; k < offsets[layer + 1]; k++) {
      const w = B[i * H + k];
      const r = radius ? radius.B[i * H + k] : 0;
      if (w !== 0 || r !== 0) sum.add(w, r, ...valueRange(activation, q.lower[k], q.upper[k]));
    }
  }
  return end === "upper" ? { lower: sum.lower, upper: sum.upper } : { lower: -sum.upper, upper: -sum.lower };
}

/** Where the flow is seen to leave: the middle of a cell, or the corner that the slopes point to. */
function leaves(model: Model, cell: Cell): Invariance | null {
  const { component, end, box, piece } = cell;
  const { layers } = model;
  if (layers.some(({ activation }) => activation.builtin === slopeRestricted)) return null;
  const t = middleOf(piece);
  const form = formAt(model, t);
  const middle = centreOf(box);
  const q = preactivations(form, layers, { lower: middle, upper: middle }, null)!;
  const slopes = slopesOver(layers, q, true);
  const steepness = slopes.lower.map((low, k) => low / 2 + slopes.upper[k] / 2);
  const row = jacobianRow(form, steepness, component);
  const sign = end === "upper" ? 1 : -1;
  const corner = middle.map((x, j) => {
    const to = sign * row[j] > 0 ? box.upper[j] : sign * row[j] < 0 ? box.lower[j] : x;
    return Number.isFinite(to) ? to : x + Math.sign(to) * 1e3 * (1 + Math.abs(x));
  });
  for (const x of [middle, corner]) {
    const speed = outward(cell, form, layers, { lower: x, upper: x }).lower;
    if (speed > 0) return { kind: "not invariant", t, x, component, end, speed };
  }
  return null;
}

/** Row i of J(D) = L + B D (I - N D)^{-1} C, by a sweep back. */
function jacobianRow(form: LinearFractionalForm, slopes: Float64Array, i: number): Float64Array {
  const { states: n, neurons: H, L, B, C, N } = form;
  const row = L.slice(i * n, (i + 1) * n);
  const b = B.slice(i * H, (i + 1) * H);
  for (let k = H - 1; k >= 0; k--) {
    const weight = b[k] * slopes[k];
    if (weight === 0) continue;
    for (let l = 0; l < k; l++) b[l] += weight * N[k * H + l];
    for (let j = 0; j < n; j++) row[j] += weight * C[k * n + j];
  }
  return row;
}

/** Halves of a cell's time or of one of its coordinates, whichever moves the flow more; null where it is a point. */
function cut(model: Model, cell: Cell): Cell[] | null {
  const { box, piece, component: i } = cell;
  const { layers } = model;
  const halves = halvesOf(model, piece);
  const form = halves ? formAt(model, middleOf(piece)) : piece.form;
  if (halves) {
    const whole = outward(cell, piece.form, layers, box);
    const still = outward(cell, form, layers, box);
    const width = whole.upper - Math.max(still.lower, whole.lower);
    if (!(whole.upper - still.upper <= width / 2)) return halves.map((half) => ({ ...cell, piece: half }));
  }
  const steepest = layers.flatMap(({ activation: { slopes }, neurons }) =>
    new Array<number>(neurons).fill(Math.max(Math.abs(slopes.lower), Math.abs(slopes.upper))),
  );
  const sizes = { ...form };
  for (const name of ["L", "B", "C", "N"] as const) sizes[name] = form[name].map(Math.abs);
  const size = jacobianRow(sizes, Float64Array.from(steepest), i);
  let best = -1;
  let most = 0;
  for (let j = 0; j < size.length; j++) {
    const width = Math.min(box.upper[j] - box.lower[j], 1e9);
    const score = size[j] * width;
    if (!(score > most) || !isWide(box.lower[j], box.upper[j])) continue;
    most = score;
    best = j;
  }
  if (best < 0) return halves?.map((half) => ({ ...cell, piece: half })) ?? null;
  const at = middleBetween(box.lower[best], box.upper[best]);
  const low = { lower: box.lower, upper: box.upper.slice() };
  const high = { lower: box.lower.slice(), upper: box.upper };
  low.upper[best] = at;
  high.lower[best] = at;
  return [
    { ...cell, box: low },
    { ...cell, box: high },
  ];
}

function centreOf({ lower, upper }: Box): Float64Array {
  return lower.map((low, j) => middleBetween(low, upper[j]));
}
