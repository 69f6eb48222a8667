import { formAt, formBefore } from "../model/evaluate.ts";
import type { Model } from "../model/model.ts";
import { BatchedField, type FieldValue } from "./field.ts";
import { dormandPrince, euler, type Tableau } from "./tableau.ts";

/** How the flow is followed. */
export type Integrator =
  /** Forward Euler with so many equal steps. */
  | { readonly method: "euler"; readonly steps: number }
  /** Dormand and Prince's method of order 5; each step's error is at most the tolerance, absolute and relative. */
  | { readonly method: "adaptive"; readonly tolerance: number };

/** One step of a batch. */
export interface Step {
  readonly width: number;
  readonly fields: readonly BatchedField[];
  readonly stages: readonly FieldValue[];
}

/** Where a batch of states came to, and how. */
export interface Trajectory {
  /** [batch, n] each: x(t0) first, x(t1) last. */
  readonly states: readonly Float64Array[];
  readonly steps: readonly Step[];
}

/** More steps are a sign of a stiff or an exploding flow, and so is not to have come far with the first ones. */
const MOST_STEPS = 2000;
const FIRST_STEPS = 100;
const FAR = 1e-4;
/** Fields that are kept, so that all batches use the same. */
const MOST_FIELDS = 512;

/** Thrown where the adaptive method does not arrive. */
export class NotIntegrable extends Error {}

/** The flow map x(t0) -> x(t1) of batches, as an integrator computes it, and its derivative. */
export class FlowMap {
  readonly states: number;
  private readonly model: Model;
  private readonly integrator: Integrator;
  private readonly tableau: Tableau;
  private readonly fields = new Map<number, BatchedField>();

  constructor(model: Model, integrator: Integrator) {
    this.model = model;
    this.states = model.states;
    this.integrator = integrator;
    this.tableau = integrator.method === "euler" ? euler : dormandPrince;
  }

  /** @param start [batch, n] */
  follow(start: Float64Array, batch: number): Trajectory {
    return this.integrator.method === "euler"
      ? this.equalSteps(start, batch, this.integrator.steps)
      : this.adaptiveSteps(start, batch, this.integrator.tolerance);
  }

  /** The derivative of x(t1) by x(t0), transposed, on the rows of `vectors`, [batch, n]; the steps' widths are constants. */
  pull({ steps }: Trajectory, vectors: Float64Array, batch: number): Float64Array {
    let adjoint = vectors;
    for (const step of steps.toReversed()) adjoint = this.pullStep(step, adjoint, batch);
    return adjoint;
  }

  private equalSteps(start: Float64Array, batch: number, count: number): Trajectory {
    const states = [start];
    const steps: Step[] = [];
    for (const { at, width } of eulerSteps(this.model, count)) {
      const { step, end } = this.step(states.at(-1)!, at, width, false, batch);
      states.push(end);
      steps.push(step);
    }
    return { states, steps };
  }

  private adaptiveSteps(start: Float64Array, batch: number, tolerance: number): Trajectory {
    const { from, to } = this.model.time;
    const states = [start];
    const steps: Step[] = [];
    const ends = [...this.model.knots, to];
    let width = (to - from) / 16;
    for (let at = from, tried = 0; at < to; tried++) {
      const next = ends.find((t) => t > at)!;
      const isLast = at + width * (1 + 1e-9) >= next;
      const w = isLast ? next - at : width;
      const hardlyMoves = tried > FIRST_STEPS && at - from < FAR * (to - from);
      if (tried > MOST_STEPS || hardlyMoves || at + w / 8 === at) {
        throw new NotIntegrable(
          `the flow is too stiff, or grows too fast, for an explicit method: it stopped at t = ${at}`,
        );
      }
      const { step, end, error } = this.step(states.at(-1)!, at, w, isLast, batch);
      const worst = relativeError(error!, states.at(-1)!, end, this.states, batch, tolerance);
      if (worst <= 1) {
        states.push(end);
        steps.push(step);
        at = isLast ? next : at + w;
      }
      // No number where the step has left what doubles hold.
      width = w * (Number.isNaN(worst) ? 0.1 : Math.min(5, Math.max(0.1, 0.9 * worst ** -0.2)));
    }
    return { states, steps };
  }

