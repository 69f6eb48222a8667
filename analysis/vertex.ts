import type { SlopeBox } from "./centred-form.ts";
import { dotRows, frobenius, productTransposed, transposed } from "./dense.ts";
import { routinesFor } from "./kernel/routines.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import type { ScaledForm } from "./scaled-form.ts";
import { topEigenpair } from "./top-eigenpair.ts";

/** Slopes, with a vector at which they show at least `value`. */
export interface Vertex {
  /** [H] */
  readonly slopes: Float64Array;
  /** [n], unit length up to rounding. */
  readonly vector: Float64Array;
  /** v^T J v / v^T v in rounded arithmetic. */
  readonly value: number;
  /** d value / d slope, [H]: where a slope is fixed, what the others would gain from it. */
  readonly gradient: Float64Array;
}

const rooms = [new Float64Array(0), new Float64Array(0)];

/** Room for a result that is used up before the next one is asked for: there are many. */
function scratch(which: 0 | 1, count: number): Float64Array {
  if (rooms[which]!.length !== count) rooms[which] = new Float64Array(count);
  return rooms[which]!;
}

/** Symmetric part of the Jacobian at the given slopes, [n, n], in rounded arithmetic. */
function symmetricJacobian(form: ScaledForm, slopes: Float64Array): Float64Array {
  const { states: n, neurons: H, N } = form;
  const weighted = scratch(0, n * H);
  if (!N) {
    routinesFor(n * H).scaleColumns(form.B, slopes, n, H, weighted);
  }
  const J = N
    ? productTransposed(form.B, transposed(responses(form, N, slopes), H, n), n, n, H, scratch(1, n * n))
    : productTransposed(weighted, form.CT, n, n, H, scratch(1, n * n));
  for (let k = 0; k < n * n; k++) J[k]! += form.L[k]!;
  const out = new Float64Array(n * n);
  routinesFor(n * n).symmetricPart(J, n, out);
  return out;
}

/** The rows p_i = d_i (C_i + sum_j N_ij p_j) over x, [H, n]. */
function responses(form: ScaledForm, N: Float64Array, slopes: Float64Array): Float64Array {
  const { states: n, neurons: H } = form;
  const P = form.C.slice();
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < i; j++) {
      const v = N[i * H + j]!;
      if (v !== 0) for (let k = 0; k < n; k++) P[i * n + k]! += v * P[j * n + k]!;
    }
    for (let k = 0; k < n; k++) P[i * n + k]! *= slopes[i]!;
  }
  return P;
}

/** q = C v + N D q and, backwards, b = B^T v + N^T D b, [H] each: the slope gradient of v^T J v is their product. */
function sweeps(form: ScaledForm, slopes: Float64Array, v: Float64Array): { q: Float64Array; b: Float64Array } {
  const { states: n, neurons: H, N } = form;
  const q = new Float64Array(H);
  const b = new Float64Array(H);
  for (let i = 0; i < H; i++) {
    q[i] = dotRows(form.C, i * n, v, 0, n);
    if (N) for (let j = 0; j < i; j++) q[i]! += N[i * H + j]! * slopes[j]! * q[j]!;
  }
  for (let i = H - 1; i >= 0; i--) {
    b[i] = dotRows(form.BT, i * n, v, 0, n);
    if (N) for (let j = i + 1; j < H; j++) b[i]! += N[j * H + i]! * slopes[j]! * b[j]!;
  }
  return { q, b };
}

/**
 * From slopes, sign steps to a vertex of the box that no such step improves (docs/mathematics.md, section 2). With one
 * hidden layer a step never lowers the value; deeper, a step that does is replaced by the best single flip.
 */
export function climb(form: ScaledForm, box: SlopeBox, from: Float64Array, guess?: Float64Array): Vertex {
  let best = vertexAt(form, from, guess);
  let isVertex = from.every((d, i) => d === box.lower[i] || d === box.upper[i]);
  for (let step = 0; step < 100; step++) {
    const { gradient } = best;
    const slopes = best.slopes.map((d, i) =>
      gradient[i]! > 0 ? box.upper[i]! : gradient[i]! < 0 || !isVertex ? box.lower[i]! : d,
    );
    if (slopes.every((d, i) => d === best.slopes[i])) return best;
    let next = vertexAt(form, slopes, best.vector);
    if (isVertex && next.value <= best.value) {
      if (!form.N) return best;
      next = vertexAt(form, bestFlip(box, best), best.vector);
      if (next.value <= best.value) return best;
    }
    best = next;
    isVertex = true;
  }
  return best;
}

