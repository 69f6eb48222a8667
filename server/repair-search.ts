import type { ModelReport } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import { type ProvedRepair, repairedText } from "../service/proved-repairs.ts";
import { writtenValues } from "../service/repair-edits.ts";
import { type Repair, type RepairTarget, repairCandidates, repairTarget } from "../service/repairs.ts";
import { fingerprintOf } from "./fingerprint-of.ts";
import type { JobQueue, Run } from "./job-queue.ts";
import type { Job } from "./jobs.ts";

/** For the search of one number, and for the proof of one repaired model. Analyses do not wait for them. */
const secondsPerJob = 10;
/** A decay that does is known already: a little time to find a lesser one. */
const secondsForDecay = 3;
/** For all repairs of a model: after that, what has been found is what is offered. */
const secondsPerModel = 30;

/** Looks for the repairs of a model's requirements that are not proved, and proves each before it counts. */
export class RepairSearch {
  readonly proved: ProvedRepair[] = [];
  /** Settles when nothing more will be found; never rejects. */
  readonly done: Promise<void>;
  readonly #queue: JobQueue;
  readonly #end = performance.now() + 1000 * secondsPerModel;
  #job: Run<Job["kind"]> | null = null;
  #cancelled = false;

  constructor(queue: JobQueue, checked: CheckedDocument, model: Model, report: ModelReport) {
    this.#queue = queue;
    // A repair that cannot be searched for is one that is not offered: the verdict itself stands.
    this.done = this.#run(checked, model, report).catch(() => {});
  }

  /** Cancelled before all repairs were found. */
  get isCancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#job?.cancel();
  }

  async #run(checked: CheckedDocument, model: Model, report: ModelReport): Promise<void> {
    for (const { requirement, verdict, upper } of report.requirements) {
      const target = repairTarget(model.requirements[requirement]);
      if (verdict === "proved" || target === null) continue;
      // The decay that is known to do, should nothing less be found in time.
      const enough = upper - target.limit;
      for (const repair of repairCandidates(model, target)) {
        if (this.#cancelled || performance.now() > this.#end) return;
        const found = await this.#prove(checked, model, requirement, target, repair, enough);
        if (found !== null && !this.#cancelled) this.proved.push(found);
      }
    }
  }

  async #prove(
    checked: CheckedDocument,
    model: Model,
    requirement: number,
    target: RepairTarget,
    repair: Repair,
    enough: number,
  ): Promise<ProvedRepair | null> {
    const seconds = repair.kind === "decay" ? secondsForDecay : secondsPerJob;
    const found = await this.#do({ kind: "search", model, repair, target, seconds });
    const least = found === null && repair.kind === "decay" ? enough : found;
    if (typeof least !== "number" || !Number.isFinite(least)) return null;
    for (const value of writtenValues(repair, least)) {
      const repaired = this.#cancelled ? null : repairedText(checked, model, repair, value);
      if (repaired === null) return null;
      const proved = await this.#do({ kind: "prove", model: repaired.model, requirement, seconds: secondsPerJob });
      if (proved === true) return { requirement, repair, value, fingerprint: fingerprintOf(repaired.model) };
    }
    return null;
  }

  #do<J extends Job>(job: J): Run<J["kind"]>["answer"] {
    const run = this.#queue.run(job);
    this.#job = run;
    return run.answer;
  }
}
