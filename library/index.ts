/**
 * Contrax as a library: from the text of a model, or a linear fractional form, to proved bounds. It uses nothing of
 * Node.js and nothing of the editor; docs/library.md shows how.
 *
 * Long computations are generators that yield between short pieces of work, so that their host can show progress, keep
 * answering and give up (`return()`); `run` drives one to its end.
 */

export { fieldGain } from "../analysis/field-gain.ts";
export { type EstimatedMargin, estimatedMargin } from "../analysis/gradient-flow/estimated-margin.ts";
export { type Invariance, invarianceOf } from "../analysis/invariance.ts";
export { LogarithmicNormSearch } from "../analysis/lognorm.ts";
export { type Margin, type MarginOptions, margin } from "../analysis/margin.ts";
export { analyseModel } from "../analysis/model-analysis.ts";
export type { SessionHandle } from "../analysis/node-session.ts";
export { type NodeThreads, serveNodes, useThreads } from "../analysis/node-threads.ts";
export { type NormOverTime, type NormOverTimeOptions, normOverTime } from "../analysis/norm-over-time.ts";
export { type ModelSearch, type Question, searchFor } from "../analysis/question.ts";
export { clipped } from "../analysis/repair/clip.ts";
export { leastChange } from "../analysis/repair/least-change.ts";
export { isProved, leastNumber, type OneNumber, withOneNumber } from "../analysis/repair/one-number.ts";
export type { Aim, ChangedParam, ChangeOutcome, ChangeProblem, Restrictions } from "../analysis/repair/problem.ts";
export type {
  Analysis,
  AnalysisOptions,
  Bound,
  Enclosure,
  LayerReport,
  ModelReport,
  Remark,
  RequirementReport,
  StoppedBy,
  Verdict,
  Witness,
} from "../analysis/report.ts";
export type { Search } from "../analysis/search.ts";
export type { IntegrationOptions } from "../analysis/simulate/advance.ts";
export { type Bundle, type BundleStart, evenTimes, simulateBundle } from "../analysis/simulate/bundle.ts";
export { distances } from "../analysis/simulate/distances.ts";
export { type Ending, endingText } from "../analysis/simulate/ending.ts";
export { type EquilibriaOptions, type Equilibrium, equilibria } from "../analysis/simulate/equilibria.ts";
export { NotSimulable, vectorField } from "../analysis/simulate/model-field.ts";
export type { Tolerance } from "../analysis/simulate/tolerance.ts";
export { integrate, type Trajectory } from "../analysis/simulate/trajectory.ts";
export type { VectorField } from "../analysis/simulate/vector-field.ts";
export type { Attack } from "../classify/attack.ts";
export { ClassifierMap, type Scores } from "../classify/classifier-map.ts";
export {
  type Evaluation,
  type EvaluationOptions,
  type EvaluationProgress,
  evaluateClassifier,
} from "../classify/evaluate.ts";
export { type LabelledImages, readImages, readLabels, type Span, spanOf } from "../classify/images.ts";
export { type Integrator, NotIntegrable } from "../classify/integrator.ts";
export type { Diagnostic } from "../grammar/diagnostic.ts";
export { flowAt, formAt, formOver, jacobian, slopeBox } from "../model/evaluate.ts";
export type { FormRadius, LinearFractionalForm } from "../model/form.ts";
export type { Metric, Model, Norm, Requirement } from "../model/model.ts";
export { type DataArray, type DataPlace, openDataArray } from "../weights/data-array.ts";
export { type Models, readKeeping, readModels } from "./read-models.ts";
export { run } from "./run.ts";
