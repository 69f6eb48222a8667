import type { Model } from "../model/model.ts";
import { isDrastic } from "./repair/proved-repair.ts";
import type { ProvedRepair, Repair } from "./repair/repair.ts";

/** A proved repair of the requirements at these places in the model, in their order. */
export interface OfferedRepair extends ProvedRepair {
  readonly requirements: readonly number[];
}

/** Changes of weights before those of the flow; other activations after all. */
const classes: Readonly<Record<Repair["kind"], number>> = {
  "min-norm": 0,
  clip: 0,
  shift: 0,
  decay: 1,
  rescale: 2,
  activation: 3,
};

/** Changes that differ less are as large: the searches are no finer. */
const digits = 2;

/** Of two that are as large. */
const kinds: readonly Repair["kind"][] = ["min-norm", "clip", "shift", "decay", "rescale", "activation"];

/**
 * The best first: what keeps all that is proved, of those what mends most, then what leaves more of the weights than it
 * changes; then by what it changes, the smaller change first.
 */
export function sortedRepairs(model: Model, repairs: readonly OfferedRepair[]): OfferedRepair[] {
  return repairs
    .map((repair) => ({ repair, rank: rank(model, repair) }))
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ repair }) => repair);
}

function rank(model: Model, proved: OfferedRepair): readonly number[] {
  const { changes, repair, lost, requirements } = proved;
  const drastic = isDrastic(model, proved) || changes.some(({ relative }) => relative !== null && relative >= 1);
  const size = Math.hypot(...changes.map(({ frobenius }) => frobenius ?? Number.MAX_VALUE));
  const kind = kinds.indexOf(repair.kind);
  return [
    lost.length,
    -requirements.length,
    drastic ? 1 : 0,
    classes[repair.kind],
    Number(size.toPrecision(digits)),
    kind,
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  return a.map((x, i) => x - b[i]).find((difference) => difference !== 0) ?? 0;
}

/** The first one of each requirement: none that loses what is proved. */
export function preferredRepairs(sorted: readonly OfferedRepair[]): ReadonlySet<OfferedRepair> {
  const seen = new Set<number>();
  return new Set(
    sorted.filter(({ requirements, lost }) => {
      const isFirst = requirements.every((k) => !seen.has(k));
      for (const k of requirements) seen.add(k);
      return isFirst && lost.length === 0;
    }),
  );
}
