import { estimatedMargin } from "../analysis/gradient-flow/estimated-margin.ts";
import { slopeFlow } from "../analysis/gradient-flow/slope-flow.ts";
import { LogarithmicNormSearch } from "../analysis/lognorm.ts";
import { margin } from "../analysis/margin.ts";
import type { Enclosure } from "../analysis/report.ts";
import { pseudorandomVertex } from "../analysis/slope-box.ts";
import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import { formAt, slopeBox } from "../model/evaluate.ts";
import type { Model } from "../model/model.ts";
import { gaussian, random } from "../test/analysis/random-forms.ts";
import { tensorSource } from "../weights/source.ts";

export type Rows = readonly (readonly number[])[];

/** A stated random ensemble of models with n states and n neurons a layer, slopes in [0.1, 1]. */
export interface Ensemble {
  readonly layers: 1 | 2;
  /** What is subtracted from the last layer's weights is this many times the identity. */
  readonly shift: 0 | 1;
  readonly n: number;
}

export const LEAST_SLOPE = 0.1;
/** Pseudorandom vertices beside D = I. */
const MORE_STARTS = 10;
/** The global maximum is enclosed this closely, and a local one below it by ten times as much is a miss. */
const GAP = 1e-8;
const MISS = 10 * GAP;
/** An m that is smaller than the proved one by more. */
const TOO_SMALL = 1e-5;

/** `x' = act(A x)`, `x' = act(W2 act(W1 x))`, by their weights, the first layer's first. */
export function modelOf(weights: readonly Rows[]): Model {
  const literal = (rows: Rows) => `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
  const flow = weights.reduce((inner, W) => `act(${literal(W)} * ${inner})`, "x");
  const n = weights[0]![0]!.length;
  const text = `model M { state x[${n}] activation act = leaky_relu(${LEAST_SLOPE}) flow x' = ${flow} }`;
  const [model] = compile(parse(text), tensorSource(new Map())).models;
  return model!;
}

/** The k-th model: Gaussian entries of variance 1 / n, by a generator whose seed is 1000 n + k. */
export function sample({ layers, shift, n }: Ensemble, k: number): Model {
  const next = random(1000 * n + k);
  const weights = Array.from({ length: layers }, (_, l) =>
    Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => gaussian(next) / Math.sqrt(n) - (i === j && l === layers - 1 ? shift : 0)),
    ),
  );
  return modelOf(weights);
}

export interface Maximum {
  /** Of the gradient flow from D = I, and the best of that and ten random vertices. */
  readonly local: number;
  readonly best: number;
  /** Proved. */
  readonly global: Enclosure;
}

export function maximum(model: Model): Maximum {
  const form = formAt(model, 0);
  const box = slopeBox(model);
  const from = (start: Float64Array) => finish(slopeFlow(form, box, start)).value;
  const local = from(box.upper);
  const others = Array.from({ length: MORE_STARTS }, (_, k) => from(pseudorandomVertex(box, k)));
  const search = new LogarithmicNormSearch(form, box, "2");
  while (search.upper > search.lower + GAP && !search.exhausted) finish(search.advance(search.lower + GAP));
  const { lower, upper } = search;
  return { local, best: Math.max(local, ...others), global: { lower, upper } };
}

export interface Margins {
  readonly estimate: number | null;
  readonly proved: Enclosure | null;
}

export function margins(model: Model, target: number): Margins {
  const question = { kind: "lognorm", norm: "2", metric: null, h: null } as const;
  return {
    estimate: finish(estimatedMargin(model, target)).mstar,
    proved: finish(margin(model, question, target)).mstar,
  };
}

/** Models with a known margin for the target 0; null where even slope 1 fails. */
export interface KnownCase {
  readonly name: string;
  readonly A: Rows;
  readonly mstar: number | null;
}

/** docs/mathematics.md, section 8. */
export const KNOWN: readonly KnownCase[] = [
  { name: "[[-0.1, 2], [-2, -0.1]]", A: rotating(0.1, 2), mstar: (Math.sqrt(1 + 0.05 ** 2) - 0.05) ** 2 },
  { name: "[[-1, 1], [-1, -1]]", A: rotating(1, 1), mstar: (Math.SQRT2 - 1) ** 2 },
  { name: "[[-1, 0], [1, -1]]", A: triangular(1), mstar: 0.25 },
  { name: "[[-1, 0], [3, -1]]", A: triangular(3), mstar: null },
  ...[2, 5, 20, 100].map((k) => ({
    name: `-[[${k + 1}, ${k - 1}], [${k - 1}, ${k + 1}]] / 2`,
    A: [
      [-(k + 1) / 2, -(k - 1) / 2],
      [-(k - 1) / 2, -(k + 1) / 2],
    ],
    mstar: ((Math.sqrt(k) - 1) / (Math.sqrt(k) + 1)) ** 2,
  })),
];

function rotating(a: number, b: number): Rows {
  return [
    [-a, b],
    [-b, -a],
  ];
}

function triangular(b: number): Rows {
  return [
    [-1, 0],
    [b, -1],
  ];
}

export interface Summary {
  readonly ensemble: Ensemble;
  readonly samples: number;
  /** Fractions of all. */
  readonly missed: number;
  readonly missedByBest: number;
  /** Over those missed from D = I, global less local. */
  readonly meanShortfall: number;
  readonly worstShortfall: number;
  readonly marginSamples: number;
  /** Fraction of the margins that are too small, and by how much these are, an estimate below 0 taken for 0. */
  readonly tooSmall: number;
  readonly meanDeficit: number;
  readonly worstDeficit: number;
}

/**
 * @param samples how many models for the maximum, and of these for the margin: its target is halfway between the value at
 * D = I and the maximum for slopes from 0.1 on, so that it exists.
 * @throws {Error} where a local value is above what is proved: one of the two is wrong.
 */
export function summary(ensemble: Ensemble, samples: number, marginSamples: number): Summary {
  const shortfalls: number[] = [];
  const deficits: number[] = [];
  let missedByBest = 0;
  let asked = 0;
  for (let k = 0; k < samples; k++) {
    const model = sample(ensemble, k);
    const { local, best, global } = maximum(model);
    if (best > global.upper + GAP) throw new Error(`sample ${k}: a local value is above the proved bound`);
    if (local < global.lower - MISS) shortfalls.push(global.lower - local);
    if (best < global.lower - MISS) missedByBest++;
    const atTop = finish(slopeFlow(formAt(model, 0), top(model), top(model).upper)).value;
    if (asked >= marginSamples || global.lower - atTop < 1e-3) continue;
    asked++;
    const { estimate, proved } = margins(model, (atTop + global.lower) / 2);
    if (estimate === null || proved === null) throw new Error(`sample ${k}: there is no margin`);
    if (estimate > proved.upper + TOO_SMALL) throw new Error(`sample ${k}: the estimate is above the proved margin`);
    // The paper's slopes lie between 0 and 1.
    if (estimate < proved.lower - TOO_SMALL) deficits.push(proved.lower - Math.max(0, estimate));
  }
  return {
    ensemble,
    samples,
    missed: shortfalls.length / samples,
    missedByBest: missedByBest / samples,
    meanShortfall: mean(shortfalls),
    worstShortfall: Math.max(0, ...shortfalls),
    marginSamples: asked,
    tooSmall: deficits.length / asked,
    meanDeficit: mean(deficits),
    worstDeficit: Math.max(0, ...deficits),
  };
}

function top(model: Model) {
  const { upper } = slopeBox(model);
  return { lower: upper, upper };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

/** The value of a computation that yields on the way. */
function finish<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
