import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type ModelProofs, proveReport } from "../../analysis/certificate.ts";
import type { AnalysisOptions } from "../../analysis/report.ts";
import { certificateText, certifiedModel } from "../../cli/certificate-document.ts";
import type { Model } from "../../model/model.ts";
import type { Certificate } from "../../verify/certificate-json.ts";
import type { VerifiedClaim } from "../../verify/verify.ts";
import { verifyCertificate } from "../../verify/verify.ts";
import { analysed, modelOf } from "../analysis/models.ts";

/** What a JSON document is made of, free to be changed. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function finish<T>(work: Generator<unknown, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The certificate of one model, with all that `contrax certificate` would put in it before checking it itself. */
export function certificateOf(model: Model, options: AnalysisOptions = { nodes: 500 }): Certificate {
  const proofs = finish(proveReport(model, analysed(model, options), Number.POSITIVE_INFINITY));
  return documentOf(model, proofs);
}

export function documentOf(model: Model, proofs: ModelProofs): Certificate {
  const source = { file: "model.node", sha256: "0".repeat(64) };
  return { format: "contrax-certificate", version: 1, source, models: [certifiedModel(model, proofs)] };
}

export function textOf(document: Certificate): string {
  return certificateText(document);
}

/** Each claim of the one model, checked. */
export function checked(document: Certificate | string): readonly VerifiedClaim[] {
  return finish(verifyCertificate(typeof document === "string" ? document : textOf(document))).models[0].claims;
}

/** A sample's first model. */
export function sample(name: string): Model {
  const file = new URL(`../../samples/${name}.node`, import.meta.url);
  const weights = "weights/mnist-64.safetensors";
  const bytes = new Uint8Array(readFileSync(new URL(`../../samples/${weights}`, import.meta.url)));
  return modelOf(readFileSync(file, "utf8"), new Map([[weights, bytes]]));
}

export function expectVerified(claims: readonly VerifiedClaim[]): void {
  expect(claims.flatMap(({ refused }) => refused ?? [])).toEqual([]);
}
