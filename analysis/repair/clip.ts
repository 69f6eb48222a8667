import { formAt } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Model } from "../../model/model.ts";
import { isMultipleOfIdentity, productTransposed, symmetricProduct, transposed } from "../dense.ts";
import { routinesFor } from "../kernel/routines.ts";
import { norm } from "./cut-pool.ts";
import type { Aim, ChangeOutcome, ChangeProblem } from "./problem.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { tridiagonalValues } from "./tridiagonal-values.ts";

/** How far inside the limit is aimed, relative to the size of what is clipped: so that rounding and written digits fit. */
const INSIDE = 1e-4;
/** Of the golden section on the multiplier's logarithm. */
const STEPS = 24;
const WIDEST = 12;

/** x' = act(A x + b) - decay x, A [n, n] one param and all slopes in [m, M]. */
interface Single {
  readonly A: Float64Array;
  readonly n: number;
  readonly m: number;
  readonly M: number;
  readonly decay: number;
}

/** The change that one multiplier tau asks for: singular values of A + alpha I of at most s. */
interface Clipping {
  readonly alpha: number;
  readonly s: number;
}

/**
 * The closed form for one layer on the state, x' = act(A x + b) or that with a decay term, in the 2-norm (the circle
 * criterion; docs/mathematics.md, section 9): with one multiplier tau, mu_2 <= c holds where the singular values of
 * A + c0 / (r tau) I are at most sqrt(2 kappa / (r tau)), c0 = (m + M) / 2, r = (M - m) / 2, kappa = c + m M / (2 r tau) > 0.
 * They are clipped there, with the tau that changes A least. For large layers: two decompositions, and no search.
 */
export function* clipped({ model, params, aims }: ChangeProblem): Generator<void, ChangeOutcome, void> {
  const single = params.length === 1 ? singleLayer(model, params[0]!) : null;
  if (!single) {
    const reason =
      "the closed form is for one param A of x' = act(A * x + b), perhaps with a decay term, and one activation with slopes";
    return { kind: "none", reason, instead: "the method min-norm" };
  }
  const limit = lowestLimit(aims);
  if (limit === null) {
    return { kind: "none", reason: "the closed form is for bounds on lognorm(2)", instead: "the method min-norm" };
  }
  yield;
  const { n, A } = single;
  const size = A.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-300);
  const c = limit + single.decay - INSIDE * Math.max(size, Math.abs(limit));
  const singular = singularValues(A, n);
  const cost = (tau: number) => costOf(clippingAt(single, c, tau), singular);
  const tau = yield* leastCost(cost, greatestMultiplier(single, c), 1 / size);
  if (tau === null) {
    const reason = `with slopes from ${single.m} on, no multiplier proves a logarithmic norm of ${limit}`;
    return { kind: "none", reason, instead: "a decay term `- tau * x` in the flow, or a domain" };
  }
  yield;
  const changed = clip(A, n, clippingAt(single, c, tau)!);
  if (!changed)
    return {
      kind: "none",
      reason: "the weights are too close to 0 for the closed form",
      instead: "the method min-norm",
    };
  const upper = norm(changed.map((v, k) => v - A[k]!));
  return {
    kind: "found",
    changes: [{ param: params[0]!, pieces: [changed] }],
    distance: { lower: null, upper },
    reason: "the closed form knows no lesser change, but there may be one",
  };
}

function singleLayer(model: Model, name: string): Single | null {
  const param = model.params.find((one) => one.name === name);
  const [layer] = model.layers;
  if (param?.value.op !== "constant" || model.layers.length !== 1 || layer!.weight !== name) return null;
  if (model.timeDependent || model.domain) return null;
  const { lower: m, upper: M } = layer!.activation.slopes;
  const form = formAt(model, model.time.from);
  const { states: n, neurons, B, C, L } = form;
  if (n !== neurons || !(m < M) || !isMultipleOfIdentity(B, n, 1) || !isMultipleOfIdentity(L, n, L[0]!)) return null;
  return sameEntries(C, param.value.data, form) ? { A: C, n, m, M, decay: -L[0]! } : null;
}

function sameEntries(C: Float64Array, A: Float64Array, { neurons, states }: LinearFractionalForm): boolean {
  return A.length === neurons * states && A.every((v, k) => v === C[k]);
}

