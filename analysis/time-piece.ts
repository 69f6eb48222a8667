import { formAt, formBefore } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import { nextDown } from "../model/rounding.ts";

/** Times [from, to), or one time, with the form that encloses the model's there. */
export interface TimePiece {
  readonly from: number;
  readonly to: number;
  readonly form: LinearFractionalForm;
}

/** Pieces narrower than this part of the time interval are not cut. */
const NARROWEST = 2 ** -40;

/** The halves of a piece; null where it is one time, or too narrow. */
export function halvesOf(model: Model, { from, to }: TimePiece): readonly [TimePiece, TimePiece] | null {
  if (!(to - from > NARROWEST * (model.time.to - model.time.from))) return null;
  const at = from / 2 + to / 2;
  return [pieceOf(model, from, at), pieceOf(model, at, to)];
}

function pieceOf(model: Model, from: number, to: number): TimePiece {
  return { from, to, form: formBefore(model, from, to) };
}

/** A time of the piece. */
export function middleOf({ from, to }: TimePiece): number {
  return from < to ? from / 2 + to / 2 : to;
}

/** Times of the piece at which to look: its ends count. */
export function timesOf(piece: TimePiece): readonly number[] {
  const { from, to } = piece;
  return from < to ? [from, middleOf(piece), nextDown(to)] : [to];
}

/** The whole time where the weights are constant; else from knot to knot, and what is from t1 on at t1 itself. */
export function piecesOf(model: Model): TimePiece[] {
  const { from, to } = model.time;
  if (!model.timeDependent) return [{ from, to: from, form: formAt(model, from) }];
  const ends = [from, ...model.knots, to];
  const pieces = ends.slice(1).map((end, k) => pieceOf(model, ends[k], end));
  return [...pieces, { from: to, to, form: formAt(model, to) }];
}
