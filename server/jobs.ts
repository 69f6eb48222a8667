import { margin } from "../analysis/margin.ts";
import { analyseModel } from "../analysis/model-analysis.ts";
import { leastNumber } from "../analysis/repair/one-number.ts";
import type { AnalysisOptions, ModelReport } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import type { Repair, RepairTarget } from "../service/repairs.ts";

/** A repair is written in three digits. */
const MARGIN_PRECISION = 1e-5;

/** What the analysis thread can be asked to do. Plain data, as are the answers. */
export type Job =
  | { readonly kind: "analyse"; readonly model: Model; readonly options: AnalysisOptions }
  /** The least value of a repair that reaches the target. */
  | {
      readonly kind: "search";
      readonly model: Model;
      readonly repair: Repair;
      readonly target: RepairTarget;
      /** Given up after this many seconds. */
      readonly seconds: number;
    }
  /** Whether the requirement (by its place in the model) is proved. */
  | { readonly kind: "prove"; readonly model: Model; readonly requirement: number; readonly seconds: number };

export interface Answers {
  readonly analyse: ModelReport;
  /** Null where the target is out of reach, or was not reached in time. */
  readonly search: number | null;
  readonly prove: boolean;
}

export interface ToWorker {
  /** Positive; never used twice. */
  readonly id: number;
  readonly job: Job;
}

export type FromWorker =
  | { readonly id: number; readonly kind: "progress"; readonly report: ModelReport }
  /** `answer` is null where the job was cancelled. */
  | { readonly id: number; readonly kind: "done"; readonly answer: Answers[Job["kind"]] | null }
  /** The job threw: a mistake of this program. */
  | { readonly id: number; readonly kind: "failed"; readonly message: string };

/** Yields often, so that whoever drives it can cancel: a report where there is one to show. */
export function* doJob(job: Job): Generator<ModelReport | undefined, Answers[Job["kind"]], void> {
  switch (job.kind) {
    case "analyse":
      return yield* analyseModel(job.model, job.options);
    case "search":
      return yield* search(job);
    case "prove":
      return yield* prove(job);
  }
}

function* search({ model, repair, target, seconds }: Job & { kind: "search" }): Generator<undefined, number | null> {
  if (repair.kind === "activation") return yield* leastSlope(model, target, seconds);
  const end = performance.now() + 1000 * seconds;
  const question = { kind: "lognorm", h: null, ...target } as const;
  const aims = [{ question, limit: target.limit }];
  // Shift and rescale come with models that keep their params.
  const steps = leastNumber(model, { kind: "decay" }, aims, end);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() > end) return null;
    yield;
  }
}

function* leastSlope(model: Model, target: RepairTarget, seconds: number): Generator<undefined, number | null> {
  const question = { kind: "lognorm", h: null, ...target } as const;
  const steps = margin(model, question, target.limit, { seconds, precision: MARGIN_PRECISION });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value.mstar?.upper ?? null;
    yield;
  }
}

function* prove({ model, requirement, seconds }: Job & { kind: "prove" }): Generator<undefined, boolean> {
  for (const report of analyseModel(model, { seconds, norms: [] })) {
    const verdict = report.requirements.find((one) => one.requirement === requirement)?.verdict;
    if (verdict === "proved" || verdict === "refuted") return verdict === "proved";
    yield;
  }
  return false;
}
