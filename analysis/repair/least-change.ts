import { degreeInParams } from "../../model/dependence.ts";
import { formOver, slopeBox } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import type { SlopeBox } from "../centred-form.ts";
import { slopeBoxOver } from "../preactivations.ts";
import { searchFor } from "../question.ts";
import { ChangeSearch } from "./change-search.ts";
import { norm } from "./cut-pool.ts";
import { isProved } from "./one-number.ts";
import type { Aim, ChangedParam, ChangeOutcome, ChangeProblem } from "./problem.ts";
import { hopelessText, stuckText, unreachedText } from "./unreachable.ts";
import { type FoundChange, Variables } from "./variables.ts";
import { worstPairs } from "./worst-pairs.ts";

/** Entries that can change together, at most: each half-space holds as many numbers. */
const MOST_ENTRIES = 16384;
/** Of the time, for looking for a metric. */
const METRIC_SHARE = 0.2;
/** Halvings of the way back from a change that is larger than it has to be. */
const HALVINGS = 12;

/** An aim that a least change can be computed for, and that is enough for the one meant. */
interface Substitute {
  readonly aims: readonly Aim[];
  readonly box: SlopeBox;
  readonly isWhole: boolean;
  /** What holds of one holds of the other. */
  readonly isSame: boolean;
}

/**
 * The least Frobenius change of params with which a model meets its aims, for all slopes, enclosed from both sides where the
 * Jacobian is affine in the params (docs/mathematics.md, section 9). What is not convex is approached by what is: the bound
 * on a flow by one on its logarithmic norm, a metric that is to be found by those at hand, slopes over a domain by fixed ones;
 * a param that a path meets twice by half-spaces that turn with the change. The change found is proved then, and the bound
 * from below is null.
 *
 * Yields between short pieces of work.
 */
export function* leastChange(problem: ChangeProblem): Generator<void, ChangeOutcome, void> {
  const { model, params, precision, aims } = problem;
  const start = performance.now();
  const end = start + 1000 * problem.seconds;
  const variables = new Variables(model, params, problem.restrictions);
  const names = params.join(" and ");
  const degree = degreeInParams(model, new Set(variables.pieces.map(({ param }) => param)));
  if (degree === 0) {
    return { kind: "none", reason: `the Jacobian does not depend on ${names}`, instead: "other params" };
  }
  if (variables.size > MOST_ENTRIES) {
    const reason = `${names} ${params.length === 1 ? "has" : "have"} ${variables.size} entries, and the least change is computed for up to ${MOST_ENTRIES}`;
    return { kind: "none", reason, instead: "the method clip" };
  }
  const impossible = aims.find(({ question: { kind }, limit }) => kind !== "lognorm" && limit < 0);
  const none = impossible ?? aims.find(({ question: { kind }, limit }) => kind === "lipschitz" && limit === 0);
  if (none) {
    const reason = `no weights expand distances by a factor of at most ${none.limit}`;
    return { kind: "none", reason, instead: "a limit above 0" };
  }
  const isAffine = degree === 1;
  const substitutes = yield* substitutesOf(model, aims, start + METRIC_SHARE * (end - start));
  if (substitutes.some((set) => set.aims.some(({ question }) => !worstPairs(question, model.states)))) {
    return { kind: "none", reason: "the metric is too close to singular for rounded arithmetic", instead: null };
  }
  let best: FoundChange | null = null;
  let lower: number | null = null;
  let why: string | null = null;
  for (const [k, { aims: simpler, box, isWhole, isSame }] of substitutes.entries()) {
    const share = (end - performance.now()) / (substitutes.length - k);
    const within = performance.now() + (isSame ? 1 : 0.6) * share;
    // What is said of all states is more than is asked: without the domain.
    const free = new Variables({ ...model, domain: null }, params, problem.restrictions);
    const search = new ChangeSearch(free, simpler, { isAffine, box, isWhole, precision, end: within });
    yield* search.run();
    const isLeast = isSame && isAffine;
    const found = isLeast ? search.best : search.best && (yield* backTowards(variables, search.best, aims, end));
    if (found && (!best || found.length < best.length)) best = found;
    if (isSame && isAffine) lower = search.lower;
    const { stuck } = search.pool;
    if (stuck) why ??= stuckText(model, names, stuck, variables.isRestricted);
    else if (search.hopeless) why ??= hopelessText(names, search.hopeless, search.lower);
  }
  if (!best) return { kind: "none", reason: why ?? unreachedText(names), instead: insteadOf(model) };
  const reason = reasonOf(
    model,
    names,
    isAffine,
    substitutes.every(({ isSame }) => isSame),
  );
  return { kind: "found", changes: changesOf(variables, best.z), distance: { lower, upper: best.length }, reason };
}

