import { analysisFingerprint } from "../../model/fingerprint.ts";
import type { Model } from "../../model/model.ts";

const fingerprints = new WeakMap<Model, string>();

/** Of what the analysis sees; computed once per compiled model. */
export function fingerprintOf(model: Model): string {
  let found = fingerprints.get(model);
  if (found === undefined) fingerprints.set(model, (found = analysisFingerprint(model)));
  return found;
}
