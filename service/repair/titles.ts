import type { Model } from "../../model/model.ts";
import { replacementText } from "../replaced-activations.ts";
import { numberText } from "../rounding.ts";
import type { ProvedRepair } from "./repair.ts";

/** Significant digits of what a change costs. */
const digits = 3;
/** A change is called the least one where no change is smaller by more than this, relative. */
const closeness = 0.01;

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
  const { repair, value } = proved;
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
      return `${isLeast(proved) ? "Least change of" : "Change"} ${names}: ${costText(proved)}`;
    }
  }
}

/** Whether it is known that hardly anything less does. */
function isLeast({ distance }: ProvedRepair): boolean {
  return distance !== null && distance.lower !== null && distance.lower >= distance.upper * (1 - closeness);
}

/** `‖ΔA‖ = 0.809 (28.6 %)` */
export function costText({ changes }: ProvedRepair): string {
  return changes
    .map(({ param, frobenius, relative }) => {
      const share = relative === null ? "" : ` (${shortText(100 * relative)} %)`;
      return `‖Δ${param}‖ = ${frobenius === null ? "?" : shortText(frobenius)}${share}`;
    })
    .join(", ");
}

function shortText(x: number): string {
  return numberText(Number(x.toPrecision(digits)));
}

/** `A`, `A and B`, `A, B and C` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
