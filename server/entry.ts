import type { Disposable } from "./host.ts";
import type { OpenDocument } from "./open-document.ts";
import type { DocumentAnalyses } from "./runs/document-analyses.ts";

/** An open document, and what becomes of it. */
export interface Entry {
  readonly open: OpenDocument;
  readonly analyses: DocumentAnalyses;
  /** What waits for a pause in typing, and for the next time to show results. */
  timers: { check?: Disposable; analyse?: Disposable; show?: Disposable };
  /** What the next check is followed by an analysis for ("opened"); null where nothing asks for one. */
  why: string | null;
  /** Whether an editor that asks for diagnostics has to be told that there are newer ones. */
  refresh: boolean;
  /** Milliseconds that the next showing of results waits for others. */
  showPause: number;
}
