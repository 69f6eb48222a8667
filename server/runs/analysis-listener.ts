import type { AnalysisOptions } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import type { RunListener } from "./model-track.ts";
import type { RunEvent } from "./run-log.ts";

/** What the analyses of a document tell to whoever shows them. */
export interface AnalysisListener {
  /** A state or a verdict is new. */
  onChange(): void;
  /** A search for repairs is over. */
  onSearched(): void;
  /** A model's run begins; `cancel` ends it with what has been found. Again after each pause. */
  onStart(model: Model, cancel: () => void): RunListener;
  onEvent(model: Model, event: RunEvent): void;
}

/** What an analysis is begun with. */
export interface Asked {
  readonly options: AnalysisOptions;
  /** What for: "opened", "saved". */
  readonly why: string;
  /** Also the models that have a result already. */
  readonly again: boolean;
}
