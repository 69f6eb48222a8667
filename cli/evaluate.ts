import { type Evaluation, type EvaluationOptions, evaluateClassifier } from "../classify/evaluate.ts";
import type { LabelledImages } from "../classify/images.ts";
import { NotIntegrable } from "../classify/integrator.ts";
import { slopeRestricted } from "../model/activations.ts";
import { canSimulate } from "../model/evaluate.ts";
import type { Classifier, Model } from "../model/model.ts";
import { chosenModel } from "./chosen-model.ts";
import { evaluateDocument } from "./evaluate-document.ts";
import { evaluateText } from "./evaluate-text.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { readLabelledImages } from "./labelled-images.ts";
import { startLine } from "./progress.ts";
import { finish } from "./slices.ts";
import { report } from "./streams.ts";

export interface EvaluateOptions extends EvaluationOptions {
  readonly format: "pretty" | "json";
  readonly model: string | null;
  /** Files, with the name of an array behind a colon where they hold several. */
  readonly images: string;
  readonly labels: string;
  /** From 0. */
  readonly first: number;
  /** Null for all from `first` on. */
  readonly count: number | null;
}

/** An evaluation and all that it is of, for every format. */
export interface Evaluated {
  readonly model: Model;
  readonly data: LabelledImages;
  readonly options: EvaluationOptions;
  readonly evaluation: Evaluation;
  /** Why nothing is certified; null where something can be. */
  readonly reason: string | null;
  readonly seconds: number;
}

const uncertified = "only forward Euler is certified, not the adaptive method: state --steps";

/**
 * `contrax evaluate FILE`: the accuracy of a classifier, clean, attacked and certified.
 *
 * @returns the exit status
 */
export async function evaluateCommand(file: string, options: EvaluateOptions): Promise<number> {
  const model = await chosenModel(file, options.model);
  if (model === null) return 2;
  const { classifier } = model;
  const wrong = wrongModel(model);
  if (classifier === null || wrong !== null) return refused(2, `${file}: ${wrong}`);
  const data = await readLabelledImages(options, classifier);
  if ("problem" in data) return refused(2, data.problem);
  return await run(model, classifier, data, options);
}

async function run(
  model: Model,
  classifier: Classifier,
  data: LabelledImages,
  options: EvaluateOptions,
): Promise<number> {
  const interrupt = onInterrupt();
  const line = startLine();
  const began = performance.now();
  try {
    const evaluation = await finish(
      evaluateClassifier(model, classifier, data, options),
      interrupt.signal,
      ({ done, total }) => {
        line.show(`${model.name}: ${done} of ${total} images, ${((performance.now() - began) / 1000).toFixed(0)} s`);
      },
    );
    line.clear();
    if (evaluation === null) return interruptedStatus;
    const seconds = (performance.now() - began) / 1000;
    const reason = evaluation.bounds === null ? uncertified : null;
    const evaluated = { model, data, options, evaluation, reason, seconds };
    const write = options.format === "json" ? evaluateDocument : evaluateText;
    process.stdout.write(write(evaluated));
    return 0;
  } catch (error) {
    line.clear();
    if (error instanceof NotIntegrable) return refused(1, `${model.name}: ${error.message}`);
    throw error;
  } finally {
    interrupt.release();
  }
}

/** Why a model's accuracy cannot be had, or null. */
function wrongModel(model: Model): string | null {
  if (model.classifier === null) {
    return `${model.name} is no classifier: it needs \`input\`, \`encode\` and \`output\``;
  }
  if (canSimulate(model)) return null;
  const known = model.layers.find(({ activation }) => activation.builtin === slopeRestricted)!;
  return `${model.name} cannot be run: of \`${known.activation.text}\`, in layer ${known.name}, only the slopes are known`;
}

function refused(status: number, message: string): number {
  report(message);
  return status;
}
