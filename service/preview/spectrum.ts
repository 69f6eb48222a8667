import { eigenvalues } from "../../analysis/auto-metric/eigenvalues.ts";
import type { Witness } from "../../analysis/report.ts";
import { topEigenpair } from "../../analysis/top-eigenpair.ts";
import { formAt, jacobian } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { witnessText } from "../verdicts.ts";
import type { MeasureInUse } from "./measure.ts";
import { numericalRange } from "./numerical-range.ts";
import type { Spectrum } from "./picture.ts";
import { symmetricPart, worstDirection } from "./worst-direction.ts";

/** Of larger matrices all eigenvalues take seconds. */
export const mostEigenvalues = 200;

/** The Jacobian at a witness: its eigenvalues, its numerical range, and the difference that it makes grow fastest. */
export function* spectrumAt(
  model: Model,
  witness: Witness,
  measure: MeasureInUse,
): Generator<undefined, Spectrum | null, void> {
  const n = model.states;
  const J = jacobian(formAt(model, witness.t), witness.slopes);
  if (!J.every(Number.isFinite)) return null;
  yield;
  const { value } = topEigenpair(symmetricPart(J, n), n);
  yield;
  const range = yield* numericalRange(J, n);
  const direction = worstDirection(J, n, measure);
  yield;
  return {
    eigenvalues: n <= mostEigenvalues ? yield* pointsOf(J, n) : new Float64Array(0),
    range,
    lognorm: value,
    text: witnessText(model, witness).trim(),
    direction,
  };
}

/** [n, 2]; empty where the iteration does not converge. */
function* pointsOf(J: Float64Array, n: number): Generator<undefined, Float64Array, void> {
  const steps = eigenvalues(J, n);
  let step = steps.next();
  for (; !step.done; step = steps.next()) yield;
  const found = step.value;
  return found === null
    ? new Float64Array(0)
    : Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? found.re : found.im)[Math.floor(k / 2)]);
}