function* substitutesOf(model: Model, aims: readonly Aim[], end: number): Generator<void, Substitute[], void> {
  const { from, to } = model.time;
  const whole = slopeBox(model);
  const isPlain = ({ question: { kind, metric } }: Aim) => kind !== "lipschitz" && metric?.kind !== "auto";
  const simpler = aims.map((aim) => plainAim(aim, to - from));
  const isSame = aims.every(isPlain) && !model.domain;
  const sets = [simpler];
  if (aims.some(({ question }) => question.metric?.kind === "auto")) {
    const inMetric: Aim[] = [];
    for (const [k, aim] of aims.entries()) {
      const metric = aim.question.metric?.kind === "auto" ? yield* metricFor(model, aim, end) : null;
      if (!metric) inMetric.push(simpler[k]!);
      else {
        const given = { kind: "given", name: "", values: metric } as const;
        inMetric.push({ ...aim, question: { ...aim.question, metric: given } });
      }
    }
    sets.push(inMetric);
  }
  const boxes: { box: SlopeBox; isWhole: boolean }[] = [{ box: whole, isWhole: true }];
  // Over a domain the slopes change with the weights; those of the weights as they are are a guess.
  if (model.domain && !model.timeDependent) {
    boxes.push({ box: slopeBoxOver(model, formOver(model, from, to)), isWhole: false });
  }
  return sets.flatMap((set) => boxes.map((box) => ({ aims: set, ...box, isSame })));
}

/** A bound on the flow follows from one on the logarithmic norm, a bound in some metric from one in none. */
function plainAim({ question, limit }: Aim, duration: number): Aim {
  const metric = question.metric?.kind === "auto" ? null : question.metric;
  if (question.kind !== "lipschitz") return { question: { ...question, metric }, limit };
  return { question: { ...question, kind: "lognorm", metric }, limit: Math.log(limit) / duration };
}

/** The best metric that a short search finds for the model as it is. */
function* metricFor(model: Model, { question, limit }: Aim, end: number): Generator<void, Float64Array | null, void> {
  const search = searchFor(model, question);
  while (!search.exhausted && search.upper > limit && performance.now() < end) {
    let worked = false;
    for (const _ of search.advance(limit)) {
      worked = true;
      yield;
    }
    if (!worked) break;
  }
  return search.metric;
}

/** The least part of a change with which the aims are still proved; null where they are not with all of it. */
function* backTowards(
  variables: Variables,
  { z }: FoundChange,
  aims: readonly Aim[],
  end: number,
): Generator<void, FoundChange | null, void> {
  const holds = (part: number) => isProved(variables.changed(z.map((v) => part * v)), aims, end);
  if (!(yield* holds(1))) return null;
  let fails = 0;
  let part = 1;
  for (let k = 0; k < HALVINGS && performance.now() < end; k++) {
    const middle = (fails + part) / 2;
    if (yield* holds(middle)) part = middle;
    else fails = middle;
  }
  // A little inside, so that it can be written in fewer digits.
  part = Math.min(1, part * (1 + 1e-3));
  const scaled = z.map((v) => part * v);
  return { z: scaled, length: norm(scaled) };
}

function changesOf(variables: Variables, z: Float64Array): ChangedParam[] {
  return variables.model.params.flatMap(({ name }, index) => {
    const own = variables.pieces.filter(({ param }) => param === index);
    return own.length === 0 ? [] : [{ param: name, pieces: own.map((piece) => variables.valueOf(piece, z)) }];
  });
}

function reasonOf(model: Model, names: string, isAffine: boolean, isSame: boolean): string | null {
  if (!isAffine)
    return `the way from the state to the flow meets ${names} more than once: such changes form no convex set`;
  if (isSame) return null;
  if (model.domain) return "the slopes over the domain change with the weights";
  return "it was found for a bound on the logarithmic norm that is more than is required";
}

function insteadOf(model: Model): string {
  return model.domain ? "a decay term `- tau * x` in the flow" : "a decay term `- tau * x` in the flow, or a domain";
}
