import type { ModelReport, RequirementReport } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import { goalOf, repairCandidates } from "../service/repair/candidates.ts";
import type { ProvedRepair } from "../service/repair/repair.ts";
import { findRepair, knownDecay } from "./find-repair.ts";
import type { JobQueue, Run } from "./job-queue.ts";
import type { Job } from "./jobs.ts";

/** For the search of one repair, and for the proof of one repaired model. Analyses do not wait for them. */
const secondsPerJob = 10;
/** A decay that does is known already: a little time to find a lesser one. */
const secondsForDecay = 3;
/** For all repairs of a model: after that, what has been found is what is offered. */
const secondsPerModel = 30;
/** Relative: what a person sees in a title. */
const precision = 1e-3;

/** A proved repair of the requirement at this place. */
export interface OfferedRepair extends ProvedRepair {
  readonly requirement: number;
}

/** Looks for the repairs of a model's requirements that are not proved, and proves each before it counts. */
export class RepairSearch {
  readonly proved: OfferedRepair[] = [];
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

  cancel(): void {
    this.#cancelled = true;
    this.#job?.cancel();
  }

  async #run(checked: CheckedDocument, model: Model, report: ModelReport): Promise<void> {
    const goal = ({ requirement }: RequirementReport) => goalOf(model.requirements[requirement]);
    const proved = report.requirements.filter(({ verdict }) => verdict === "proved").map(goal);
    for (const answer of report.requirements) {
      if (answer.verdict === "proved") continue;
      const goals = [goal(answer)];
      for (const repair of repairCandidates(checked, model, goals[0])) {
        if (this.#cancelled || performance.now() > this.#end) return;
        const isDecay = repair.kind === "decay";
        const task = { repair, goals, proved, ...(isDecay && knownDecay(goals, [answer])) };
        const effort = { precision, seconds: isDecay ? secondsForDecay : secondsPerJob };
        const found = await findRepair(checked, model, task, effort, unused, (job) => this.#do(job));
        if (found?.kind !== "proved" || this.#cancelled) continue;
        const { written: _, answers: __, ...rest } = found;
        this.proved.push({ ...rest, requirement: answer.requirement });
      }
    }
  }

  #do<J extends Job>(job: J): Run<J["kind"]>["answer"] {
    if (this.#cancelled) return Promise.resolve(null);
    const run = this.#queue.run(job);
    this.#job = run;
    return run.answer;
  }
}

/** Nothing is written yet: the name stands for the one that the file gets. */
function unused(file: string): string {
  return `new ${file}`;
}
