import { formAt, jacobian } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Model } from "../../model/model.ts";
import type { SlopeBox } from "../centred-form.ts";
import { inMetric } from "../metric.ts";
import type { Question } from "../question.ts";
import { scale } from "../rounding.ts";
import { scaledForm } from "../scaled-form.ts";
import { pseudorandomVertex } from "../slope-box.ts";
import { stepForm } from "../step.ts";
import { climb, type Vertex, vertexAt } from "../vertex.ts";
import { Pairing } from "./pairing.ts";
import type { Aim } from "./problem.ts";
import type { Variables } from "./variables.ts";
import { type Pair, plainPair, type WorstPairs, worstPairs } from "./worst-pairs.ts";

/** Slopes at a time, and the vectors that show what the Jacobian reaches there. */
export interface Violation {
  readonly t: number;
  /** [H] */
  readonly slopes: Float64Array;
  readonly pair: Pair;
}

/** Vertices tried at random in each round, beside those that were bad before. */
const RANDOM_STARTS = 6;
/** Pairs of one Jacobian. */
const PAIRS = 3;
const CLIMBS = 60;
/** Vertices beside a bad one that are looked at. */
const NEIGHBOURS = 6;
/** One in so many slopes of a bad vertex is drawn anew: as a box of three slopes, of which the first is 0. */
const FLIPS = { lower: new Float64Array(61), upper: new Float64Array(61).fill(1) };

/**
 * One aim as a set of inequalities, one for each time, vertex of the slopes and pair of vectors; those that a model violates
 * are looked for by climbing from many vertices (docs/mathematics.md, section 2).
 */
export class Constraint {
  readonly aim: Aim;
  /**
   * How much of the margin it takes: none where the model as it is meets the aim, and no change can make it do better than
   * meet the limit exactly.
   */
  share = 1;
  /** Climbs found nothing against the model as it is. */
  isMet = true;
  private readonly variables: Variables;
  private readonly box: SlopeBox;
  private readonly worst: WorstPairs;
  private readonly times: number[];
  private starts = 0;

  /** @throws {Error} where the aim's metric is not numerically positive definite */
  constructor(aim: Aim, variables: Variables, box: SlopeBox) {
    const worst = worstPairs(aim.question, variables.model.states);
    if (!worst) throw new Error("the metric is not positive definite");
    this.aim = aim;
    this.variables = variables;
    this.box = box;
    this.worst = worst;
    const { time, knots, timeDependent } = variables.model;
    this.times = timeDependent ? [time.from, ...knots, time.to] : [time.from];
  }

  /** From now on looked at, too. */
  learnTime(t: number): void {
    if (!this.times.includes(t)) this.times.push(t);
  }

  /** What the model shows at these slopes. */
  shown(model: Model, t: number, slopes: Float64Array): Violation[] {
    return this.violations(formAt(model, t), t, slopes, PAIRS);
  }

  /**
   * What climbs find above `limit`, one after another.
   * @param bad slopes at times, [H] each, to begin at
   * @param effort doubles the number of climbs
   * @param end as performance.now() tells it: what has been found by then is returned
   */
  *search(
    model: Model,
    bad: readonly { readonly t: number; readonly slopes: Float64Array }[],
    limit: number,
    effort: number,
    end: number,
  ): Generator<void, Violation[], void> {
    const found: Violation[] = [];
    const seen = new Set<string>();
    for (const t of this.times) {
      const form = formAt(model, t);
      const pairing = new Pairing(this.variables, model, t);
      const { climbing, showing } = this.climber(t, form, pairing);
      const { lower, upper } = this.box;
      const own = bad.filter((one) => one.t === t).map(({ slopes }) => slopes);
      const starts = [...own, upper, lower, lower.map((lo, i) => (lo + upper[i]!) / 2)];
      for (let k = 0; k < RANDOM_STARTS << effort; k++) {
        const start = pseudorandomVertex(this.box, this.starts++);
        const near = own[k % Math.max(1, own.length)];
        const mask = pseudorandomVertex(FLIPS, this.starts);
        starts.push(k % 2 === 0 || !near ? start : near.map((d, i) => (mask[i % mask.length] === 0 ? start[i]! : d)));
      }
      const isNew = ({ slopes }: Violation) => {
        const key = `${t} ${slopes.join()}`;
        return !seen.has(key) && Boolean(seen.add(key));
      };
      for (const climbedTo of climbing(starts)) {
        yield;
        if (performance.now() > end) return found;
        if (climbedTo.pair.value <= limit || !isNew(climbedTo)) continue;
        found.push(climbedTo);
        for (const flipped of this.neighbours(climbedTo, pairing, limit)) {
          const shown = showing(flipped);
          if (shown.pair.value > limit && isNew(shown)) found.push(shown);
        }
      }
    }
    return found.sort((a, b) => b.pair.value - a.pair.value);
  }

