import type { Affine } from "./affine.ts";
import * as affine from "./affine.ts";
import { exact } from "./ball.ts";
import { children, type Environment, evaluateTerm, schedule } from "./evaluate-terms.ts";
import { compute } from "./fold.ts";
import type { Model } from "./model.ts";
import { addPlain, scalePlain, withoutRadius } from "./plain-affine.ts";
import { before, type Schedule } from "./schedule.ts";
import { columnsOf, rowsOf } from "./shape.ts";
import type { Term } from "./term.ts";

/**
 * What `formAt` encloses, in plain doubles and without its radius, for those who need it at thousands of times: what does
 * not change with time is evaluated once, and numbers that change are not followed by their rounding errors.
 */
export class PlainCoefficients {
  private readonly roots: readonly Term[];
  private readonly operands = new Map<Term, readonly Term[]>();
  /** What changes with time, operands first: those that depend on no state and no layer, and the others. */
  private readonly numbers: Term[] = [];
  private readonly functions: Term[] = [];
  /** Of what does not change. */
  private readonly fixedNumbers = new Map<Term, Float64Array>();
  private readonly fixedFunctions = new Map<Term, Affine>();

  /** @throws {affine.TooLarge} */
  constructor(model: Model) {
    this.roots = [...model.layers.map(({ argument }) => argument), model.flow];
    const environment: Environment = {
      moment: { from: model.time.from, to: model.time.from },
      param: (index) => model.params[index].value,
    };
    const budget = new affine.Budget();
    const varying = new Set<Term>();
    const stateful = new Set<Term>();
    for (const term of schedule(this.roots, environment).order) {
      const below = children(term, environment);
      this.operands.set(term, below);
      if (term.op === "state" || term.op === "layer" || below.some((one) => stateful.has(one))) stateful.add(term);
      if (isSchedule(term) || term.op === "time" || below.some((one) => varying.has(one))) varying.add(term);
      const isFunction = stateful.has(term);
      if (varying.has(term)) (isFunction ? this.functions : this.numbers).push(term);
      else if (isFunction) this.fixedFunctions.set(term, this.functionAt(term, 0, new Map(), new Map(), budget));
      else this.fixedNumbers.set(term, this.numberAt(term, 0, new Map()));
    }
  }

  /** The layers' arguments and, last, the flow at t, as functions of the state and the layers: no part has a radius. */
  at(t: number): Affine[] {
    const numbers = new Map<Term, Float64Array>();
    for (const term of this.numbers) numbers.set(term, this.numberAt(term, t, numbers));
    const functions = new Map<Term, Affine>();
    const budget = new affine.Budget();
    for (const term of this.functions) functions.set(term, this.functionAt(term, t, numbers, functions, budget));
    return this.roots.map((root) => this.valueOf(root, numbers, functions));
  }

  private valueOf(term: Term, numbers: ReadonlyMap<Term, Float64Array>, functions: ReadonlyMap<Term, Affine>): Affine {
    const known = functions.get(term) ?? this.fixedFunctions.get(term);
    if (known !== undefined) return known;
    const data = numbers.get(term) ?? this.fixedNumbers.get(term)!;
    return affine.constant(rowsOf(term.shape), columnsOf(term.shape), exact(data));
  }

  private functionAt(
    term: Term,
    t: number,
    numbers: ReadonlyMap<Term, Float64Array>,
    functions: ReadonlyMap<Term, Affine>,
    budget: affine.Budget,
  ): Affine {
    const values = this.operands.get(term)!.map((operand) => this.valueOf(operand, numbers, functions));
    return plainly(term, values) ?? withoutRadius(evaluateTerm(term, values, { from: t, to: t }, budget));
  }

  private numberAt(term: Term, t: number, numbers: ReadonlyMap<Term, Float64Array>): Float64Array {
    if (term.op === "constant") return term.data;
    if (term.op === "time") return Float64Array.of(t);
    const operands = this.operands.get(term)!;
    const values = operands.map((one) => ({ shape: one.shape, data: numbers.get(one) ?? this.fixedNumbers.get(one)! }));
    if (term.op === "param") return values[0].data;
    if (!isSchedule(term)) return compute(term, values);
    return betweenKnots(
      term,
      values.map(({ data }) => data),
      t,
    );
  }
}

/** Sums and multiples, which in most models are all that is large; null for what `evaluateTerm` is quick enough for. */
function plainly(term: Term, [first, second]: readonly Affine[]): Affine | null {
  if (term.op === "add") return addPlain(first, second, 1);
  if (term.op === "subtract") return addPlain(first, second, -1);
  if (term.op !== "multiply") return null;
  if (term.left.shape.length === 0 && affine.isConstant(first))
    return scalePlain(second, affine.constantOf(first).mid[0]);
  if (term.right.shape.length === 0 && affine.isConstant(second))
    return scalePlain(first, affine.constantOf(second).mid[0]);
  return null;
}

function isSchedule(term: Term): term is Schedule {
  return term.op === "interpolate" || term.op === "steps";
}

/** As `knotsAt` at one time. */
function betweenKnots({ op, times }: Schedule, values: readonly Float64Array[], t: number): Float64Array {
  const i = before(times, t);
  if (op === "steps" || t <= times[i] || i + 1 === times.length) return values[i];
  const weight = (t - times[i]) / (times[i + 1] - times[i]);
  const [from, to] = [values[i], values[i + 1]];
  const out = new Float64Array(from.length);
  for (let k = 0; k < out.length; k++) out[k] = from[k] + weight * (to[k] - from[k]);
  return out;
}