/** null where an aim is another one. */
function lowestLimit(aims: readonly Aim[]): number | null {
  const isOurs = ({ question: { kind, norm, metric } }: Aim) =>
    kind === "lognorm" && norm === "2" && metric?.kind !== "given";
  return aims.length > 0 && aims.every(isOurs) ? Math.min(...aims.map(({ limit }) => limit)) : null;
}

/** c < 0 needs tau < m M / (2 r |c|). */
function greatestMultiplier({ m, M }: Single, c: number): number {
  return c >= 0 ? Number.POSITIVE_INFINITY : (m * M) / ((M - m) * -c);
}

function clippingAt({ m, M }: Single, c: number, tau: number): Clipping | null {
  const r = (M - m) / 2;
  const kappa = c + (m * M) / (2 * r * tau);
  return kappa > 0 ? { alpha: (m + M) / (2 * r * tau), s: Math.sqrt((2 * kappa) / (r * tau)) } : null;
}

/** alpha -> the squares of the singular values of A + alpha I. */
function singularValues(A: Float64Array, n: number): (alpha: number) => Float64Array {
  const AT = transposed(A, n, n);
  const gram = symmetricProduct(AT, AT, n, n);
  return (alpha) => {
    const T = gram.map((v, k) => {
      const i = Math.floor(k / n);
      const j = k % n;
      return v + alpha * (A[k]! + A[j * n + i]!) + (i === j ? alpha * alpha : 0);
    });
    const d = new Float64Array(n);
    const e = new Float64Array(n);
    routinesFor((2 * n ** 3) / 3).tridiagonalise(T, n, d, e, new Float64Array(n));
    return tridiagonalValues(d, e);
  };
}

/** The square of the change's Frobenius norm. */
function costOf(clipping: Clipping | null, singular: (alpha: number) => Float64Array): number {
  if (!clipping) return Number.POSITIVE_INFINITY;
  return singular(clipping.alpha).reduce((sum, v) => sum + Math.max(0, Math.sqrt(Math.max(0, v)) - clipping.s) ** 2, 0);
}

/** On a coarse grid of the logarithm, then by golden section beside its best point; null where every cost is infinite. */
function* leastCost(
  cost: (tau: number) => number,
  greatest: number,
  unit: number,
): Generator<void, number | null, void> {
  const top = Math.min(greatest, unit * 4 ** (WIDEST / 2));
  const at = (k: number) => top * 4 ** -k;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let k = greatest === top ? 0.05 : 0; k < WIDEST; k++) {
    const value = cost(at(k));
    yield;
    if (value < least) [least, best] = [value, k];
  }
  if (least === Number.POSITIVE_INFINITY) return null;
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.max(1e-6, best - 1), best + 1];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [costLeft, costRight] = [cost(at(left)), cost(at(right))];
  for (let step = 0; step < STEPS && high - low > 1e-3; step++) {
    if (costLeft < costRight) {
      [high, right, costRight] = [right, left, costLeft];
      left = high - ratio * (high - low);
      costLeft = cost(at(left));
    } else {
      [low, left, costLeft] = [left, right, costRight];
      right = low + ratio * (high - low);
      costRight = cost(at(right));
    }
    yield;
  }
  return at(costLeft < costRight ? left : right);
}

/** A with the singular values of A + alpha I cut to s: X min(1, s / |X|), |X| = (X^T X)^(1/2). */
function clip(A: Float64Array, n: number, { alpha, s }: Clipping): Float64Array | null {
  const X = A.map((v, k) => (k % (n + 1) === 0 ? v + alpha : v));
  const XT = transposed(X, n, n);
  const eigen = symmetricEigen(symmetricProduct(XT, XT, n, n), n);
  if (!eigen) return null;
  const V = eigen.vectors;
  const factors = eigen.values.map((v) => {
    const sigma = Math.sqrt(Math.max(0, v));
    return sigma > s ? 1 - s / sigma : 0;
  });
  // What is taken away: X V diag(1 - min(1, s / sigma)) V^T.
  const weighted = V.map((v, k) => v * factors[k % n]!);
  const cut = productTransposed(V, weighted, n, n, n);
  const removed = productTransposed(X, cut, n, n, n);
  return A.map((v, k) => v - removed[k]!);
}