  /** @param beforeKnot the step ends where coefficients may jump: its last stages count what they are just before */
  private step(x: Float64Array, at: number, width: number, beforeKnot: boolean, batch: number) {
    const { nodes, inner, weights, errors } = this.tableau;
    const stages: FieldValue[] = [];
    const fields: BatchedField[] = [];
    for (const [i, node] of nodes.entries()) {
      const field = node === 1 && beforeKnot ? this.fieldBefore(at + width) : this.field(at + node * width);
      fields.push(field);
      stages.push(field.value(combined(x, width, inner[i]!, stages), batch));
    }
    const end = combined(x, width, weights, stages);
    const error = errors && combined(new Float64Array(x.length), width, errors, stages);
    return { step: { width, fields, stages }, end, error };
  }

  private pullStep({ width, fields, stages }: Step, adjoint: Float64Array, batch: number): Float64Array {
    const { inner, weights } = this.tableau;
    const pulled: Float64Array[] = [];
    const out = adjoint.slice();
    for (let i = stages.length - 1; i >= 0; i--) {
      const vectors = adjoint.map((v) => v * width * weights[i]!);
      for (let j = i + 1; j < stages.length; j++) addScaled(vectors, width * inner[j]![i]!, pulled[j]!);
      if (vectors.every((v) => v === 0)) pulled[i] = new Float64Array(out.length);
      else pulled[i] = fields[i]!.pull(stages[i]!, vectors, batch);
      addScaled(out, 1, pulled[i]!);
    }
    return out;
  }

  private field(t: number): BatchedField {
    const key = this.model.timeDependent ? t : 0;
    const known = this.fields.get(key);
    if (known) return known;
    const field = new BatchedField(this.model, formAt(this.model, t));
    if (this.fields.size < MOST_FIELDS) this.fields.set(key, field);
    return field;
  }

  private fieldBefore(t: number): BatchedField {
    return this.model.timeDependent ? new BatchedField(this.model, formBefore(this.model, t, t)) : this.field(t);
  }
}

/** The steps of forward Euler: when each begins and how wide it is, the same double for all. */
export function eulerSteps({ time: { from, to } }: Model, count: number): { at: number; width: number }[] {
  const width = (to - from) / count;
  return Array.from({ length: count }, (_, k) => ({ at: from + k * width, width }));
}

/** x + width times the sum of the stages' derivatives, weighted. */
function combined(
  x: Float64Array,
  width: number,
  weights: readonly number[],
  stages: readonly FieldValue[],
): Float64Array {
  const out = x.slice();
  for (const [j, weight] of weights.entries()) addScaled(out, width * weight, stages[j]!.derivative);
  return out;
}

function addScaled(out: Float64Array, factor: number, X: Float64Array): void {
  if (factor !== 0) for (let i = 0; i < out.length; i++) out[i]! += factor * X[i]!;
}

/** The largest over the batch of the root mean square of the errors by what is tolerated; above 1 the step is refused. */
function relativeError(
  error: Float64Array,
  before: Float64Array,
  after: Float64Array,
  n: number,
  batch: number,
  tolerance: number,
): number {
  let worst = 0;
  for (let k = 0; k < batch; k++) {
    let squares = 0;
    for (let i = k * n; i < (k + 1) * n; i++) {
      squares += (error[i]! / (tolerance * (1 + Math.max(Math.abs(before[i]!), Math.abs(after[i]!))))) ** 2;
    }
    const mean = Math.sqrt(squares / n);
    if (!(mean <= worst)) worst = mean;
    if (Number.isNaN(mean)) return mean;
  }
  return worst;
}
