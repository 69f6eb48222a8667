import { type Certificate, type CertifiedModel, type Claim, type Form, type Matrices, Refusal } from "./certificate.ts";
import type { Node } from "./certificate-json.ts";
import { Place } from "./place.ts";

/** States and neurons of a form together: what is checked grows with the cube. */
const LARGEST = 2000;
/** Numbers in all forms together: a null for zeros takes more memory than text. */
const MOST_NUMBERS = 3e7;

/**
 * A certificate's text as data: types, sizes and signs as they should be, and every number finite. What its proofs are
 * worth is for others to say; the trees of the proofs are read where they are walked.
 * @throws {Refusal} naming the first place that is wrong
 */
export function readCertificate(text: string): Certificate {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal("", "the certificate is not JSON text");
  }
  const all = new Place("", json).object(["format", "version", "source", "models"]);
  if (all.format.value !== "contrax-certificate") all.format.refuse('expected "contrax-certificate"');
  if (all.version.value !== 1) all.version.refuse("expected 1, the version that this program knows");
  const source = all.source.object(["file", "sha256"]);
  const allowance = { numbers: MOST_NUMBERS };
  return {
    source: { file: source.file.text(), sha256: source.sha256.hash() },
    models: all.models.list().map((each) => model(each, allowance)),
  };
}

interface Allowance {
  numbers: number;
}

function model(place: Place, allowance: Allowance): CertifiedModel {
  const { name, time, forms, claims, uncertified } = place.object(["name", "time", "forms", "claims", "uncertified"]);
  const read = forms.list().map((each) => form(each, allowance));
  if (time.value === null && read.length > 1) forms.refuse("expected one form: the model has no time");
  return {
    name: name.text(),
    time: time.value === null ? null : timeInterval(time),
    forms: read,
    claims: claims.list().map((each) => claim(each, read)),
    uncertified: uncertified.list().map((each) => {
      const { text, reason } = each.object(["text", "reason"]);
      return { text: text.text(), reason: reason.text() };
    }),
  };
}

function timeInterval(place: Place): CertifiedModel["time"] {
  const { from, to, knots, affine } = place.object(["from", "to", "knots", "affine"]);
  const [t0, t1] = [from.number(), to.number()];
  if (!(t0 < t1)) to.refuse(`expected a time after ${t0}`);
  const read = knots.list().map((each) => each.number());
  read.forEach((t, k) => {
    if (!(t > (k === 0 ? t0 : read[k - 1]) && t < t1)) knots.refuse(`expected ascending times between ${t0} and ${t1}`);
  });
  return { from: t0, to: t1, knots: read, affine: affine.boolean() };
}

function form(place: Place, allowance: Allowance): Form {
  const keys = ["states", "neurons", "times", "L", "B", "C", "N", "radius", "lower", "upper", "sha256"] as const;
  const { states, neurons, times, radius, lower, upper, sha256, ...own } = place.object(keys);
  const n = states.whole(1, LARGEST);
  const H = neurons.whole(0, LARGEST - n);
  allowance.numbers -= (n + H) ** 2 * (radius.value === null ? 1 : 2);
  if (allowance.numbers < 0) place.refuse(`the forms have more than ${MOST_NUMBERS} numbers`);
  const middle = matrices(own, n, H);
  const slopes = { lower: lower.numbers(H), upper: upper.numbers(H) };
  slopes.lower.forEach((m, i) => {
    if (!(m <= slopes.upper[i])) upper.refuse(`expected the largest slope of neuron ${i} to be at least ${m}`);
  });
  let away: Matrices | null = null;
  if (radius.value !== null) {
    away = matrices(radius.object(["L", "B", "C", "N"]), n, H);
    if (Object.values(away).some((X) => X.some((r: number) => r < 0))) radius.refuse("expected no negative number");
  }
  return {
    states: n,
    neurons: H,
    times: times.value === null ? null : formTimes(times),
    ...middle,
    radius: away,
    ...slopes,
    sha256: sha256.hash(),
  };
}

function formTimes(place: Place): Form["times"] {
  const { from, to, before } = place.object(["from", "to", "before"]);
  const [t0, t1] = [from.number(), to.number()];
  if (!(t0 <= t1)) to.refuse(`expected a time from ${t0} on`);
  return { from: t0, to: t1, before: before.boolean() };
}

function matrices(places: Record<"L" | "B" | "C" | "N", Place>, n: number, H: number): Matrices {
  const N = places.N.matrix(H, H);
  for (let i = 0; i < H; i++) {
    for (let j = i; j < H; j++) {
      if (N[i * H + j] !== 0) places.N.refuse(`expected 0 in row ${i}, column ${j}: N is strictly lower triangular`);
    }
  }
  return { L: places.L.matrix(n, n), B: places.B.matrix(n, H), C: places.C.matrix(H, n), N };
}

function claim(place: Place, forms: readonly Form[]): Claim {
  const keys = ["quantity", "norm", "metric", "h", "bound", "requirement", "proof"] as const;
  const { quantity, norm, metric, h, bound, requirement, proof } = place.object(keys);
  const kind = quantity.oneOf(["lognorm", "step"]);
  const p = norm.oneOf(["1", "2", "inf"]);
  const seen = new Set<number>();
  const proofs = proof.list().map((each) => {
    const parts = each.object(["form", "trees"]);
    const index = parts.form.whole(0, forms.length - 1);
    if (seen.has(index)) parts.form.refuse(`form ${index} has its proof already`);
    seen.add(index);
    const { states } = forms[index];
    const trees = parts.trees.list();
    const expected = p === "2" ? 1 : kind === "step" ? 2 * states : states;
    if (trees.length !== expected) parts.trees.refuse(`expected ${expected}, found ${trees.length}`);
    return { form: index, trees: trees.map((tree) => tree.value as Node), states };
  });
  if (proofs.length === 0) proof.refuse("expected the proof for at least one form");
  if (kind === "lognorm" && h.value !== null) h.refuse("expected null: only a step has a size");
  return {
    quantity: kind,
    norm: p,
    metric: metric.value === null ? null : readMetric(metric, p, kind, proofs[0].states),
    h: kind === "lognorm" ? null : h.number(),
    bound: bound.number(),
    requirement: requirement.value === null ? null : requirement.text(),
    proof: proofs.map(({ form: index, trees }) => ({ form: index, trees })),
  };
}

function readMetric(place: Place, norm: string, kind: string, n: number): Float64Array {
  if (kind === "step") place.refuse("expected null: a step has no metric");
  if (norm !== "2") {
    const weights = place.numbers(n);
    if (weights.some((w) => !(w > 0))) place.refuse("expected weights above 0");
    return weights;
  }
  const P = place.matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) if (P[i * n + j] !== P[j * n + i]) place.refuse("expected a symmetric matrix");
  }
  return P;
}
