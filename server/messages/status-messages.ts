import type { Verdict } from "../../analysis/report.ts";
import type { DocumentErrors } from "../../service/document-errors.ts";
import type { ModelState } from "../runs/model-track.ts";

/** The notification that tells an editor with `showsStatus` where the analyses of a document stand, whenever that changes. */
export const statusNotification = "contrax/status";

export interface StatusParams extends DocumentErrors {
  readonly uri: string;
  /** The document's version that this speaks of. */
  readonly version: number;
  /** In the document's order; a model with errors is absent. */
  readonly models: readonly ModelStatus[];
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
