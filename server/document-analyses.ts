import type { AnalysisOptions, ModelReport } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import type { TextChange } from "../service/moved-span.ts";
import type { FoundRepairs } from "../service/unreachable.ts";
import { fingerprintOf } from "./fingerprint-of.ts";
import type { JobQueue } from "./job-queue.ts";
import {
  type ModelState,
  ModelTrack,
  type RunListener,
  secondsBeforeMessages,
  type TrackedRun,
  type Verdicts,
} from "./model-track.ts";
import { RepairSearch } from "./repair-search.ts";
import type { ModelStatus } from "./status.ts";

/** Of bounds that only tighten; the progress shows more of them. */
const secondsBetweenNews = 2;

/** What the analyses of a document tell to whoever shows them. */
export interface AnalysisListener {
  /** A state, a verdict or a repair is new. */
  onChange(): void;
  /** A model's run begins; `cancel` ends it with what has been found. */
  onStart(model: Model, cancel: () => void): RunListener;
  /** Called once per failure. */
  onFailure(message: string): void;
}

/** The analyses of one document's models, kept over its versions. */
export class DocumentAnalyses {
  readonly #queue: JobQueue;
  readonly #listener: AnalysisListener;
  /** By model name; kept where a name disappears, since it may come back with the next change. */
  readonly #tracks = new Map<string, ModelTrack>();
  #newest: CheckedDocument | null = null;
  /** Of the text, since the newest check. */
  #changes: TextChange[] = [];

  constructor(queue: JobQueue, listener: AnalysisListener) {
    this.#queue = queue;
    this.#listener = listener;
  }

