import type { ModelReport } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import { knowledgeText } from "../service/rounding.ts";
import { quantity } from "../service/verdicts.ts";
import { printable } from "./terminal-text.ts";

export interface Progress {
  readonly show: (file: string, model: Model, report: ModelReport) => void;
  readonly clear: () => void;
}

const clearLine = "\r\u001b[K";

/** A line on standard error that each text replaces; only on a terminal. */
export function startLine() {
  if (!process.stderr.isTTY) return { show: () => {}, clear: () => {} };
  let shown = false;
  return {
    show(text: string) {
      process.stderr.write(clearLine + printable(text).slice(0, (process.stderr.columns || 80) - 1));
      shown = true;
    },
    clear() {
      if (shown) process.stderr.write(clearLine);
      shown = false;
    },
  };
}

/** Says what is being analysed and what is known so far. */
export function startProgress(): Progress {
  const line = startLine();
  return {
    show: (file, model, report) =>
      line.show(`${file}: ${model.name}${known(model, report)}, ${report.seconds.toFixed(0)} s`),
    clear: line.clear,
  };
}

/** The requirement that is being decided, else the bound that is. */
function known(model: Model, { requirements, bounds }: ModelReport): string {
  const open = requirements.find(({ verdict }) => verdict === "undecided");
  const bound = bounds.findLast(({ lower, upper }) => Number.isFinite(lower) || Number.isFinite(upper));
  const text = open
    ? knowledgeText(quantity(model.requirements[open.requirement]), open)
    : bound && knowledgeText(`lognorm(${bound.norm})`, bound);
  return text ? `, ${text}` : "";
}
