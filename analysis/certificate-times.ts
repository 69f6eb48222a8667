import { isPiecewiseAffine } from "../model/dependence.ts";
import { formAt, formBefore } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import { type Budget, isSpent, type Proof } from "./proof.ts";

/** One time, or all times from `from` on and before `to`; `before`: one time, as what jumps there was just before. */
export interface FormTimes {
  readonly from: number;
  readonly to: number;
  readonly before: boolean;
}

/** A piece of time that is not proved with so many nodes is cut in half. */
const NODES_A_PIECE = 32;
/** Pieces narrower than this part of the time interval are not cut. */
const NARROWEST = 2 ** -20;

type FormProofs = { readonly form: number; readonly trees: readonly Proof[] }[];
type Prove = (form: LinearFractionalForm, budget: Budget) => Generator<void, Proof[] | null, void>;

/**
 * Proofs for the model's form; where it depends on time, at the knots or over pieces (docs/mathematics.md, section 7).
 * @param forms those of the model so far: what is new is added
 * @returns null where none were found
 */
export function* proofsOverTime(
  model: Model,
  forms: { times: FormTimes | null; form: LinearFractionalForm }[],
  budget: Budget,
  prove: Prove,
): Generator<void, FormProofs | null, void> {
  const { from, to } = model.time;
  const placeOf = (times: FormTimes | null, form: LinearFractionalForm): number => {
    const known = forms.findIndex(({ times: t }) => sameTimes(t, times));
    return known >= 0 ? known : forms.push({ times, form }) - 1;
  };
  if (!model.timeDependent) {
    const form = formAt(model, from);
    const place = placeOf(null, form);
    const trees = yield* prove(form, budget);
    return trees && [{ form: place, trees }];
  }
  const proved: { times: FormTimes; form: LinearFractionalForm; trees: Proof[] }[] = [];
  const starts = [from, ...model.knots];
  const ends = [...model.knots, to];
  const at = (t: number, before: boolean): FormTimes => ({ from: t, to: t, before });
  const affine = isPiecewiseAffine(model);
  const open = affine
    ? [...starts.map((t) => at(t, false)), ...ends.map((t) => at(t, true)), at(to, false)]
    : [...starts.map((t, k) => ({ from: t, to: ends[k]!, before: false })), at(to, false)];
  for (let times = open.pop(); times; times = open.pop()) {
    if (isSpent(budget)) return null;
    const whole = times.from < times.to;
    const form = whole || times.before ? formBefore(model, times.from, times.to) : formAt(model, times.from);
    const piece = whole ? { ...budget, nodes: Math.min(budget.nodes, NODES_A_PIECE) } : budget;
    const granted = piece.nodes;
    const trees = yield* prove(form, piece);
    if (whole) budget.nodes -= Math.max(1, granted - piece.nodes);
    if (trees) proved.push({ times, form, trees });
    else if (!whole || times.to - times.from <= NARROWEST * (to - from)) return null;
    else {
      const middle = times.from / 2 + times.to / 2;
      open.push({ from: times.from, to: middle, before: false }, { from: middle, to: times.to, before: false });
    }
  }
  return proved
    .sort((a, b) => a.times.from - b.times.from || a.times.to - b.times.to)
    .map(({ times, form, trees }) => ({ form: placeOf(times, form), trees }));
}

function sameTimes(a: FormTimes | null, b: FormTimes | null): boolean {
  return a === b || (a !== null && b !== null && a.from === b.from && a.to === b.to && a.before === b.before);
}
