import { productTransposed, transposed } from "../../analysis/dense.ts";
import { weightsAt } from "../../analysis/repair/adjoints.ts";
import type { AffineMap, Classifier, Model } from "../../model/model.ts";
import type { Term } from "../../model/term.ts";
import { ClassifierMap, type Scores } from "../classifier-map.ts";
import { mapped } from "../field.ts";
import { eulerSteps } from "../integrator.ts";
import type { FlowPlace } from "./flow-places.ts";
import type { TrainedMap, TrainedPiece, Trainee } from "./trainee.ts";

/** A classifier with some numbers, and the gradient of functions of its scores by them. */
export class Network {
  /** With the numbers in place of those that were trained from. */
  readonly model: Model;
  readonly classifier: Classifier;
  private readonly trainee: Trainee;
  private readonly map: ClassifierMap;
  private readonly steps: readonly { readonly at: number; readonly width: number }[];

  /**
   * @param values of the trainee's pieces, in its order
   * @param steps of forward Euler
   */
  constructor(trainee: Trainee, values: Float64Array, steps: number) {
    const { encode, output } = trainee.classifier;
    this.trainee = trainee;
    this.model = withValues(trainee, values);
    this.classifier = {
      ...trainee.classifier,
      encode: mapWith(trainee.encode, encode, values),
      output: mapWith(trainee.output, output, values),
    };
    this.map = new ClassifierMap(this.model, this.classifier, { method: "euler", steps });
    this.steps = eulerSteps(this.model, steps);
  }

  /** @param images [batch, k] */
  scores(images: Float64Array, batch: number): Scores {
    return this.map.scores(images, batch);
  }

  /**
   * Adds the gradient by the trained numbers of a function of the scores.
   * @param byScores its gradient by the scores, [batch, classes]
   * @param out by the trainee's values
   */
  addGradient(images: Float64Array, scores: Scores, byScores: Float64Array, batch: number, out: Float64Array): void {
    const { trainee, map } = this;
    const { states, steps } = scores.trajectory;
    addMap(trainee.output, byScores, states.at(-1)!, batch, out);
    const adjoint = map.pullOutput(byScores, batch);
    for (let k = steps.length - 1; k >= 0; k--) {
      const { fields, stages, width } = steps[k]!;
      const vectors = adjoint.map((v) => width * v);
      const byLayers: Float64Array[] = [];
      const pulled = fields[0]!.pull(stages[0]!, vectors, batch, byLayers);
      const outputs = this.model.layers.map(({ activation }, l) =>
        mapped(activation, "value", stages[0]!.preactivations[l]!),
      );
      const sources = { state: states[k]!, outputs, adjoints: [...byLayers, vectors] };
      for (const place of trainee.places) this.addPlace(place, sources, this.steps[k]!.at, batch, out);
      for (let i = 0; i < adjoint.length; i++) adjoint[i]! += pulled[i]!;
    }
    addMap(trainee.encode, adjoint, images, batch, out);
  }

  private addPlace(
    { param, root, source, factor }: FlowPlace,
    { state, outputs, adjoints }: Sources,
    t: number,
    batch: number,
    out: Float64Array,
  ): void {
    const input = source === "free" ? null : source === "state" ? state : outputs[source.layer]!;
    const product = input ? outer(adjoints[root]!, input, batch) : columnSums(adjoints[root]!, batch);
    const { name, value } = this.model.params[param]!;
    const isScheduled = value.op === "interpolate" || value.op === "steps";
    const weights = isScheduled ? weightsAt(value, t) : [1];
    for (const { param: other, index, offset } of this.trainee.pieces) {
      const weight = other === name ? factor * weights[index]! : 0;
      if (weight !== 0) for (let i = 0; i < product.length; i++) out[offset + i]! += weight * product[i]!;
    }
  }
}

/** At one step: [batch, …] each; the last adjoint is that of the flow. */
interface Sources {
  readonly state: Float64Array;
  readonly outputs: readonly Float64Array[];
  readonly adjoints: readonly Float64Array[];
}

export function pieceValues(values: Float64Array, { offset, length }: TrainedPiece): Float64Array {
  return values.slice(offset, offset + length);
}

/** The model with the numbers in place of those of its kept params. */
export function withValues({ model, pieces }: Trainee, values: Float64Array): Model {
  const params = model.params.map((param) => {
    const own = pieces.filter((piece) => piece.param === param.name);
    if (own.length === 0) return param;
    const terms = own.map((piece): Term => ({ op: "constant", shape: piece.shape, data: pieceValues(values, piece) }));
    const { value } = param;
    const changed: Term = value.op === "interpolate" || value.op === "steps" ? { ...value, values: terms } : terms[0]!;
    return { ...param, value: changed };
  });
  return { ...model, params };
}

function mapWith({ weight, bias }: TrainedMap, map: AffineMap, values: Float64Array): AffineMap {
  return {
    ...map,
    weight: weight ? pieceValues(values, weight) : map.weight,
    bias: bias ? pieceValues(values, bias) : map.bias,
  };
}

function addMap(
  { weight, bias }: TrainedMap,
  adjoint: Float64Array,
  input: Float64Array,
  batch: number,
  out: Float64Array,
) {
  const add = (piece: TrainedPiece, product: Float64Array) => {
    for (let i = 0; i < product.length; i++) out[piece.offset + i]! += product[i]!;
  };
  if (weight) add(weight, outer(adjoint, input, batch));
  if (bias) add(bias, columnSums(adjoint, batch));
}

/** Y^T X, [rows, columns], Y [batch, rows] and X [batch, columns]. */
function outer(Y: Float64Array, X: Float64Array, batch: number): Float64Array {
  const [rows, columns] = [Y.length / batch, X.length / batch];
  return productTransposed(transposed(Y, batch, rows), transposed(X, batch, columns), rows, columns, batch);
}

function columnSums(Y: Float64Array, batch: number): Float64Array {
  const width = Y.length / batch;
  const out = new Float64Array(width);
  for (let i = 0, j = 0; i < Y.length; i++, j = j + 1 === width ? 0 : j + 1) out[j]! += Y[i]!;
  return out;
}
