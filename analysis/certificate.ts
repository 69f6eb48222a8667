import { exact, product } from "../model/ball.ts";
import { isPiecewiseAffine } from "../model/dependence.ts";
import { slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { type FormTimes, proofsOverTime } from "./certificate-times.ts";
import { diagonal, quadratic } from "./metric.ts";
import type { Budget, Proof } from "./proof.ts";
import type { ModelReport } from "./report.ts";
import { RowProof } from "./row-proof.ts";
import { SpectralProof } from "./spectral-proof.ts";
import { stepForm } from "./step.ts";
import { settleByStructure } from "./structure.ts";

/** An upper bound of a model, with its proof. */
export interface ProvedClaim {
  readonly quantity: "lognorm" | "step";
  readonly norm: Norm;
  /** null for the plain norm; else P [n, n] for p = 2, weights [n] for p = 1 and inf. */
  readonly metric: Float64Array | null;
  readonly h: number | null;
  readonly bound: number;
  /** Indexes Model.requirements; null for a bound that was not required. */
  readonly requirement: number | null;
  /** For the forms that it rests on: by their places in `forms`. */
  readonly proof: readonly { readonly form: number; readonly trees: readonly Proof[] }[];
}

export interface ModelProofs {
  readonly box: SlopeBox;
  readonly forms: readonly { readonly times: FormTimes | null; readonly form: LinearFractionalForm }[];
  readonly claims: readonly ProvedClaim[];
  /** What has no proof, and why. */
  readonly uncertified: readonly { readonly text: string; readonly reason: string }[];
}

/** What is claimed and not proved yet. */
export type Goal = Omit<ProvedClaim, "proof">;

/** What an attempt may take, in nodes of the analysis: depth first takes about as many as the search, most often. */
const PATIENCE = 4;
const LEAST_NODES = 1000;
/** Relative to the bound: how far above the printed bound the claim may be where at the bound itself no proof is found. */
const ABOVE = 2 ** -30;
/** The same where coefficients are curves in time: proofs rest on intervals of them, so that tight ones have too many pieces. */
const OVER_TIME = [2 ** -7, 2 ** -4, 2 ** -2];

/**
 * Finds proofs of what an analysis has found: of each requirement that it proved, and of each upper bound. Yields between
 * short pieces of work.
 * @param seconds for each attempt at a proof; with Infinity the result is the same on every machine
 */
export function* proveReport(model: Model, report: ModelReport, seconds: number): Generator<void, ModelProofs, void> {
  const box = slopeBox(model);
  const forms: { times: FormTimes | null; form: LinearFractionalForm }[] = [];
  const claims: ProvedClaim[] = [];
  const uncertified: { text: string; reason: string }[] = [];
  const add = function* (text: string, goals: readonly Goal[]): Generator<void, void, void> {
    for (const goal of goals) {
      const nodes = PATIENCE * report.nodes + LEAST_NODES;
      const budget: Budget = { nodes, deadline: performance.now() + 1000 * seconds };
      const found = yield* proofsOverTime(model, forms, budget, (form, piece) => proveForm(form, box, goal, piece));
      if (!found) continue;
      claims.push({ ...goal, proof: found });
      return;
    }
    const over = model.domain ? "; a certificate is over all slopes, not those of the domain alone" : "";
    uncertified.push({ text, reason: `no proof was found within the time and the nodes allowed${over}` });
  };
  for (const answer of report.requirements) {
    const { text, kind, norm, h, limit } = model.requirements[answer.requirement];
    if (kind === "lipschitz") uncertified.push({ text, reason: "certificates do not hold proofs for lipschitz yet" });
    else if (answer.verdict !== "proved") uncertified.push({ text, reason: `the requirement is ${answer.verdict}` });
    else
      yield* add(text, [
        { quantity: kind, norm, metric: answer.metric, h, bound: limit, requirement: answer.requirement },
      ]);
  }
  for (const { norm, upper, lower } of report.bounds) {
    const text = `lognorm(${norm})`;
    const goal = (bound: number): Goal => ({
      quantity: "lognorm",
      norm,
      metric: null,
      h: null,
      bound,
      requirement: null,
    });
    if (!Number.isFinite(upper)) uncertified.push({ text, reason: "no upper bound is known" });
    else {
      const size = Math.max(Math.abs(upper), Number.isFinite(lower) ? Math.abs(lower) : 0);
      const tight = !model.timeDependent || isPiecewiseAffine(model);
      const above = tight ? [0, ABOVE * size] : OVER_TIME.map((part) => part * Math.max(1, size));
      yield* add(
        text,
        above.map((more) => goal(upper + more)).filter(({ bound }) => Number.isFinite(bound)),
      );
    }
  }
  return { box, forms, claims, uncertified };
}

/** Trees that prove the goal for one form, null where none were found. */
export function* proveForm(
  form: LinearFractionalForm,
  box: SlopeBox,
  { quantity, norm, metric, h, bound }: Goal,
  budget: Budget,
): Generator<void, Proof[] | null, void> {
  const matrices = [form.L, form.B, form.C, form.N];
  const radii = form.radius ? [form.radius.L, form.radius.B, form.radius.C, form.radius.N] : [];
  if (![...matrices, ...radii].every((X) => X.every(Number.isFinite))) return null;
  let asked = radii.some((X) => X.some((r) => r !== 0)) ? form : { ...form, radius: null };
  if (quantity === "step") asked = stepForm(asked, h!, norm);
  else if (metric) {
    const changed = norm === "2" ? quadratic(asked, metric)?.form : diagonal(asked, metric);
    if (!changed) return null;
    asked = changed;
  }
  const settled = settleByStructure(metric && norm === "2" ? seenIn(metric, form) : asked, box, norm);
  const trees =
    norm === "2"
      ? yield* one(new SpectralProof(asked, bound, budget).find(settled))
      : yield* new RowProof(asked, norm, bound, metric, budget).find(settled);
  return trees?.map((tree) => withSettled(tree, box, settled)) ?? null;
}

/** B becomes P B: what structure settles in a metric is to be seen before its coordinates are rounded. */
function seenIn(P: Float64Array, form: LinearFractionalForm): LinearFractionalForm {
  const { states: n, neurons: H, radius } = form;
  const { mid: B, radius: away } = product(exact(P), { mid: form.B, radius: radius?.B ?? null }, n, n, H);
  if (!radius && !away) return { ...form, B };
  const none = { L: new Float64Array(n * n), C: new Float64Array(H * n), N: new Float64Array(H * H) };
  const free = { a: new Float64Array(n), b: new Float64Array(H) };
  return { ...form, B, radius: { ...none, ...free, ...radius, B: away ?? new Float64Array(n * H) } };
}

function* one(search: Generator<void, Proof | null, void>): Generator<void, Proof[] | null, void> {
  const proof = yield* search;
  return proof && [proof];
}

/** The neurons whose slopes structure has fixed, said before the proof for the others. */
function withSettled(proof: Proof, box: SlopeBox, settled: SlopeBox): Proof {
  let out = proof;
  for (const [i, lower] of box.lower.entries()) {
    if (lower === box.upper[i] || settled.lower[i] !== settled.upper[i]) continue;
    out = { neuron: i, at: settled.lower[i] === lower ? "lower" : "upper", rest: out };
  }
  return out;
}
