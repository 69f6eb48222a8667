import { type InlayHint, InlayHintKind } from "vscode-languageserver-types";
import type { ModelReport } from "../analysis/report.ts";
import type { Span } from "../grammar/diagnostic.ts";
import type { Model } from "../model/model.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { foundMetricText } from "./found-metric.ts";
import { argumentText } from "./report-text.ts";
import { knowledgeText } from "./rounding.ts";
import { provedText, quantity } from "./verdicts.ts";

/** A longer one is told by the hover. */
const longestMetric = 48;

/** What stands behind a `require`. */
export interface VerdictHint {
  readonly span: Span;
  readonly text: string;
  /** By what it is known. */
  readonly tooltip?: string;
}

/** `proved: lognorm(2) <= -0.1134` for what is proved; while the analysis runs, what is known of the others. */
export function verdictHints(model: Model, report: ModelReport): VerdictHint[] {
  return report.requirements.flatMap((answer) => {
    const requirement = model.requirements[answer.requirement];
    const { span } = requirement;
    if (answer.verdict === "proved") {
      const metric = foundMetricText(requirement, answer);
      const within = metric !== null && metric.length <= longestMetric ? `, ${metric.replace("param ", "")}` : "";
      const where = model.domain === null ? "" : " in the domain";
      return [
        {
          span,
          text: `proved: ${provedText(requirement, answer)}${within}${where}`,
          tooltip: argumentText(model, answer),
        },
      ];
    }
    if (report.finished) return [];
    const known = knowledgeText(quantity(requirement), answer);
    return known === null ? [] : [{ span, text: `so far: ${known}` }];
  });
}

/** @param range UTF-16 offsets: hints elsewhere are left out. */
export function inlayHints({ document }: CheckedDocument, hints: readonly VerdictHint[], range: Span): InlayHint[] {
  return hints
    .filter(({ span }) => span.end >= range.start && span.end <= range.end)
    .map(({ span, text, tooltip }) => ({
      position: document.positionAt(span.end),
      label: text,
      ...(tooltip !== undefined && { tooltip }),
      kind: InlayHintKind.Type,
      paddingLeft: true,
    }));
}
