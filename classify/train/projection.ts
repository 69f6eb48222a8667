import { clipped } from "../../analysis/repair/clip.ts";
import type { Aim } from "../../analysis/repair/problem.ts";
import { Variables } from "../../analysis/repair/variables.ts";
import { beginning } from "../../analysis/repair/whole-layer.ts";
import { slopeBox } from "../../model/evaluate.ts";
import type { Model, Param } from "../../model/model.ts";
import { pieceValues, withValues } from "./network.ts";
import type { TrainedPiece, Trainee } from "./trainee.ts";

/** Brings a flow's weights back to where its logarithmic 2-norm is at most a target. */
export interface Projection {
  /** `clip`: singular values are cut, knot by knot; `least change`: of the one matrix that is named. */
  readonly method: "clip" | "least change";
  readonly param: string;
  /** Batches from one projection to the next. */
  readonly every: number;
  /** Changes the values in place; false where no weights of this param meet the limit. */
  project(values: Float64Array, limit: number): Generator<void, boolean, void>;
}

/** The closed form is quick, the least change by a relaxation is not. */
const CLIP_EVERY = 20;
const CHANGE_EVERY = 250;
/** Relative to the limit: the relaxation's answer meets it but for rounding and its own precision. */
const INSIDE = 1e-3;

/**
 * How training keeps a model's logarithmic 2-norm down (docs/repair.md): x' = act(A x + b), also with a decay and with an A
 * that depends on time, by the closed form; x' = L x + B act(C x + b), the same at all times, by the least change of B.
 * @returns a string where there is no such way
 */
export function projectionOf(trainee: Trainee): Projection | string {
  const { model, pieces } = trainee;
  const matrices = [...new Set(trainee.places.filter(({ source }) => source !== "free").map(({ param }) => param))];
  const [only] = matrices;
  if (model.layers.length === 1 && matrices.length === 1 && model.layers[0]!.weight === model.params[only!]!.name) {
    const { name } = model.params[only!]!;
    const own = pieces.filter(({ param }) => param === name);
    if (own.every(({ shape }) => shape[0] === model.states && shape[1] === model.states)) {
      return {
        method: "clip",
        param: name,
        every: CLIP_EVERY,
        project: (values, limit) => clip(trainee, own, values, limit),
      };
    }
  }
  const last = trainee.places.filter(({ root, source }) => root === model.layers.length && typeof source === "object");
  if (model.layers.length === 1 && last.length === 1 && !model.timeDependent) {
    const piece = pieces.find(({ param }) => param === model.params[last[0]!.param]!.name)!;
    const project = (values: Float64Array, limit: number) => leastChange(trainee, piece, values, limit);
    return { method: "least change", param: piece.param, every: CHANGE_EVERY, project };
  }
  return "a target is kept to in training for x' = act(A * x + b), A of the state's size and trained, and for x' = B * act(C * x + b), B trained: train without --target, then contrax repair";
}

function* clip(
  trainee: Trainee,
  own: readonly TrainedPiece[],
  values: Float64Array,
  limit: number,
): Generator<void, boolean, void> {
  for (const piece of own) {
    const model = atKnot(trainee, piece, values);
    const problem = {
      model,
      params: [piece.param],
      aims: [aim(limit)],
      precision: 1e-6,
      seconds: Number.POSITIVE_INFINITY,
    };
    const found = yield* clipped(problem);
    if (found.kind === "none") return false;
    values.set(found.changes[0]!.pieces[0]!, piece.offset);
  }
  return true;
}

/** The model with one of a param's values at all times. */
function atKnot(trainee: Trainee, piece: TrainedPiece, values: Float64Array): Model {
  const model = withValues(trainee, values);
  const constant = (param: Param): Param =>
    param.name === piece.param
      ? { ...param, value: { op: "constant", shape: piece.shape, data: pieceValues(values, piece) } }
      : param;
  return { ...model, params: model.params.map(constant), timeDependent: false, knots: [] };
}

function* leastChange(
  trainee: Trainee,
  piece: TrainedPiece,
  values: Float64Array,
  limit: number,
): Generator<void, boolean, void> {
  const model = withValues(trainee, values);
  const variables = new Variables(model, [piece.param]);
  const found = yield* beginning(variables, aim(limit), slopeBox(model), INSIDE * Math.max(1, Math.abs(limit)));
  if (!found) return false;
  for (let i = 0; i < piece.length; i++) values[piece.offset + i]! += found.z[i]!;
  return true;
}

function aim(limit: number): Aim {
  return { question: { kind: "lognorm", norm: "2", metric: null, h: null }, limit };
}
