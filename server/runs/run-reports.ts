import type { ModelReport } from "../../analysis/report.ts";
import { secondsBeforeMessages } from "./model-track.ts";

/** Of bounds that only tighten; the progress shows more of them. */
const secondsBetweenNews = 2;

/** The first bounds and each verdict at once; what only tightens, now and then. */
export function isNews(told: ModelReport | null, report: ModelReport): boolean {
  if (told === null || report.seconds - told.seconds >= secondsBetweenNews) return true;
  if (told.seconds < secondsBeforeMessages && report.seconds >= secondsBeforeMessages) return true;
  return report.requirements.some(({ verdict }, i) => verdict !== told.requirements[i]?.verdict);
}

/** What had been found when a person cancelled; null where nothing had. */
export function cancelledReport(latest: ModelReport | null): ModelReport | null {
  return (
    latest && {
      ...latest,
      finished: true,
      requirements: latest.requirements.map((answer) =>
        answer.verdict === "undecided" ? { ...answer, stoppedBy: "cancelled" as const } : answer,
      ),
      bounds: latest.bounds.map((bound) => ({ ...bound, stoppedBy: "cancelled" as const })),
    }
  );
}