  /** The text has changed: what is shown moves with it. */
  move(change: TextChange): void {
    this.#changes.push(change);
    for (const track of this.#tracks.values()) track.move(change);
  }

  /**
   * The newest version has been checked: runs about models that are no more are cancelled.
   *
   * @param checked of the text as it is now.
   */
  accept(checked: CheckedDocument): void {
    if (checked === this.#newest) return;
    this.#newest = checked;
    this.#changes = [];
    for (const [name, track] of this.#tracks) {
      const model = checked.compilation.models.find((one) => one.name === name);
      const now = model === undefined ? null : fingerprintOf(model);
      if (track.run !== null && track.run.fingerprint !== now) track.cancel();
      if (track.result?.fingerprint !== now) track.repairs?.cancel();
      else if (track.repairs?.isCancelled) this.#search(track, model!, track.result.report);
      if (model !== undefined) track.place(model);
    }
  }

  /** @param again also the models that have a result already. */
  analyse(checked: CheckedDocument, options: AnalysisOptions, again = false): void {
    this.accept(checked);
    for (const model of checked.compilation.models) {
      const track = this.#tracks.get(model.name) ?? new ModelTrack();
      this.#tracks.set(model.name, track);
      const state = track.state(model);
      if (state === "stale" || (again && (state === "decided" || state === "failed")))
        this.#start(track, model, options);
    }
    this.#listener.onChange();
  }

  /** By model, in the document's order; those with errors have no state of their own. */
  status(checked: CheckedDocument): ModelStatus[] {
    return checked.compilation.models.map((model) => {
      const track = this.#tracks.get(model.name);
      const report = track?.report(model);
      return {
        name: model.name,
        state: this.state(model),
        requirements: model.requirements.map(({ text }, requirement) => ({
          text,
          verdict: report?.requirements.find((answer) => answer.requirement === requirement)?.verdict ?? null,
        })),
        message: track?.failure?.fingerprint === fingerprintOf(model) ? track.failure.message : null,
      };
    });
  }

  verdicts({ tree, compilation }: CheckedDocument): Verdicts {
    const all = tree.models.map(({ name }) => {
      const model = compilation.models.find((one) => one.nameSpan.start === name.span.start) ?? null;
      return this.#tracks.get(name.text)?.verdicts(model);
    });
    return {
      diagnostics: all.flatMap((verdicts) => verdicts?.diagnostics ?? []),
      hints: all.flatMap((verdicts) => verdicts?.hints ?? []),
    };
  }

  state(model: Model): ModelState {
    return this.#tracks.get(model.name)?.state(model) ?? "stale";
  }

  /** Whether a model of this name has been analysed, be it in an earlier version. */
  wasDecided(name: string): boolean {
    return (this.#tracks.get(name)?.result ?? null) !== null;
  }

  /** What is known of this very model, the latest report of a run under way included. */
  report(model: Model): ModelReport | null {
    return this.#tracks.get(model.name)?.report(model) ?? null;
  }

  /** Settles when no analysis of this model and no search for its repairs is under way. */
  async repairsFound(model: Model): Promise<void> {
    const track = this.#tracks.get(model.name);
    await track?.run?.ended;
    await track?.repairs?.done;
  }

  /** Milliseconds since the search for this model's repairs began; 0 where none has. */
  searchedFor(model: Model): number {
    return this.#tracks.get(model.name)?.repairs?.milliseconds ?? 0;
  }

  repairs(model: Model): FoundRepairs {
    const track = this.#tracks.get(model.name);
    return (track?.result?.fingerprint === fingerprintOf(model) && track.repairs) || { proved: [], unreachable: [] };
  }

  dispose(): void {
    for (const track of this.#tracks.values()) track.cancel();
    this.#tracks.clear();
  }

  #start(track: ModelTrack, model: Model, options: AnalysisOptions): void {
    track.cancel();
    track.failure = null;
    const run: TrackedRun = {
      fingerprint: fingerprintOf(model),
      cancel: () => queued.cancel(),
      ended: Promise.resolve(),
      shown: null,
      report: null,
      told: null,
    };
    const queued = this.#queue.run(
      { kind: "analyse", model, options },
      {
        onStart: () => {
          run.shown = this.#listener.onStart(model, run.cancel);
          this.#listener.onChange();
        },
        onProgress: (report) => {
          if (track.run !== run) return;
          run.report = report;
          run.shown?.onReport(report);
          if (!isNews(run.told, report)) return;
          run.told = report;
          this.#listener.onChange();
        },
      },
    );
    track.run = run;
    run.ended = queued.answer
      .then(
        (report) => this.#end(track, run, model, report),
        (error: Error) => this.#fail(track, run, model, error.message),
      )
      .finally(() => run.shown?.onEnd());
  }

  /** @param report null where the run was cancelled. */
  #end(track: ModelTrack, run: TrackedRun, model: Model, report: ModelReport | null): void {
    // A newer version has taken over.
    if (track.run !== run) return;
    track.run = null;
    const now = this.#newest?.compilation.models.find((one) => fingerprintOf(one) === run.fingerprint);
    const known = report ?? cancelledReport(run.report);
    if (known !== null) {
      track.decide(now ?? model, known);
      // Its places are those of the newest check: the text may have moved on.
      for (const change of this.#changes) track.move(change);
    }
    if (report !== null && now !== undefined) this.#search(track, now, report);
    this.#listener.onChange();
  }

  /** @param model of the newest check */
  #search(track: ModelTrack, model: Model, report: ModelReport): void {
    track.repairs = new RepairSearch(this.#queue, this.#newest!, model, report);
  }

  #fail(track: ModelTrack, run: TrackedRun, model: Model, message: string): void {
    if (track.run !== run) return;
    track.run = null;
    track.failure = { fingerprint: run.fingerprint, message };
    this.#listener.onFailure(`${model.name} could not be analysed: ${message}`);
    this.#listener.onChange();
  }
}

/** The first bounds and each verdict at once; what only tightens, now and then. */
function isNews(told: ModelReport | null, report: ModelReport): boolean {
  if (told === null || report.seconds - told.seconds >= secondsBetweenNews) return true;
  if (told.seconds < secondsBeforeMessages && report.seconds >= secondsBeforeMessages) return true;
  return report.requirements.some(({ verdict }, i) => verdict !== told.requirements[i]?.verdict);
}

/** What had been found when a person cancelled; null where nothing had. */
function cancelledReport(latest: ModelReport | null): ModelReport | null {
  return (
    latest && {
      ...latest,
      finished: true,
      requirements: latest.requirements.map((answer) =>
        answer.verdict === "undecided" ? { ...answer, stoppedBy: "cancelled" as const } : answer,
      ),
      bounds: latest.bounds.map((bound) => ({ ...bound, stoppedBy: "cancelled" as const })),
    }
  );
}
