import type { AnalysisOptions, ModelReport } from "../../analysis/report.ts";

/** A finished report, and what it was asked for with. */
export interface KnownResult {
  readonly report: ModelReport;
  readonly options: AnalysisOptions;
}

/** What undoing, reopening and renaming go back to: no more than a person remembers, and some 30 MB. */
const mostResults = 64;
const mostNumbers = 4e6;

/**
 * The latest results by the fingerprint of their model, so that a meaning that comes back has its verdict at once: after an
 * undo, in a file that was renamed, in an untitled document that was saved.
 */
export class KnownResults {
  /** The one used last is the last. */
  readonly #results = new Map<string, KnownResult>();
  #numbers = 0;

  get(fingerprint: string): KnownResult | undefined {
    const found = this.#results.get(fingerprint);
    if (found !== undefined) {
      this.#results.delete(fingerprint);
      this.#results.set(fingerprint, found);
    }
    return found;
  }

  keep(fingerprint: string, result: KnownResult): void {
    this.#forget(fingerprint);
    this.#results.set(fingerprint, result);
    this.#numbers += numbers(result);
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= mostResults && this.#numbers <= mostNumbers) break;
      this.#forget(oldest);
    }
  }

  #forget(fingerprint: string): void {
    const found = this.#results.get(fingerprint);
    if (found === undefined) return;
    this.#numbers -= numbers(found);
    this.#results.delete(fingerprint);
  }
}

/** In its metrics and witnesses: they can be large. */
function numbers({ report }: KnownResult): number {
  return [...report.bounds, ...report.requirements].reduce(
    (sum, { metric, witness }) =>
      sum + (metric?.length ?? 0) + (witness?.slopes.length ?? 0) + (witness?.x?.length ?? 0),
    0,
  );
}

/** Whether an analysis with these options might tell more than this result does. */
export function mightTellMore({ report, options: before }: KnownResult, options: AnalysisOptions): boolean {
  if (options.tolerance !== before.tolerance) return true;
  if (!((options.seconds ?? 0) > (before.seconds ?? 0))) return false;
  const asked = options.tolerance === undefined && report.requirements.length > 0 ? [] : report.bounds;
  return [...report.requirements, ...asked].some(({ stoppedBy }) => stoppedBy === "time");
}
