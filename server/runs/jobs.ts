import { analyseModel } from "../../analysis/model-analysis.ts";
import type { Aim } from "../../analysis/repair/problem.ts";
import type { AnalysisOptions, ModelReport, RequirementReport } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import type { LoadFailure } from "../../model/tensor.ts";
import type { Picture } from "../../service/preview/picture.ts";
import { type PictureTask, pictureOf } from "../../service/preview/picture-of.ts";
import type { Found, Goal, NoRepair, Repair, WrittenRepair } from "../../service/repair/repair.ts";
import { type Writing, writtenElsewhere } from "../repairs/repair-writings.ts";
import { search } from "../repairs/search-repair.ts";

/** What the analysis thread can be asked to do. Plain data, as are the answers. */
export type Job =
  | { readonly kind: "analyse"; readonly model: Model; readonly options: AnalysisOptions }
  /** What reaches the aims and changes least. */
  | {
      readonly kind: "search";
      /** With the params of the repair kept. */
      readonly model: Model;
      readonly repair: Repair;
      readonly aims: readonly Aim[];
      /** Relative. */
      readonly precision: number;
      /** Given up after this many seconds. */
      readonly seconds: number;
    }
  /** Whether the model meets the goals; the answer may end where one of the first `needed` ones is refuted. */
  | {
      readonly kind: "prove";
      readonly model: Model;
      readonly goals: readonly Goal[];
      readonly needed: number;
      readonly seconds: number;
    }
  /** What a preview draws. */
  | { readonly kind: "picture"; readonly task: PictureTask }
  /** A repair as it may be written into the document, large weight files and all. */
  | (Writing & {
      readonly kind: "write";
      readonly text: string;
      /** As in a `CheckedDocument`. */
      readonly files: ReadonlyMap<string, Uint8Array | LoadFailure>;
      readonly model: string;
      /** Of new files, by those whose place they take. */
      readonly names: ReadonlyMap<string, string>;
    });

export interface Answers {
  readonly analyse: ModelReport;
  readonly search: Found | NoRepair;
  /** In the goals' order. */
  readonly prove: readonly RequirementReport[];
  readonly picture: Picture;
  readonly write: readonly (WrittenRepair | NoRepair)[];
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

/** Yields often, so that whoever drives it can give it up (`return(null)`): a report where there is one to show. */
export function* doJob(job: Job): Generator<ModelReport | undefined, Answers[Job["kind"]] | null, void> {
  switch (job.kind) {
    case "analyse":
      return yield* analyseModel(job.model, job.options);
    case "search":
      return yield* search(job);
    case "prove":
      return yield* prove(job);
    case "picture":
      return yield* silently(pictureOf(job.task));
    case "write":
      return writtenElsewhere(job);
  }
}

/** Nothing to show before the end. */
function* silently<T>(steps: Generator<unknown, T, void>): Generator<undefined, T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    yield;
  }
}

function* prove({
  model,
  goals,
  needed,
  seconds,
}: Job & { kind: "prove" }): Generator<undefined, readonly RequirementReport[]> {
  const nowhere = { start: 0, end: 0 };
  const requirements = goals.map((goal) => ({ ...goal, span: nowhere, limitSpan: nowhere }));
  const steps = analyseModel({ ...model, requirements }, { seconds, norms: [] });
  let step = steps.next();
  try {
    for (; !step.done; step = steps.next()) {
      const answers = step.value.requirements;
      const isRefuted = answers.slice(0, needed).some(({ verdict }) => verdict === "refuted");
      if (isRefuted || answers.every(({ verdict }) => verdict !== "undecided")) break;
      yield;
    }
    return step.value.requirements;
  } finally {
    // Searches left in the middle give back what they hold.
    steps.return(step.value);
  }
}
