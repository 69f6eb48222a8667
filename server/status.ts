import type { Verdict } from "../analysis/report.ts";
import type { ModelState } from "./model-track.ts";

/** The notification that tells the client where the analyses of a document stand, whenever that changes. */
export const statusNotification = "contrax/status";

export interface StatusParams {
  readonly uri: string;
  /** The document's version that this speaks of. */
  readonly version: number;
  /** In the document's order; a model with errors is absent. */
  readonly models: readonly ModelStatus[];
  /** Names of the models with errors. */
  readonly broken: readonly string[];
  /** How many errors the text has, wherever they stand: what no analysis could tell. */
  readonly errors: number;
}

export interface ModelStatus {
  readonly name: string;
  readonly state: ModelState;
  /** The verdicts for the model as it is now: null where nothing is known yet. */
  readonly requirements: readonly { readonly text: string; readonly verdict: Verdict | null }[];
  /** Whether there is a result, be it of the model as it was. */
  readonly wasDecided: boolean;
  /** Whether repairs of it are being searched. */
  readonly searching: boolean;
  /** Why the analysis failed, else null. */
  readonly message: string | null;
}
