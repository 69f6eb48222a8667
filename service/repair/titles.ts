import type { Model } from "../../model/model.ts";
import { replacementText } from "../replaced-activations.ts";
import { numberText, roundUp } from "../rounding.ts";
import type { ProvedRepair } from "./repair.ts";

/** Significant digits of what a change costs. */
const digits = 3;

/**
 * What a repair changes, what that costs and what it achieves:
 * `Least change of A: ‖ΔA‖ = 0.809 (28.6 %), proves lognorm(2) <= 0`, `Shift A by 0.607 I, proves lognorm(2) <= 0`
 */
export function provedTitle(model: Model, proved: ProvedRepair): string {
  const proves = proved.goals.map(({ text }) => text).join(" and ");
  const lost = proved.lost.length === 0 ? "" : `, loses ${proved.lost.map(({ text }) => text).join(" and ")}`;
  return `${actionText(model, proved)}, proves ${proves}${lost}`;
}

/** The same without what it achieves. */
export function actionText(model: Model, proved: ProvedRepair): string {
  const { repair, value, distance } = proved;
  switch (repair.kind) {
    case "decay":
      return `Add decay -${value} * ${model.stateName}`;
    case "activation":
      return `Replace ${replacementText(model, value!)}`;
    case "shift":
      return `Shift ${repair.param} by ${value} I`;
    case "rescale":
      return `Rescale ${repair.param} by ${value}`;
    case "clip":
      return `Clip ${repair.param} (closed form): ${costText(proved)}`;
    case "min-norm": {
      const names = listed(proved.changes.map(({ param }) => param));
      return `${distance?.lower == null ? "Change" : "Least change of"} ${names}: ${costText(proved)}`;
    }
  }
}

/** `‖ΔA‖ = 0.809 (28.6 %)`, rounded up */
export function costText({ changes }: ProvedRepair): string {
  return changes
    .map(({ param, frobenius, relative }) => {
      const share = relative === null ? "" : ` (${numberText(roundUp(100 * relative, digits))} %)`;
      return `‖Δ${param}‖ = ${frobenius === null ? "?" : numberText(roundUp(frobenius, digits))}${share}`;
    })
    .join(", ");
}

/** `A`, `A and B`, `A, B and C` */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
