import type { ModelReport } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import type { TextChange } from "../../service/moved-span.ts";
import type { FoundRepairs } from "../../service/unreachable.ts";
import type { ModelStatus } from "../messages/status-messages.ts";
import { RepairSearch } from "../repairs/repair-search.ts";
import type { AnalysisListener, Asked } from "./analysis-listener.ts";
import { fingerprintOf } from "./fingerprint-of.ts";
import type { Jobs } from "./job-queue.ts";
import type { KnownResults } from "./known-results.ts";
import { modelStatus } from "./model-status.ts";
import { ModelTrack, type TrackedRun, type Verdicts } from "./model-track.ts";
import { cancelledReport, isNews } from "./run-reports.ts";

/** Of names that are gone from the document, so many are remembered: they may come back with the next change. */
const mostGone = 8;

/** The analyses of one document's models, kept over its versions. */
export class DocumentAnalyses {
  readonly #queue: Jobs;
  readonly #results: KnownResults;
  readonly #listener: AnalysisListener;
  /** By model name. */
  readonly #tracks = new Map<string, ModelTrack>();
  #newest: CheckedDocument | null = null;
  /** Of the text, since the newest check. */
  #changes: TextChange[] = [];

  constructor(queue: Jobs, results: KnownResults, listener: AnalysisListener) {
    this.#queue = queue;
    this.#results = results;
    this.#listener = listener;
  }

