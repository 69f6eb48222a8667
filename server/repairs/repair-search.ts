import type { ModelReport, RequirementReport } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { goalOf, hasMargin, repairCandidates } from "../../service/repair/candidates.ts";
import type { Goal, Repair } from "../../service/repair/repair.ts";
import type { OfferedRepair } from "../../service/repair-order.ts";
import type { Unreachable } from "../../service/unreachable.ts";
import type { Jobs, Run } from "../runs/job-queue.ts";
import type { Job } from "../runs/jobs.ts";
import { findRepair, knownDecay } from "./find-repair.ts";

/** For the search of one repair, and for the proof of one repaired model. Analyses do not wait for them. */
const secondsPerJob = 10;
/** A decay that does is known already: a little time to find a lesser one. */
const secondsForDecay = 3;
/** For all repairs of a model: after that, what has been found is what is offered. */
const secondsPerModel = 30;
/** Relative: what a person sees in a title. */
const precision = 1e-3;

/** What is to be repaired, in its document. */
interface Subject {
  readonly checked: CheckedDocument;
  readonly model: Model;
}

/**
 * Looks for the repairs of a model's requirements that are not proved, and proves each before it counts: one that mends all
 * of them at once, and where there is none of its kind, one for each.
 */
export class RepairSearch {
  readonly proved: OfferedRepair[] = [];
  readonly unreachable: Unreachable[] = [];
  /** Settles when nothing more will be found; never rejects. */
  readonly done: Promise<void>;
  readonly #queue: Jobs;
  readonly #begun = performance.now();
  #job: Run<Job["kind"]> | null = null;
  #cancelled = false;
  #finished = false;

  constructor(queue: Jobs, checked: CheckedDocument, model: Model, report: ModelReport) {
    this.#queue = queue;
    // A repair that cannot be searched for is one that is not offered: the verdict itself stands.
    this.done = this.#run({ checked, model }, report)
      .catch(() => {})
      .finally(() => {
        this.#finished = !this.#cancelled;
        // What has been found outlives the version of the text that it was found for: nothing here may keep that.
        this.#job = null;
      });
  }

  /** Cancelled before all repairs were found. */
  get isCancelled(): boolean {
    return this.#cancelled && !this.#finished;
  }

  get isUnderWay(): boolean {
    return !this.#cancelled && !this.#finished;
  }

  /** Since it began. */
  get milliseconds(): number {
    return performance.now() - this.#begun;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#job?.cancel();
  }

  async #run(subject: Subject, { requirements }: ModelReport): Promise<void> {
    const { checked, model } = subject;
    const open = requirements.filter(({ verdict }) => verdict !== "proved");
    if (open.length === 0) return;
    const proved = requirements.filter(({ verdict }) => verdict === "proved").map((answer) => goal(model, answer));
    const goals = open.map((answer) => goal(model, answer));
    for (const repair of repairCandidates(checked, model, goals.find(hasMargin) ?? goals[0])) {
      if ((await this.#find(subject, repair, open, proved)) || open.length === 1) continue;
      for (const answer of open) await this.#find(subject, repair, [answer], proved);
    }
  }

  /** Whether there is one. */
  async #find(
    { checked, model }: Subject,
    repair: Repair,
    open: readonly RequirementReport[],
    proved: readonly Goal[],
  ): Promise<boolean> {
    const goals = open.map((answer) => goal(model, answer));
    if (this.#cancelled || this.milliseconds > 1000 * secondsPerModel) return false;
    if (repair.kind === "activation" && !goals.every(hasMargin)) return false;
    const isDecay = repair.kind === "decay";
    const task = { repair, goals, proved, ...(isDecay && knownDecay(goals, open)) };
    const effort = { precision, seconds: isDecay ? secondsForDecay : secondsPerJob };
    const found = await findRepair(checked, model, task, effort, unused, (job) => this.#do(job));
    if (found === null || this.#cancelled) return false;
    const requirements = open.map(({ requirement }) => requirement);
    if (found.kind === "proved") {
      const { written: _, answers: __, ...rest } = found;
      this.proved.push({ ...rest, requirements });
      return true;
    }
    if (repair.kind === "min-norm" && requirements.length === 1) {
      this.unreachable.push({ ...found, params: repair.params, requirement: requirements[0] });
    }
    return false;
  }

  #do<J extends Job>(job: J): Run<J["kind"]>["answer"] {
    if (this.#cancelled) return Promise.resolve(null);
    const run = this.#queue.run(job);
    this.#job = run;
    return run.answer;
  }
}

function goal(model: Model, { requirement }: RequirementReport): Goal {
  return goalOf(model.requirements[requirement]);
}

/** Nothing is written yet: the name stands for the one that the file gets. */
function unused(file: string): string {
  return `new ${file}`;
}
