import type { EndingKind } from "./ending.ts";
import { initialStep } from "./initial-step.ts";
import { DEGREE, type Method, type Problem } from "./method.ts";
import { MethodChoice } from "./method-choice.ts";
import { Rodas } from "./rodas.ts";
import { StepControl, shortestStep } from "./step-control.ts";
import { DEFAULT_TOLERANCE, type Tolerance } from "./tolerance.ts";
import { Tsitouras } from "./tsitouras.ts";
import type { VectorField } from "./vector-field.ts";

export interface IntegrationOptions {
  readonly from: number;
  /** Later than `from`. */
  readonly to: number;
  readonly tolerance?: Tolerance;
  /** By default explicit until that labours, then stiff, and back. */
  readonly method?: "auto" | "explicit" | "stiff";
  /** Of steps that are tried. */
  readonly mostSteps?: number;
}

/** A step that was taken. */
export interface TakenStep {
  readonly t: number;
  readonly h: number;
  /**
   * The states over the step: coefficient j, [count, n], is that of ((time - t) / h)^j. The same arrays for every step.
   */
  readonly polynomial: () => readonly Float64Array[];
}

export interface Effort {
  /** Taken. */
  steps: number;
  /** Tried, but not accurate enough. */
  rejected: number;
  /** Taken by the stiff method. */
  stiffSteps: number;
}

export interface Advanced {
  readonly kind: EndingKind;
  readonly t: number;
  /** At t, [count, n]. */
  readonly states: Float64Array;
  /** Where it is not complete: which of the states did not go on. */
  readonly failing: readonly number[];
  readonly effort: Readonly<Effort>;
}

/** Enough for some ten thousand oscillations; a host that cannot wait cancels earlier. */
const MOST_STEPS = 200_000;
/**
 * Integrates `states`, [count, n], all by the same steps, so that the difference of two neighbours is as smooth as they are:
 * what a step is wrong by is wrong for both. Yields between short pieces of work.
 *
 * Of libraries there is `odex` for what is not stiff, which stops at its limit of steps with a wrong value and says
 * nothing, integrates one state at a time and cannot yield; for stiff problems there is none. So both methods are here:
 * the explicit one of those with the least work for its order, and a Rosenbrock method, which solves a fixed number of linear
 * systems each step, needs only the Jacobian that the form has anyway, and has no iteration to fail where slopes jump.
 */
export function* advance(
  field: VectorField,
  states: Float64Array,
  options: IntegrationOptions,
  take: (step: TakenStep) => void,
): Generator<void, Advanced, void> {
  const { from, to, tolerance = DEFAULT_TOLERANCE, method: wanted = "auto", mostSteps = MOST_STEPS } = options;
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
    throw new RangeError(`an integration goes forwards: from ${from} to ${to} it cannot`);
  }
  const n = field.states;
  const problem: Problem = { field, tolerance, count: states.length / n };
  const x = states.slice();
  const effort: Effort = { steps: 0, rejected: 0, stiffSteps: 0 };
  const methods: { explicit?: Method; stiff?: Method } = {};
  const use = (kind: Method["kind"]): Method => {
    methods[kind] ??= kind === "stiff" ? new Rodas(problem) : new Tsitouras(problem);
    methods[kind].restart();
    return methods[kind];
  };
  let method = use(wanted === "stiff" ? "stiff" : "explicit");
  const choice = new MethodChoice(n);
  const coefficients = Array.from({ length: DEGREE + 1 }, () => new Float64Array(0));
  const breaks = field.breaks.filter((time) => time > from && time <= to);
  let t = from;
  const end = (kind: EndingKind, failing: readonly number[]): Advanced => ({ kind, t, states: x, failing, effort });
  const failing = () => [...method.errors.keys()].filter((r) => !(method.errors[r]! <= 1));
  for (const stop of new Set([...breaks, to])) {
    // At a jump, what is before it counts.
    const inside = breaks.includes(stop) ? doubleBefore(stop) : stop;
    method.restart();
    const control = new StepControl(yield* initialStep(problem, x, t, stop - t));
    while (t < stop) {
      if (effort.steps + effort.rejected >= mostSteps) return end("steps", [...method.errors.keys()]);
      if (control.h < shortestStep(t)) return end("singularity", [...method.errors.keys()]);
      const isLast = t + 1.01 * control.h >= stop;
      const h = isLast ? stop - t : control.h;
      const error = yield* method.attempt(x, t, h, inside);
      if (!(error <= 1)) {
        effort.rejected++;
        const why = control.reject(h, error, t, to - from);
        if (why === null) continue;
        return end(why === "singularity" && largest(x) > 1e200 ? "overflow" : why, failing());
      }
      effort.steps++;
      if (method.kind === "stiff") effort.stiffSteps++;
      take({ t, h, polynomial: polynomialOf(method, x, h, coefficients) });
      x.set(method.next);
      method.accept();
      t = isLast ? stop : t + h;
      control.accept(h, error);
      const better = wanted === "auto" ? choice.next(method, h, to - t) : method.kind;
      if (better !== method.kind) method = use(better);
    }
  }
  return end("complete", []);
}

function polynomialOf(method: Method, x: Float64Array, h: number, coefficients: Float64Array[]) {
  return () => {
    if (coefficients[0]!.length === 0)
      for (const j of coefficients.keys()) coefficients[j] = new Float64Array(x.length);
    method.polynomial(x, h, coefficients);
    return coefficients;
  };
}

function largest(x: Float64Array): number {
  return x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function doubleBefore(t: number): number {
  return t - Math.max(Math.abs(t) * 2 ** -53, Number.MIN_VALUE);
}
