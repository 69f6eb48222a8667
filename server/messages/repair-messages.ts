/** The editor's command that shows repairs beside the model; its argument is a list of `ComparedRepair`. */
export const compareCommand = "contrax.compareRepairs";

/** The server's command that applies a repair; its argument is a `RepairReference`. */
export const applyCommand = "contrax.applyRepair";

/** The request for what a repair would make of its document: from a `RepairReference` to a `RepairPreview`. */
export const previewRequest = "contrax/repairPreview";

/** One repair of a model in one version of its document. */
export interface RepairReference {
  readonly uri: string;
  readonly version: number;
  readonly model: string;
  /** The fingerprint of the repaired model. */
  readonly repair: string;
  /** The weight files that it was said to write, as they would stand in `load`. */
  readonly files: readonly string[];
}

export interface ComparedRepair extends RepairReference {
  readonly title: string;
}

export interface RepairPreview {
  /** The whole document after the repair. */
  readonly text: string;
  /** For each weight file that it writes: its name and what differs in it, one line each. */
  readonly files: readonly string[];
}
