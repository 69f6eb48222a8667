import type { AnalysisOptions, ModelReport } from "../../analysis/report.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Model } from "../../model/model.ts";
import { codes } from "../../service/codes.ts";
import { movedDiagnostic, movedSpan, type TextChange } from "../../service/moved-span.ts";
import { type VerdictHint, verdictHints } from "../../service/verdict-hints.ts";
import { verdictDiagnostics } from "../../service/verdicts.ts";
import type { RepairSearch } from "../repairs/repair-search.ts";
import { fingerprintOf } from "./fingerprint-of.ts";
import { type KnownResult, mightTellMore } from "./known-results.ts";

/**
 * Where the analysis of a model stands: `decided` when there is a result for the model as it is now, `stale` when
 * there is none and none is under way.
 */
export type ModelState = "stale" | "queued" | "running" | "decided" | "failed";

/** What the editor shows of a model's analysis. */
export interface Verdicts {
  readonly diagnostics: readonly Diagnostic[];
  readonly hints: readonly VerdictHint[];
}

/** Of a run, before what it has found already is told as diagnostics. */
export const secondsBeforeMessages = 1;

const noVerdicts: Verdicts = { diagnostics: [], hints: [] };

interface Result extends KnownResult {
  readonly fingerprint: string;
  /** At their places in the newest text, whatever has become of the model. */
  shown: Verdicts;
}

/** Who shows a run while it is under way. */
export interface RunListener {
  onReport(report: ModelReport): void;
  onEnd(): void;
}

/** A run under way. */
export interface TrackedRun {
  readonly model: Model;
  readonly fingerprint: string;
  readonly options: AnalysisOptions;
  /** What it was begun for. */
  readonly why: string;
  readonly cancel: () => void;
  /** Settles when its answer, if there is one, is in the track. */
  ended: Promise<void>;
  /** Null while it waits. */
  shown: RunListener | null;
  /** The latest one. */
  report: ModelReport | null;
  /** The latest one that was told to whoever shows verdicts. */
  told: ModelReport | null;
}

/** All that is known of one model of a document, by its name, over the versions of its text. */
export class ModelTrack {
  result: Result | null = null;
  run: TrackedRun | null = null;
  failure: { readonly fingerprint: string; readonly message: string } | null = null;
  repairs: RepairSearch | null = null;

  state(model: Model): ModelState {
    const now = fingerprintOf(model);
    if (this.run?.fingerprint === now) return this.run.shown === null ? "queued" : "running";
    if (this.failure?.fingerprint === now) return "failed";
    return this.result?.fingerprint === now ? "decided" : "stale";
  }

  /** The report that speaks of this very model, if there is one. */
  report(model: Model): ModelReport | null {
    const now = fingerprintOf(model);
    if (this.result?.fingerprint === now) return this.result.report;
    return this.run?.fingerprint === now ? this.run.report : null;
  }

  decide(model: Model, { report, options }: KnownResult): void {
    this.result = { fingerprint: fingerprintOf(model), report, options, shown: verdicts(model, report) };
  }

  /** Whether an analysis with these options is worth its while. @param again although there may be an answer */
  needs(model: Model, options: AnalysisOptions, again: boolean): boolean {
    switch (this.state(model)) {
      case "stale":
        return true;
      case "failed":
        return again;
      case "decided":
        return again || mightTellMore(this.result!, options);
      default: {
        const { seconds, tolerance } = this.run!.options;
        return seconds !== options.seconds || tolerance !== options.tolerance;
      }
    }
  }

  /** Why this very model could not be analysed; null where it could, or nobody has tried. */
  failureOf(model: Model): string | null {
    return this.failure?.fingerprint === fingerprintOf(model) ? this.failure.message : null;
  }

  /** Whether repairs of this very model are being searched. */
  isSearched(model: Model): boolean {
    return this.result?.fingerprint === fingerprintOf(model) && this.repairs?.isUnderWay === true;
  }

  /**
   * Old results stay until there are new ones, marked out of date.
   *
   * @param model null where the document's newest version has none of this name, or has errors in it.
   */
  verdicts(model: Model | null): Verdicts {
    const now = model === null ? null : fingerprintOf(model);
    if (model !== null && this.failure?.fingerprint === now) return failed(model, this.failure!.message);
    if (this.result === null) {
      const early = this.run?.fingerprint === now ? this.run?.report : null;
      return model !== null && early ? earlyVerdicts(model, early) : noVerdicts;
    }
    // The same meaning, perhaps in another layout: at the new places, with fixes that fit.
    if (model !== null && this.result.fingerprint === now) return verdicts(model, this.result.report);
    return outOfDate(this.result.shown);
  }

  move(change: TextChange): void {
    if (this.result === null) return;
    const { diagnostics, hints } = this.result.shown;
    this.result.shown = {
      diagnostics: diagnostics.flatMap((diagnostic) => movedDiagnostic(diagnostic, change) ?? []),
      hints: hints.flatMap((hint) => {
        const span = movedSpan(hint.span, change);
        return span === null ? [] : [{ ...hint, span }];
      }),
    };
  }

  /** The places in a newer text, from the model compiled of it. */
  place(model: Model): void {
    if (this.result?.fingerprint === fingerprintOf(model)) this.result.shown = verdicts(model, this.result.report);
  }

  cancel(): void {
    this.run?.cancel();
    this.run = null;
    this.repairs?.cancel();
    this.repairs = null;
  }
}

const known = new WeakMap<Model, { readonly report: ModelReport; readonly verdicts: Verdicts }>();

/** Computed once for each model compiled and its latest report: several messages tell of the same. */
function verdicts(model: Model, report: ModelReport): Verdicts {
  const last = known.get(model);
  if (last?.report === report) return last.verdicts;
  const verdicts = { diagnostics: verdictDiagnostics(model, report), hints: verdictHints(model, report) };
  known.set(model, { report, verdicts });
  return verdicts;
}

/** Bounds show at once; messages wait a little, since most runs are over soon and have more to say then. */
function earlyVerdicts(model: Model, report: ModelReport): Verdicts {
  const { diagnostics, hints } = verdicts(model, report);
  return { diagnostics: report.seconds < secondsBeforeMessages ? [] : diagnostics, hints };
}

function outOfDate({ diagnostics, hints }: Verdicts): Verdicts {
  return {
    diagnostics: diagnostics.map(({ fixes: _, ...rest }) => ({ ...rest, message: `out of date: ${rest.message}` })),
    hints: hints.map(({ span, text }) => ({ span, text: `out of date: ${text}` })),
  };
}

function failed({ nameSpan, name }: Model, message: string): Verdicts {
  const text = `${name} could not be analysed: ${message}`;
  return { diagnostics: [{ code: codes.internal, severity: "error", message: text, span: nameSpan }], hints: [] };
}
