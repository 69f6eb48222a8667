import type { AnalysisOptions } from "../analysis/report.ts";
import { DEFAULT_TOLERANCE } from "../analysis/simulate/tolerance.ts";

/** What a person can set, under `contrax.analysis`, `contrax.inlayHints` and `contrax.preview` (package.json documents each). */
export interface Settings {
  readonly run: "onSave" | "onType" | "manual";
  /** Seconds per model. */
  readonly timeBudget: number;
  /** Null where it was not stated. */
  readonly tolerance: number | null;
  /** Which inlay hints are shown. */
  readonly inlayHints: { readonly shapes: boolean; readonly bounds: boolean; readonly verdicts: boolean };
  /** How exactly its trajectories are integrated: relative, of each step. */
  readonly preview: { readonly tolerance: number };
}

/** Of a step: beyond what doubles can tell it would never be met. */
const previewTolerances = { least: 1e-12, most: 0.01 };

export const defaultSettings: Settings = {
  run: "onSave",
  timeBudget: 20,
  tolerance: null,
  inlayHints: { shapes: true, bounds: true, verdicts: true },
  preview: { tolerance: DEFAULT_TOLERANCE.relative },
};

/** When a document is analysed. One without a name is never saved before it has one: a pause in typing stands for that. */
export function trigger({ run }: Settings, uri: string): Settings["run"] {
  return run === "onSave" && uri.startsWith("untitled:") ? "onType" : run;
}

export function analysisOptions({ timeBudget, tolerance }: Settings): AnalysisOptions {
  return { seconds: timeBudget, ...(tolerance !== null && { tolerance }) };
}

/**
 * @param section what the editor sent for `contrax`: anything. A setting that is absent or of the wrong kind is its
 * default.
 */
export function readSettings(section: unknown): Settings {
  const analysis = field(section, "analysis");
  const run = field(analysis, "run");
  const timeBudget = field(analysis, "timeBudget");
  const tolerance = field(analysis, "tolerance");
  const drawn = field(field(section, "preview"), "tolerance");
  const { least, most } = previewTolerances;
  return {
    run: run === "onType" || run === "manual" ? run : defaultSettings.run,
    timeBudget: isWithin(timeBudget, 86_400) ? timeBudget : defaultSettings.timeBudget,
    tolerance: isWithin(tolerance, 1) ? tolerance : defaultSettings.tolerance,
    inlayHints: { shapes: isShown("shapes"), bounds: isShown("bounds"), verdicts: isShown("verdicts") },
    preview: isWithin(drawn, most) && drawn >= least ? { tolerance: drawn } : defaultSettings.preview,
  };

  /** All of them are, unless a person says otherwise. */
  function isShown(kind: keyof Settings["inlayHints"]): boolean {
    return field(field(section, "inlayHints"), kind) !== false;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === "number" && value > 0 && value <= most;
}
