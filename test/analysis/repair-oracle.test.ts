import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { leastChange } from "../../analysis/repair/least-change.ts";
import type { ChangeOutcome, Restrictions } from "../../analysis/repair/problem.ts";
import { parse } from "../../grammar/parse.ts";
import { compileKeeping } from "../../model/compile.ts";
import { tensorSource } from "../../weights/source.ts";

/** By another program (fixtures-repair.py): semidefinite programs over all vertices. */
interface Case {
  readonly name: string;
  readonly model: string;
  readonly param: string;
  readonly distance: number | null;
  readonly accuracy: number;
  readonly restriction: (Omit<Restrictions, "rows"> & { readonly rows?: readonly number[] }) | null;
}

const file = new URL("repair-distances.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as readonly Case[];

function repaired({ model: text, param, restriction }: Case, precision: number): ChangeOutcome {
  const name = /model (\w+)/.exec(text)![1]!;
  const model = compileKeeping(parse(text), tensorSource(new Map()), name, new Set([param]))!;
  const aims = model.requirements.map(({ limit, ...question }) => ({ question, limit }));
  const restrictions = restriction?.rows
    ? { ...restriction, rows: restriction.rows.map((row) => row - 1) }
    : (restriction as Restrictions | null);
  const steps = leastChange({
    model,
    params: [param],
    aims,
    precision,
    seconds: 20,
    ...(restrictions && { restrictions }),
  });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

test.for(cases)("$name", (one) => {
  const outcome = repaired(one, 1e-3);
  // On the boundary of what can be reached nothing is strictly inside, and so nothing can be written down and proved.
  if (one.distance === null || one.name.startsWith("boundary")) {
    expect(outcome.kind).toBe("none");
    return;
  }
  if (outcome.kind === "none") throw new Error(outcome.reason);
  const { lower, upper } = outcome.distance;
  expect(lower).toBeLessThanOrEqual(one.distance + one.accuracy);
  expect(upper).toBeGreaterThanOrEqual(one.distance - one.accuracy);
  expect(upper - lower!).toBeLessThanOrEqual(1e-3 * upper);
});