  private violations(form: LinearFractionalForm, t: number, slopes: Float64Array, count: number): Violation[] {
    return this.worst(jacobian(form, slopes), count).map((pair) => ({ t, slopes, pair }));
  }

  /** Vertices one flip away that seem to violate the aim, too: where many are as bad, climbs find few of them. */
  private neighbours({ slopes, pair }: Violation, pairing: Pairing, limit: number): Float64Array[] {
    const { lower, upper } = this.box;
    const { slopes: gradient } = pairing.at(pair.u, pair.w, slopes);
    const flips = [...slopes.keys()].map((i) => {
      const other = slopes[i] === lower[i] ? upper[i]! : lower[i]!;
      return { i, other, value: pair.value + ((other - slopes[i]!) * gradient[i]!) / pair.scale };
    });
    const bad = flips.filter(({ i, value }) => value > limit && lower[i] !== upper[i]);
    bad.sort((a, b) => b.value - a.value);
    return bad.slice(0, NEIGHBOURS).map(({ i, other }) => slopes.with(i, other));
  }

  /** Sign steps from slopes to vertices that no such step improves: of norms 1 and inf for each column or row. */
  private climber(
    t: number,
    form: LinearFractionalForm,
    pairing: Pairing,
  ): {
    climbing(starts: readonly Float64Array[]): Iterable<Violation>;
    /** What is worst at a vertex. */
    showing(slopes: Float64Array): Violation;
  } {
    const { question } = this.aim;
    const { box } = this;
    const spectral = spectralForm(question, form);
    const showing = (slopes: Float64Array) => this.violations(form, t, slopes, 1)[0]!;
    if (!spectral) {
      const ofRow = (row: number, from: Float64Array) => this.climbOf(row, t, form, pairing, from);
      return { climbing: (starts) => eachRow(starts, form.states, ofRow), showing };
    }
    const scaled = scaledForm(spectral);
    if (spectral !== form)
      return { climbing: (starts) => each(starts, (from) => showing(climb(scaled, box, from).slopes)), showing };
    const violation = ({ slopes, vector, value }: Vertex) => ({
      t,
      slopes,
      pair: plainPair(vector, scale(value, -scaled.shift)),
    });
    return {
      climbing: (starts) => each(starts, (from) => violation(climb(scaled, box, from))),
      showing: (slopes) => violation(vertexAt(scaled, slopes)),
    };
  }

  private climbOf(row: number, t: number, form: LinearFractionalForm, pairing: Pairing, from: Float64Array): Violation {
    const { lower, upper } = this.box;
    const pairAt = (slopes: Float64Array) =>
      this.worst(jacobian(form, slopes), form.states).find((pair) => pair.row === row)!;
    let slopes = from;
    let best = pairAt(slopes);
    for (let step = 0; step < CLIMBS; step++) {
      const { slopes: gradient } = pairing.at(best.u, best.w, slopes);
      const next = slopes.map((d, i) => (gradient[i]! > 0 ? upper[i]! : gradient[i]! < 0 ? lower[i]! : d));
      if (next.every((d, i) => d === slopes[i])) break;
      const pair = pairAt(next);
      const isVertex = slopes.every((d, i) => d === lower[i] || d === upper[i]);
      if (isVertex && pair.value <= best.value) break;
      slopes = next;
      best = pair;
    }
    return { t, slopes, pair: best };
  }
}

/** The form whose 2-logarithmic norm the question asks for, nearly; null where it asks for another norm. */
function spectralForm({ kind, norm, metric, h }: Question, form: LinearFractionalForm): LinearFractionalForm | null {
  if (norm !== "2") return null;
  if (kind === "step") return stepForm(form, h!, norm);
  return metric?.kind === "given" ? (inMetric(form, norm, metric.values)?.form ?? null) : form;
}

function* each<T>(starts: readonly Float64Array[], climbing: (from: Float64Array) => T): Generator<T> {
  for (const start of starts) yield climbing(start);
}

function* eachRow<T>(
  starts: readonly Float64Array[],
  rows: number,
  climbing: (row: number, from: Float64Array) => T,
): Generator<T> {
  for (const start of starts) for (let row = 0; row < rows; row++) yield climbing(row, start);
}
