import type { AnalysisOptions } from "../analysis/report.ts";
import type { Norm } from "../model/model.ts";

/** What `check` and `certificate` are told about the analysis. */
interface AnalysisFlags {
  readonly norm?: Norm[];
  readonly tolerance?: number;
  readonly timeBudget?: number;
  readonly nodes?: number;
}

/** Only what was stated: the analysis has its own defaults. */
export function analysisOptions({ norm, tolerance, timeBudget, nodes }: AnalysisFlags): AnalysisOptions {
  return {
    ...(norm && { norms: norm }),
    ...(tolerance && { tolerance }),
    ...(timeBudget && { seconds: timeBudget }),
    ...(nodes && { nodes }),
  };
}
