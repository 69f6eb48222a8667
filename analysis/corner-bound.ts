import type { LinearFractionalForm } from "../model/form.ts";
import type { Layer } from "../model/model.ts";
import { affineJacobian } from "./affine-jacobian.ts";
import type { Box } from "./preactivations.ts";
import { type Asked, alone } from "./state-witness.ts";

/** At most so many coordinates are followed: twice as many corners with each. */
const MOST_SYMBOLS = 4;
/** Beyond so many states following even these is not worth its time. */
const MOST_STATES = 12;

export interface CornerBound {
  /** A bound from above over the box; infinite where the corners were not asked. */
  readonly upper: number;
  /** The size of what is not linear in the state, which the bound pays for. */
  readonly forgotten: number;
  /** What is known of the pre-activations now. */
  readonly q: Box;
}

/**
 * Bounds the number over a box of states by the affine enclosure of the model's own Jacobian: it is convex in the Jacobian,
 * hence largest at a corner of the box but for what the enclosure adds. Slopes that move together with the state are not
 * taken for independent here, so that the excess shrinks with the square of the box.
 *
 * @param missing the corners are asked only where the enclosure adds less than that.
 * @returns null where the box is infinite or there are too many states.
 */
export function cornerBound(
  form: LinearFractionalForm,
  layers: readonly Layer[],
  box: Box,
  known: Box,
  closed: boolean,
  asked: Asked,
  missing: number,
): CornerBound | "no state" | null {
  const n = form.states;
  if (n > MOST_STATES || !box.lower.every((low, j) => Number.isFinite(box.upper[j] - low))) return null;
  const widths = box.upper.map((high, j) => high - box.lower[j]);
  const symbols = Array.from(widths.keys())
    .filter((j) => widths[j] > 0)
    .sort((i, j) => widths[j] - widths[i])
    .slice(0, MOST_SYMBOLS);
  const J = affineJacobian(form, layers, box, known, symbols, closed);
  if (!J) return "no state";
  let forgotten = Math.sqrt(J.radius.reduce((s, r) => s + r * r, 0));
  if (Number.isNaN(forgotten)) forgotten = Number.POSITIVE_INFINITY;
  if (!(forgotten < missing)) return { upper: Number.POSITIVE_INFINITY, forgotten, q: J.q };
  // Symbols that move nothing have no corners.
  const moving = J.parts.slice(1).filter((part) => part.some((v) => v !== 0));
  let upper = Number.NEGATIVE_INFINITY;
  for (let corner = 0; corner < 2 ** moving.length; corner++) {
    const at = J.parts[0].slice();
    const radius = J.radius.slice();
    for (const [s, part] of moving.entries()) {
      const sign = (corner >> s) & 1 ? 1 : -1;
      for (let k = 0; k < at.length; k++) {
        at[k] += sign * part[k];
        radius[k] += (Math.abs(at[k]) + Math.abs(part[k])) * 2 ** -52;
      }
    }
    upper = Math.max(upper, asked.bound(alone(at, radius, n)));
  }
  return { upper, forgotten, q: J.q };
}
