import { slopeBox } from "../model/evaluate.ts";
import type { Model, Norm } from "../model/model.ts";
import { normAtMost } from "./matrix-norms.ts";
import { type ModelSearch, MomentSearch } from "./question.ts";
import type { Enclosure } from "./report.ts";
import { overCell, type TimeCell, TimeCells } from "./time-cells.ts";

/** The logarithmic norm over all slopes, at one time. */
export interface NormAtTime extends Enclosure {
  readonly t: number;
  /** True where it is that just before t: something jumps at t. */
  readonly before: boolean;
}

/** The largest logarithmic norm over the times from `from` to `to`, what jumps at `to` not included. */
export interface NormOverCell extends Enclosure {
  readonly from: number;
  readonly to: number;
}

export interface NormOverTime {
  readonly norm: Norm;
  /** In order of time; two of the same time where the model jumps. */
  readonly points: readonly NormAtTime[];
  /** Between the grid's times and the model's knots, in order. */
  readonly cells: readonly NormOverCell[];
}

export interface NormOverTimeOptions {
  /** Times to have a value at, beside t0, t1 and the knots. */
  readonly times: readonly number[];
  /** Relative: closed when upper - lower <= tolerance * max(1, |lower|). */
  readonly tolerance: number;
  /** Nodes of branch and bound, after the first bound of each point. */
  readonly nodes: number;
}

type Part = TimeCell<ModelSearch>;
type Cell = { readonly from: number; readonly to: number; parts: readonly Part[]; known: number; stuck: boolean };

/**
 * mu(t) as an enclosure: two-sided at each time of a grid, and over each cell between them (docs/mathematics.md,
 * section 7). Yields between short pieces of work; each value that is yielded holds, a later one only tightens it. With a
 * domain only the bounds from above are known.
 */
export function* normOverTime(
  model: Model,
  norm: Norm,
  { times, tolerance, nodes }: NormOverTimeOptions,
): Generator<() => NormOverTime, NormOverTime, void> {
  const box = slopeBox(model);
  const grid = new TimeCells<ModelSearch>(
    model,
    box,
    (form, t) => new MomentSearch(t, form, box, norm),
    (E) => normAtMost(E, model.states, norm),
  );
  const cells: Cell[] = [];
  const points: { t: number; before: boolean; search: ModelSearch }[] = [];
  const look = () => view(model, norm, points, cells);
  const gap = (lower: number) => tolerance * Math.max(1, Math.abs(lower));
  for (const part of grid.cover(times)) {
    yield look;
    const { from, to, left, right } = part;
    const last = points.at(-1)?.search;
    if (left !== last) {
      if (points.length > 0) points[points.length - 1]!.before = true;
      points.push({ t: from, before: false, search: left });
    }
    if (to > from) {
      points.push({ t: to, before: false, search: right });
      cells.push({ from, to, parts: [part], known: Number.POSITIVE_INFINITY, stuck: false });
    }
    for (const search of [left, right]) {
      while (search.upper === Number.POSITIVE_INFINITY && !search.exhausted) {
        let worked = false;
        for (const _ of search.advance(search.lower)) {
          worked = true;
          yield look;
        }
        if (!worked) break;
      }
    }
  }
  let used = 0;
  const drive = function* (search: ModelSearch, goal: number): Generator<() => NormOverTime, boolean, void> {
    if (search.exhausted || search.upper <= goal) return false;
    const before = search.nodes;
    let worked = false;
    for (const _ of search.advance(goal)) {
      worked = true;
      yield look;
    }
    used += search.nodes - before;
    return worked;
  };
  const stuck = new Set<ModelSearch>();
  while (used < nodes) {
    const open = points.filter(({ search }) => !stuck.has(search) && slackOf(search) > gap(search.lower));
    const point = open.sort((a, b) => slackOf(b.search) - slackOf(a.search))[0]?.search;
    if (point) {
      if (!(yield* drive(point, point.lower + gap(point.lower)))) stuck.add(point);
      continue;
    }
    const worst = cells
      .filter((cell) => !cell.stuck && slackOf(endsOf(cell)) > 2 * gap(endsOf(cell).lower))
      .sort((a, b) => slackOf(endsOf(b)) - slackOf(endsOf(a)))[0];
    if (!worst) break;
    const part = worst.parts.reduce((a, b) => (overCell(b) > overCell(a) ? b : a));
    const end = part.left.upper >= part.right.upper ? part.left : part.right;
    const { known } = worst;
    const above = overCell(part) - end.upper;
    if (above > slackOf(end) || !(yield* drive(end, end.lower + above / 2))) {
      const halves = part.bend > 0 ? grid.split(part) : null;
      if (halves) {
        const middle = halves[0].right;
        while (middle.upper === Number.POSITIVE_INFINITY && (yield* drive(middle, middle.lower)));
        worst.parts = worst.parts.flatMap((other) => (other === part ? halves : [other]));
        used++;
      } else worst.stuck = true;
    }
    worst.known = Math.min(known, endsOf(worst).upper);
    yield look;
  }
  return look();
}

function view(
  model: Model,
  norm: Norm,
  points: readonly { t: number; before: boolean; search: ModelSearch }[],
  cells: readonly Cell[],
): NormOverTime {
  const below = (lower: number) => (model.domain ? Number.NEGATIVE_INFINITY : lower);
  return {
    norm,
    points: points.map(({ t, before, search }) => ({ t, before, lower: below(search.lower), upper: search.upper })),
    cells: cells.map((cell) => {
      const { lower, upper } = endsOf(cell);
      return { from: cell.from, to: cell.to, lower: below(lower), upper };
    }),
  };
}

function endsOf({ parts, known }: Cell): Enclosure {
  return {
    lower: parts.reduce((m, { left, right }) => Math.max(m, left.lower, right.lower), Number.NEGATIVE_INFINITY),
    upper: Math.min(
      known,
      parts.reduce((m, part) => Math.max(m, overCell(part)), Number.NEGATIVE_INFINITY),
    ),
  };
}

function slackOf({ lower, upper }: Enclosure): number {
  return upper - lower;
}
