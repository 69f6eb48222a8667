import { formAt, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import type { Enclosure } from "./report.ts";
import { scaledForm } from "./scaled-form.ts";
import { vertexAt } from "./vertex.ts";

export interface Margin {
  /**
   * Encloses m*: with all slopes in [upper, M] the target is proved to hold, with slopes in [lower, M] a witness breaks it.
   * Null where even m = M fails; lower is -infinity where nothing was found that breaks it.
   */
  readonly mstar: Enclosure | null;
  /** Values of m that were decided. */
  readonly iterations: number;
}

/** Relative width of the enclosure at which the search ends. */
const PRECISION = 1e-6;
/** Nodes that the decision of one m may take. */
const NODES = 2000;
/** Below -FARTHEST times the largest slope no m is looked for. */
const FARTHEST = 64;

/**
 * The outer problem (docs/mathematics.md, section 8): the smallest m such that the p-logarithmic norm is at most `target`
 * for all slopes in [m, M], M each activation's own. Newton's method on the curve of the last witness's slopes, whose
 * slopes at m move with it, safeguarded by bisection; every m that counts is decided by the global search. Yields between
 * short pieces of work.
 */
export function* margin(model: Model, norm: Norm, target: number): Generator<void, Margin, void> {
  const form = formAt(model, model.time.from);
  const { upper: tops } = slopeBox(model);
  const largest = tops.reduce((a, b) => Math.max(a, b), 0);
  const box = (m: number): SlopeBox => ({ lower: tops.map((M) => Math.min(m, M)), upper: tops });
  let iterations = 0;
  const decide = function* (m: number): Generator<void, Decision, void> {
    iterations++;
    return yield* decideTarget(form, box(m), norm, target);
  };

  const top = yield* decide(largest);
  if (top.holds !== true) return { mstar: null, iterations };
  let holds = largest;
  let fails = Number.NEGATIVE_INFINITY;
  let witness: Float64Array | null = null;
  // From 0 downwards, until something breaks it.
  for (let m = 0; m > -FARTHEST * largest; m = m === 0 ? -largest / 8 : 2 * m) {
    const { holds: held, slopes } = yield* decide(m);
    if (held === true) {
      holds = m;
      continue;
    }
    if (held === false) {
      fails = m;
      witness = slopes;
    }
    break;
  }
  const width = PRECISION * Math.max(1e-3, largest);
  while (fails > Number.NEGATIVE_INFINITY && holds - fails > width) {
    const newton = norm === "2" && witness ? fails + newtonStep(form, box(fails), witness, target) : Number.NaN;
    // A little to the right of Newton's root, where the target can be proved if the root is m* itself.
    const aimed = newton + width / 4;
    const m: number = aimed > fails && aimed < holds ? aimed : fails / 2 + holds / 2;
    const { holds: held, slopes } = yield* decide(m);
    if (held === null) break;
    if (held) {
      holds = m;
      // The root itself fails, or m* would be left of it: look just left of it next.
      const left = newton - width / 4;
      if (left > fails && left < holds && holds - fails > width) {
        const second = yield* decide(left);
        if (second.holds === false) {
          fails = left;
          witness = second.slopes;
        } else if (second.holds) holds = left;
      }
    } else {
      fails = m;
      witness = slopes;
    }
  }
  return { mstar: { lower: fails, upper: holds }, iterations };
}

interface Decision {
  /** Null where the node budget did not decide it. */
  readonly holds: boolean | null;
  readonly slopes: Float64Array | null;
}

function* decideTarget(
  form: LinearFractionalForm,
  box: SlopeBox,
  norm: Norm,
  target: number,
): Generator<void, Decision, void> {
  const search = new LogarithmicNormSearch(form, box, norm);
  while (search.lower <= target && search.upper > target && !search.exhausted && search.nodes < NODES) {
    for (const _ of search.advance(target)) yield;
  }
  if (search.upper <= target || search.decideExactly(target)) return { holds: true, slopes: null };
  return { holds: search.lower > target ? false : null, slopes: search.slopes };
}

/** From the slopes of a witness, those at the lower end moving with m: how far to the root of their curve. */
function newtonStep(form: LinearFractionalForm, box: SlopeBox, slopes: Float64Array, target: number): number {
  const scaled = scaledForm(form);
  const { value, gradient } = vertexAt(scaled, slopes);
  let derivative = 0;
  for (let i = 0; i < slopes.length; i++) {
    if (slopes[i] === box.lower[i] && box.lower[i] !== box.upper[i]) derivative += gradient[i]!;
  }
  return (value - target * 2 ** scaled.shift) / -derivative;
}
