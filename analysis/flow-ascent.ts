import { formAt, jacobian } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { vectorNorm } from "./matrix-norms.ts";

/** Constant slopes and an initial vector, with the factor by which the flow expands it, in rounded arithmetic. */
export interface Expansion {
  readonly slopes: Float64Array;
  readonly vector: Float64Array;
  readonly factor: number;
}

/** The time interval in so many pieces, in each of which the coefficients are taken to be constant. */
const PIECES = 96;
const ROUNDS = 100;
/** A step of the exponential series is so long, times the size of J. */
const REACH = 0.5;
const MOST_SUBSTEPS = 64;

interface Piece {
  readonly form: LinearFractionalForm;
  readonly width: number;
}

/**
 * Looks for slopes and a vector that the flow of z' = J(t, D) z expands most, by the power method of the p-norm (Higham,
 * section 15.2): forwards z, backwards its dual vector w. At the same time each slope goes to the end that the
 * derivative of |z(t1)|, the integral of b_i q_i, points to, as long as that helps. It proves nothing.
 */
export class FlowAscent {
  private readonly model: Model;
  private readonly box: SlopeBox;
  private readonly norm: Norm;
  private readonly pieces: readonly Piece[];

  constructor(model: Model, box: SlopeBox, norm: Norm) {
    this.model = model;
    this.box = box;
    this.norm = norm;
    const { from, to } = model.time;
    const inner = Array.from({ length: PIECES - 1 }, (_, k) => from + ((k + 1) / PIECES) * (to - from));
    const times = [...new Set([from, ...model.knots, ...inner, to])].sort((a, b) => a - b);
    this.pieces = times.slice(1).map((end, k) => {
      const start = times[k]!;
      // The same object for all times where nothing depends on time.
      return { form: formAt(model, start / 2 + end / 2), width: end - start };
    });
  }

  /** Yields after every round. */
  *climb(slopes: Float64Array): Generator<void, Expansion | null, void> {
    const n = this.model.states;
    let best: Expansion | null = null;
    let tried = slopes;
    let vector: Float64Array = Float64Array.from({ length: n }, (_, i) => Math.sin(1 + 7 * i) + 0.1);
    let moving = true;
    for (let round = 0; round < ROUNDS; round++) {
      const jacobians = this.jacobians(tried);
      const forward = this.forward(jacobians, vector);
      const last = forward.at(-1)!;
      yield;
      const factor = vectorNorm(last, this.norm) / vectorNorm(vector, this.norm);
      if (!Number.isFinite(factor)) return best;
      const improved = !best || factor > best.factor * (1 + 1e-12);
      if (improved) best = { slopes: tried, vector, factor };
      // Slopes that did not help are taken back, and from then on only the vector is improved.
      else if (moving && tried !== best!.slopes) {
        moving = false;
        tried = best!.slopes;
        vector = best!.vector;
        continue;
      } else if (!moving) return best;
      const backward = this.backward(jacobians, this.dual(last));
      const gradient = this.gradient(tried, forward, backward);
      vector = this.primal(backward[0]!);
      yield;
      if (!moving) continue;
      const next = tried.map((d, i) =>
        gradient[i]! > 0 ? this.box.upper[i]! : gradient[i]! < 0 ? this.box.lower[i]! : d,
      );
      if (next.some((d, i) => d !== tried[i])) tried = next;
      else if (!improved) moving = false;
    }
    return best;
  }

  private jacobians(slopes: Float64Array): Float64Array[] {
    const known = new Map<LinearFractionalForm, Float64Array>();
    for (const { form } of this.pieces) if (!known.has(form)) known.set(form, jacobian(form, slopes));
    return this.pieces.map(({ form }) => known.get(form)!);
  }

  private forward(jacobians: readonly Float64Array[], from: Float64Array): Float64Array[] {
    const states = [from];
    for (const [k, J] of jacobians.entries()) states.push(exponential(J, states[k]!, this.pieces[k]!.width, false));
    return states;
  }

  private backward(jacobians: readonly Float64Array[], to: Float64Array): Float64Array[] {
    const states = [to];
    for (let k = jacobians.length - 1; k >= 0; k--) {
      states.unshift(exponential(jacobians[k]!, states[0]!, this.pieces[k]!.width, true));
    }
    return states;
  }

  /** A vector w with w . z = |z|_p, of length 1 in the dual norm. */
  private dual(z: Float64Array): Float64Array {
    if (this.norm === "1") return z.map((x) => (x < 0 ? -1 : 1));
    if (this.norm === "inf") return largestOnly(z);
    const length = vectorNorm(z, "2");
    return z.map((x) => x / length);
  }

  /** The vector of length 1 with the largest w . v. */
  private primal(w: Float64Array): Float64Array {
    if (this.norm === "inf") return w.map((x) => (x < 0 ? -1 : 1));
    if (this.norm === "1") return largestOnly(w);
    const length = vectorNorm(w, "2");
    return w.map((x) => x / length);
  }

  /** The integral over time of b_i q_i, q = C z + N D q and b = B^T w + N^T D b. */
  private gradient(slopes: Float64Array, forward: readonly Float64Array[], backward: readonly Float64Array[]) {
    const total = new Float64Array(slopes.length);
    this.pieces.forEach(({ form, width }, piece) => {
      const { states: n, neurons: H, B, C, N } = form;
      const mean = (X: readonly Float64Array[]) => X[piece]!.map((x, j) => (x + X[piece + 1]![j]!) / 2);
      const [z, w] = [mean(forward), mean(backward)];
      const q = new Float64Array(H);
      const b = new Float64Array(H);
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < n; j++) q[i]! += C[i * n + j]! * z[j]!;
        for (let j = 0; j < i; j++) q[i]! += N[i * H + j]! * slopes[j]! * q[j]!;
      }
      for (let i = H - 1; i >= 0; i--) {
        for (let j = 0; j < n; j++) b[i]! += B[j * H + i]! * w[j]!;
        for (let j = i + 1; j < H; j++) b[i]! += N[j * H + i]! * slopes[j]! * b[j]!;
        total[i]! += width * b[i]! * q[i]!;
      }
    });
    return total;
  }
}

function largestOnly(v: Float64Array): Float64Array {
  let best = 0;
  v.forEach((x, i) => {
    if (Math.abs(x) > Math.abs(v[best]!)) best = i;
  });
  return v.map((x, i) => (i === best ? (x < 0 ? -1 : 1) : 0));
}

/** exp(J width) z, or that of J^T, by its series in short steps. */
function exponential(J: Float64Array, z: Float64Array, width: number, transposed: boolean): Float64Array {
  const n = z.length;
  const size = Math.sqrt(J.reduce((s, v) => s + v * v, 0)) * width;
  const steps = Math.min(MOST_SUBSTEPS, Math.max(1, Math.ceil(size / REACH)));
  let state = z;
  for (let step = 0; step < steps; step++) {
    let term = state;
    const sum = state.slice();
    for (let k = 1; k <= 12; k++) {
      const next = new Float64Array(n);
      const factor = width / steps / k;
      for (let i = 0; i < n; i++) {
        const x = term[i]! * factor;
        if (transposed) for (let j = 0; j < n; j++) next[j]! += J[i * n + j]! * x;
        else for (let j = 0; j < n; j++) next[j]! += J[j * n + i]! * x;
      }
      term = next;
      for (let i = 0; i < n; i++) sum[i]! += term[i]!;
    }
    state = sum;
  }
  return state;
}
