import { type CertifiedModel, type Claim, type Form, Refusal } from "./certificate.ts";
import { dyadic } from "./dyadic.ts";
import { formOfClaim, transposed } from "./exact-form.ts";
import { exactMatrix } from "./exact-matrix.ts";
import { formHash } from "./form-hash.ts";
import { Place } from "./place.ts";
import { readCertificate } from "./read.ts";
import { checkRowProof } from "./row-proof.ts";
import { isPositiveSemidefinite } from "./semidefinite.ts";
import { checkSpectralProof } from "./spectral-proof.ts";
import { uncoveredTime } from "./times.ts";
import type { Slopes } from "./tree.ts";
import { equalWeights, metricWeights } from "./weights.ts";

export interface Verification {
  readonly source: { readonly file: string; readonly sha256: string };
  readonly models: readonly VerifiedModel[];
}

export interface VerifiedModel {
  readonly model: CertifiedModel;
  readonly claims: readonly VerifiedClaim[];
}

export interface VerifiedClaim {
  readonly claim: Claim;
  /** null where the claim is verified, else the place and what is wrong there. */
  readonly refused: string | null;
  /** Of all trees. */
  readonly leaves: number;
}

/**
 * Checks a certificate in exact arithmetic: nothing that it says is believed, and nothing but it is looked at. Yields
 * between short pieces of work.
 * @throws {Refusal} where the text is no certificate at all: it names the first place that is wrong
 */
export function* verifyCertificate(text: string): Generator<void, Verification, void> {
  const { source, models } = readCertificate(text);
  const verified: VerifiedModel[] = [];
  for (const [index, model] of models.entries()) {
    const claims: VerifiedClaim[] = [];
    const broken = new Map<number, string>();
    for (const [k, form] of model.forms.entries()) {
      const found = formHash(form);
      if (found !== form.sha256)
        broken.set(k, `models[${index}].forms[${k}].sha256: the numbers of the form have ${found}`);
      yield;
    }
    for (const [k, claim] of model.claims.entries()) {
      claims.push(yield* verifyClaim(model, broken, claim, `models[${index}].claims[${k}]`));
    }
    verified.push({ model, claims });
  }
  return { source, models: verified };
}

function* verifyClaim(
  model: CertifiedModel,
  broken: ReadonlyMap<number, string>,
  claim: Claim,
  place: string,
): Generator<void, VerifiedClaim, void> {
  let leaves = 0;
  try {
    const uncovered = uncoveredTime(
      model.time,
      claim.proof.map(({ form }) => model.forms[form].times),
    );
    if (uncovered !== null) throw new Refusal(`${place}.proof`, uncovered);
    yield* checkMetric(claim, place);
    for (const [k, { form: index, trees }] of claim.proof.entries()) {
      const wrong = broken.get(index);
      if (wrong !== undefined) throw new Refusal("", wrong);
      const at = trees.map((tree, t) => new Place(`${place}.proof[${k}].trees[${t}]`, tree));
      leaves += yield* checkForm(model.forms[index], claim, at);
    }
    return { claim, refused: null, leaves };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { claim, refused: error.message, leaves };
  }
}

function* checkMetric({ norm, metric }: Claim, place: string): Generator<void, void, void> {
  if (norm !== "2" || metric === null) return;
  const n = Math.sqrt(metric.length);
  const { mid } = exactMatrix(metric, null, n);
  const P = { mid: Array.from({ length: n }, (_, i) => mid.slice(i * n, i * n + i + 1)), radius: null };
  if (!(yield* isPositiveSemidefinite(P, true))) {
    throw new Refusal(`${place}.metric`, "the metric is not shown to be positive definite");
  }
}

/** @returns the number of leaves */
function* checkForm(form: Form, claim: Claim, trees: readonly Place[]): Generator<void, number, void> {
  const { norm, metric, bound } = claim;
  const exact = formOfClaim(form, claim);
  const slopes: Slopes[] = Array.from(form.lower, (m, i) => {
    const [lower, upper] = [dyadic(m), dyadic(form.upper[i])];
    return { lower, upper, fixed: m === form.upper[i] ? lower : null };
  });
  if (norm === "2") {
    const P = metric && exactMatrix(metric, null, form.states);
    return yield* checkSpectralProof(exact, P, slopes, bound, trees[0]);
  }
  // Norm 1 is norm inf of J^T.
  const rows = norm === "inf" ? exact : transposed(exact);
  let leaves = 0;
  for (const [row, tree] of trees.entries()) {
    const weights = metric ? metricWeights(metric, row, norm) : equalWeights(exact.states);
    leaves += yield* checkRowProof(rows, row, weights, norm === "1", slopes, bound, tree);
  }
  return leaves;
}
