import { stat } from "node:fs/promises";
import { isPiecewiseAffine } from "../model/dependence.ts";
import { formAt, formBefore, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Requirement } from "../model/model.ts";
import type { CertifiedModel, Claim, Form } from "../verify/certificate.ts";
import { formHash } from "../verify/form-hash.ts";
import type { Verification } from "../verify/verify.ts";
import { compileFile } from "./compile-file.ts";

export interface Comparison {
  readonly model: string;
  /** null where the model file still holds the model of the certificate. */
  readonly difference: string | null;
}

/**
 * Compiles the model file and compares each model with the one that the certificate speaks of: coefficients and slopes,
 * number by number, and the requirements that are claimed. This rests on the compiler, which the check of the proofs does not.
 * @returns null where there is no such file
 */
export async function compareSource(file: string, { models }: Verification): Promise<Comparison[] | null> {
  if (!(await stat(file).catch(() => null))) return null;
  const compiled = await compileFile(file);
  return models.map(({ model }) => {
    if ("problem" in compiled) return { model: model.name, difference: compiled.problem };
    const now = compiled.models.find(({ name }) => name === model.name);
    const difference = now ? differenceOf(now, model) : `there is no model ${model.name} without errors`;
    return { model: model.name, difference };
  });
}

function differenceOf(now: Model, then: CertifiedModel): string | null {
  const changed = (what: string) => `${then.name} is not the model of the certificate any more: ${what}`;
  const { from, to } = now.time;
  if (now.timeDependent !== (then.time !== null)) return changed("one of them depends on time");
  if (then.time) {
    const { knots, affine } = then.time;
    const same = then.time.from === from && then.time.to === to && sameNumbers(knots, now.knots);
    if (!same || affine !== isPiecewiseAffine(now)) return changed("its times differ");
  }
  const { lower, upper } = slopeBox(now);
  for (const form of then.forms) {
    if (!sameNumbers(form.lower, lower) || !sameNumbers(form.upper, upper)) return changed("its slopes differ");
    const own = formAtTimes(now, form);
    if (formHash({ ...own, lower, upper }) !== form.sha256) return changed("its coefficients differ");
  }
  for (const claim of then.claims) {
    if (claim.requirement !== null && !now.requirements.some((requirement) => isClaimed(requirement, claim))) {
      return changed(`it does not require ${claim.requirement}`);
    }
  }
  return null;
}

/** A metric that the analysis was to find is what the certificate says it is. */
function isClaimed({ text, kind, norm, h, limit, metric }: Requirement, claim: Claim): boolean {
  const given = metric?.kind === "given" ? metric.values : null;
  const sameMetric = given
    ? claim.metric !== null && sameNumbers(given, claim.metric)
    : metric !== null || claim.metric === null;
  return (
    text === claim.requirement &&
    kind === claim.quantity &&
    norm === claim.norm &&
    h === claim.h &&
    limit === claim.bound &&
    sameMetric
  );
}

function formAtTimes(model: Model, { times }: Form): LinearFractionalForm {
  if (times === null) return formAt(model, model.time.from);
  const { from, to, before } = times;
  return before || from < to ? formBefore(model, from, to) : formAt(model, from);
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (v, k) => v === b[k]);
}
