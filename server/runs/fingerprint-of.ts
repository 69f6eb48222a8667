import { fingerprint } from "../../model/fingerprint.ts";
import type { Model } from "../../model/model.ts";

const fingerprints = new WeakMap<Model, string>();

/** Computed once per compiled model. */
export function fingerprintOf(model: Model): string {
  let found = fingerprints.get(model);
  if (found === undefined) fingerprints.set(model, (found = fingerprint(model)));
  return found;
}