  /** The text has changed: what is shown moves with it. */
  move(change: TextChange): void {
    this.#changes.push(change);
    for (const track of this.#tracks.values()) track.move(change);
  }

  /**
   * The newest version has been checked: runs about models that are no more are cancelled, and results of models that are
   * again what they once were are taken up.
   *
   * @param checked of the text as it is now.
   */
  accept(checked: CheckedDocument): void {
    if (checked === this.#newest) return;
    this.#newest = checked;
    this.#changes = [];
    const { models } = checked.compilation;
    const byName = new Map(models.map((model) => [model.name, model]));
    for (const [name, track] of this.#tracks) {
      const model = byName.get(name);
      const now = model === undefined ? null : fingerprintOf(model);
      if (track.run !== null && track.run.fingerprint !== now) {
        this.#listener.onEvent(track.run.model, { kind: "cancelled" });
        track.cancel();
      }
      if (track.result?.fingerprint !== now) track.repairs?.cancel();
      else if (track.repairs?.isCancelled) this.#search(track, model!, track.result.report);
      if (model !== undefined) track.place(model);
    }
    for (const model of models) if (this.#tracks.has(model.name)) this.#recall(model);
    this.#forgetGone(byName);
  }

  analyse(checked: CheckedDocument, asked: Asked): void {
    this.accept(checked);
    for (const model of checked.compilation.models) {
      const track = this.#track(model.name);
      this.#recall(model);
      if (track.needs(model, asked.options, asked.again)) this.#start(track, model, asked);
    }
    this.#listener.onChange();
  }

  /** By model, in the document's order; those with errors have no state of their own. */
  status(checked: CheckedDocument): ModelStatus[] {
    return checked.compilation.models.map((model) => modelStatus(model, this.#tracks.get(model.name)));
  }

  verdicts({ tree, compilation }: CheckedDocument): Verdicts {
    const models = new Map(compilation.models.map((model) => [model.nameSpan.start, model]));
    const all = tree.models.map(({ name }) => {
      return this.#tracks.get(name.text)?.verdicts(models.get(name.span.start) ?? null);
    });
    return {
      diagnostics: all.flatMap((verdicts) => verdicts?.diagnostics ?? []),
      hints: all.flatMap((verdicts) => verdicts?.hints ?? []),
    };
  }

  /** What is known of this very model, the latest report of a run under way included. */
  report(model: Model): ModelReport | null {
    return this.#tracks.get(model.name)?.report(model) ?? null;
  }

  /** What was known of the model as it was, where nothing is of it as it is; null where there is neither. */
  reportBefore(model: Model): ModelReport | null {
    const track = this.#tracks.get(model.name);
    return (track && track.report(model) === null ? track.result?.report : null) ?? null;
  }

  /** Why this very model could not be analysed; null where it could, or nobody has tried. */
  failure(model: Model): string | null {
    return this.#tracks.get(model.name)?.failureOf(model) ?? null;
  }

  /** Settles when no analysis of this model is under way. */
  async ended(model: Model): Promise<void> {
    await this.#tracks.get(model.name)?.run?.ended;
  }

  /** Settles when no analysis of this model and no search for its repairs is under way. */
  async repairsFound(model: Model): Promise<void> {
    await this.ended(model);
    await this.#tracks.get(model.name)?.repairs?.done;
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

  #track(name: string): ModelTrack {
    const track = this.#tracks.get(name) ?? new ModelTrack();
    this.#tracks.set(name, track);
    return track;
  }

  /** Where there is a result of another time for what the model is now. */
  #recall(model: Model): void {
    const track = this.#track(model.name);
    const known = track.state(model) === "stale" ? this.#results.get(fingerprintOf(model)) : undefined;
    if (known === undefined) return;
    track.decide(model, known);
    this.#search(track, model, known.report);
    this.#listener.onEvent(model, { kind: "recalled" });
    this.#listener.onChange();
  }

  #forgetGone(models: ReadonlyMap<string, Model>): void {
    const gone = [...this.#tracks.keys()].filter((name) => !models.has(name));
    for (const name of gone.slice(0, -mostGone)) this.#tracks.delete(name);
  }

  #start(track: ModelTrack, model: Model, { options, why }: Asked): void {
    track.cancel();
    track.failure = null;
    const run: TrackedRun = {
      model,
      fingerprint: fingerprintOf(model),
      options,
      why,
      cancel: () => queued.cancel(),
      ended: Promise.resolve(),
      shown: null,
      report: null,
      told: null,
    };
    this.#listener.onEvent(model, { kind: "queued", why });
    const queued = this.#queue.run(
      { kind: "analyse", model, options },
      {
        onStart: () => {
          run.shown = this.#listener.onStart(model, run.cancel);
          this.#listener.onEvent(model, { kind: "started" });
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
        onPause: (reason) => {
          run.shown?.onEnd();
          run.shown = null;
          this.#listener.onEvent(model, { kind: "paused", reason });
          this.#listener.onChange();
        },
      },
    );
    track.run = run;
    run.ended = queued.answer
      .then(
        (report) => this.#end(track, run, report),
        (error: Error) => this.#fail(track, run, error.message),
      )
      .finally(() => run.shown?.onEnd());
  }

  /** @param report null where the run was cancelled. */
  #end(track: ModelTrack, run: TrackedRun, report: ModelReport | null): void {
    // A newer version has taken over.
    if (track.run !== run) return;
    track.run = null;
    const { model, options, fingerprint, why } = run;
    const now = this.#newest?.compilation.models.find((one) => fingerprintOf(one) === fingerprint);
    // What was cancelled takes nothing away from what is known.
    const before = track.result?.fingerprint === fingerprint ? track.result.report : null;
    const known = report ?? (before === null ? cancelledReport(run.report) : null);
    if (known !== null) {
      track.decide(now ?? model, { report: known, options });
      // Its places are those of the newest check: the text may have moved on.
      for (const change of this.#changes) track.move(change);
    }
    if (report !== null) this.#results.keep(fingerprint, { report, options });
    const complete = report ?? before;
    if (complete !== null && now !== undefined) this.#search(track, now, complete);
    this.#listener.onEvent(model, report === null ? { kind: "cancelled" } : { kind: "ended", why, report });
    this.#listener.onChange();
  }

  /** @param model of the newest check */
  #search(track: ModelTrack, model: Model, report: ModelReport): void {
    track.repairs = new RepairSearch(this.#queue, this.#newest!, model, report);
    void track.repairs.done.then(() => this.#listener.onSearched());
  }

  #fail(track: ModelTrack, run: TrackedRun, message: string): void {
    if (track.run !== run) return;
    track.run = null;
    track.failure = { fingerprint: run.fingerprint, message };
    this.#listener.onEvent(run.model, { kind: "failed", message });
    this.#listener.onChange();
  }
}
