import { actionText, costText } from "../service/repair/titles.ts";
import { knowledgeText, numberText, roundDown, roundUp } from "../service/rounding.ts";
import { quantity } from "../service/verdicts.ts";
import type { ModelRepair } from "./repair-model.ts";
import { printable } from "./terminal-text.ts";

/** Of what a change costs. */
const digits = 7;

/** What was done to each model, and what that achieves, for people. */
export function repairSummary(repairs: readonly ModelRepair[], isDryRun: boolean): string {
  return repairs
    .flatMap((one) => lines(one, isDryRun))
    .map((line) => `${printable(line)}\n`)
    .join("");
}

function lines({ model, goals, before, found, failure }: ModelRepair, isDryRun: boolean): string[] {
  if (failure !== null) {
    return [
      `${model.name}  out of reach: ${failure.reason}`,
      ...(failure.instead === null ? [] : [`  instead: ${failure.instead}`]),
      ...goals.map((goal, i) => `  ${goal.text}: ${before[i]?.verdict ?? "undecided"}${known(goal, before[i])}`),
    ];
  }
  if (found === null) {
    return [
      `${model.name}  nothing to do`,
      ...goals.map((goal, i) => `  ${goal.text}: proved${known(goal, before[i])}`),
    ];
  }
  const { distance, written, answers, lost } = found;
  const reason = found.repair.kind === "min-norm" && found.found.kind === "values" ? found.found.reason : null;
  const least =
    distance?.lower == null
      ? reason === null
        ? []
        : [`  less may do: ${reason}`]
      : [
          `  the least change that does is in [${numberText(roundDown(distance.lower, digits))}, ${numberText(roundUp(distance.upper, digits))}]`,
        ];
  const action = actionText(model, found);
  // Where a title does not say what it costs.
  const cost = found.repair.kind === "shift" || found.repair.kind === "rescale" ? `: ${costText(found)}` : "";
  return [
    `${model.name}  ${action}${cost}${isDryRun ? " (not written)" : ""}`,
    ...least,
    ...goals.map(
      (goal, i) => `  ${goal.text}: proved${known(goal, answers[i])}; before:${known(goal, before[i]) || " not known"}`,
    ),
    ...lost.map(({ text }) => `  ${text}: was proved and is not any more`),
    ...written.files.map(({ file, from }) => `  ${file}: ${from} with the changed weights`),
  ];
}

function known(goal: ModelRepair["goals"][number], answer: ModelRepair["before"][number] | undefined): string {
  const text = answer === undefined ? null : knowledgeText(quantity(goal), answer);
  return text === null ? "" : ` ${text}`;
}
