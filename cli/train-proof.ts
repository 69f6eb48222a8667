import { analyseModel } from "../analysis/model-analysis.ts";
import type { RequirementReport } from "../analysis/report.ts";
import { withValues } from "../classify/train/network.ts";
import type { Trainer } from "../classify/train/trainer.ts";
import { finish } from "./slices.ts";
import type { Subject } from "./train-subject.ts";

export interface ProvedWeights {
  readonly values: Float64Array;
  /** Of the target; null without one. */
  readonly answer: Pick<RequirementReport, "verdict" | "lower" | "upper"> | null;
}

const NODES = 500;
const ATTEMPTS = 3;

/**
 * The trained weights, brought a little further inside where the target is not proved of them as they are;
 * null where the signal came first.
 */
export async function provedWeights(
  { trainee }: Subject,
  trainer: Trainer,
  target: number | null,
  signal: AbortSignal,
): Promise<ProvedWeights | null> {
  const { values } = trainer.state;
  if (target === null || !trainer.projection) return { values, answer: null };
  const nowhere = { start: 0, end: 0 };
  const requirement = { kind: "lognorm", text: "", norm: "2", metric: null, h: null, limit: target } as const;
  const requirements = [{ ...requirement, span: nowhere, limitSpan: nowhere }];
  for (let attempt = 1, limit = target; ; attempt++) {
    const model = { ...withValues(trainee, values), requirements };
    const found = await finish(analyseModel(model, { norms: [], nodes: NODES }), signal);
    if (found === null) return null;
    const { verdict, lower, upper } = found.requirements[0]!;
    if (verdict === "proved" || attempt > ATTEMPTS) return { values, answer: { verdict, lower, upper } };
    limit -= 1.5 * Math.max(upper - target, 1e-6);
    if (!(await finish(trainer.projection.project(values, limit), signal))) {
      return signal.aborted ? null : { values, answer: { verdict, lower, upper } };
    }
  }
}