function bestFlip(box: SlopeBox, at: Vertex): Float64Array {
  const slopes = at.slopes.slice();
  let gain = 0;
  let place = -1;
  for (let i = 0; i < slopes.length; i++) {
    const other = slopes[i] === box.lower[i] ? box.upper[i]! : box.lower[i]!;
    const g = (other - slopes[i]!) * at.gradient[i]!;
    if (g > gain) {
      gain = g;
      place = i;
    }
  }
  if (place >= 0) slopes[place] = slopes[place] === box.lower[place] ? box.upper[place]! : box.lower[place]!;
  return slopes;
}

/** The top eigenvector at the given slopes, with the slope gradient there. */
export function vertexAt(form: ScaledForm, slopes: Float64Array, guess?: Float64Array): Vertex {
  const { value, vector } = topEigenpair(symmetricJacobian(form, slopes), form.states, guess);
  const { q, b } = sweeps(form, slopes, vector);
  return { slopes, vector, value, gradient: q.map((x, i) => x * b[i]!) };
}

/**
 * A number that v^T J v / v^T v reaches in real arithmetic at the vertex's slopes: the rounded value less a running bound
 * on its error (Higham, section 3.3). Exact where every product is 0.
 */
export function provedValue(form: ScaledForm, vertex: Vertex): number {
  const { states: n, neurons: H, N } = form;
  const { slopes, vector: v } = vertex;
  const length = frobenius(v) * (1 + 1e-9);
  // Covers the products and the nested sums of every term below.
  const round = gamma(2 * (n + H) + 10);
  const p = new Float64Array(H);
  const errorP = new Float64Array(H);
  let squaresP = 0;
  let value = 0;
  let error = form.error.L * length * length;
  let exact = error === 0;
  for (let i = 0; i < H; i++) {
    const d = slopes[i]!;
    let q = 0;
    let size = 0;
    const inherited = form.error.CN[i]!;
    let e = inherited === 0 ? 0 : inherited * Math.sqrt(length * length + squaresP) * (1 + 1e-9);
    for (let j = 0; j < n; j++) {
      const t = form.C[i * n + j]! * v[j]!;
      q += t;
      size += Math.abs(t);
    }
    if (N) {
      for (let j = 0; j < i; j++) {
        const w = N[i * H + j]!;
        if (w === 0) continue;
        q += w * p[j]!;
        size += Math.abs(w * p[j]!);
        e += Math.abs(w) * errorP[j]!;
      }
    }
    if (d === 0) continue;
    exact = false;
    p[i] = d * q;
    errorP[i] = (Math.abs(d) * (e + round * size) + round * Math.abs(p[i]!)) * (1 + 1e-9);
    squaresP += (Math.abs(p[i]!) + errorP[i]!) ** 2;
    let b = 0;
    let sizeB = 0;
    for (let j = 0; j < n; j++) {
      const t = form.BT[i * n + j]! * v[j]!;
      b += t;
      sizeB += Math.abs(t);
    }
    value += b * p[i]!;
    error += (sizeB * round + form.error.BT[i]! * length) * (Math.abs(p[i]!) + errorP[i]!);
    error += Math.abs(b) * errorP[i]! + round * Math.abs(b * p[i]!);
  }
  let squares = 0;
  for (let i = 0; i < n; i++) {
    squares += v[i]! * v[i]!;
    let row = 0;
    for (let j = 0; j < n; j++) {
      const t = v[i]! * form.L[i * n + j]! * v[j]!;
      row += t;
      error += Math.abs(t) * round;
      if (exact && v[i] !== 0 && v[j] !== 0 && form.L[i * n + j] !== 0) exact = false;
    }
    value += row;
  }
  if (exact) return 0;
  if (!(value < Number.POSITIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
  const low = value - error * 1.01 - UNDERFLOW_SLACK;
  const quotient = low / squares;
  return quotient - Math.abs(quotient) * gamma(n + 6);
}
