import type { EstimatedMargin } from "../analysis/gradient-flow/estimated-margin.ts";
import type { Margin } from "../analysis/margin.ts";
import type { Model, Norm } from "../model/model.ts";
import { numberText, roundDown, roundUp } from "../service/rounding.ts";
import { witnessText } from "../service/verdicts.ts";

/** What the margin is asked of. */
export interface Aim {
  readonly model: Model;
  readonly norm: Norm;
  readonly target: number;
  /** True where a requirement of the model states it. */
  readonly isStated: boolean;
}

/** Of m*, which is known to six at best. */
const digits = 7;

/** A proved margin, for people: the ends rounded outwards, so that what is said of them is proved. */
export function prettyMargin(aim: Aim, { mstar, outOfReach, witness, iterations, stoppedBy }: Margin): string {
  const count = `${iterations} ${iterations === 1 ? "value" : "values"} of m decided`;
  const why = stoppedBy === "time" ? ": the time budget is spent" : stoppedBy === "cancelled" ? ": cancelled" : "";
  if (mstar === null) {
    const reason = outOfReach
      ? `even with every slope at its greatest the target is exceeded${witness ? witnessText(aim.model, witness) : ""}`
      : `undecided even with every slope at its greatest${why}`;
    return lines(aim, [`no m*: ${reason}`, count]);
  }
  if (aim.model.layers.length === 0) return lines(aim, ["proved, and there are no activations: m plays no part"]);
  const upper = numberText(roundUp(mstar.upper, digits));
  const holds = `proved with all slopes in [${upper}, ${topText(aim.model)}]`;
  if (mstar.lower === Number.NEGATIVE_INFINITY) {
    return lines(aim, [`m* <= ${upper}${why}`, holds, "nothing was found that exceeds the target", count]);
  }
  const lower = numberText(roundDown(mstar.lower, digits));
  return lines(aim, [
    `m* in [${lower}, ${upper}]${why}`,
    holds,
    `exceeded by some slopes in [${lower}, ${topText(aim.model)}]`,
    count,
  ]);
}

export function prettyEstimate(aim: Aim, { mstar, iterations }: EstimatedMargin): string {
  const count = `${iterations} ${iterations === 1 ? "value" : "values"} of m tried by the gradient flow`;
  const found =
    mstar === null
      ? "no m*: the target is exceeded with every slope at its greatest"
      : mstar === Number.NEGATIVE_INFINITY
        ? "no m was found that exceeds the target"
        : `m* about ${numberText(Number(mstar.toPrecision(digits)))}`;
  return lines(aim, [`${found} (estimate, not a proof)`, count]);
}

function lines({ model, norm, target, isStated }: Aim, facts: readonly string[]): string {
  const title = `${model.name}  lognorm(${norm}) <= ${numberText(target)}${isStated ? ", as it requires" : ""}`;
  return [title, ...facts.map((fact) => `  ${fact}`)].map((line) => `${line}\n`).join("");
}

/** M: a number where all activations have the same. */
function topText({ layers }: Model): string {
  const tops = new Set(layers.map(({ activation }) => activation.slopes.upper));
  const [top] = tops;
  return tops.size === 1 ? numberText(Number(top!.toPrecision(digits))) : "M";
}
