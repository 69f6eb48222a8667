import { numberText, roundUp } from "../service/rounding.ts";
import type { Claim as JsonClaim } from "../verify/certificate-json.ts";

/** `lognorm(2) of Spiral <= 0.4257`: in seven digits, rounded up. */
export function claimText(
  model: string,
  { quantity, norm, metric, h, bound, requirement }: Omit<JsonClaim, "proof" | "metric"> & { readonly metric: unknown },
): string {
  const inside = [norm, ...(h === null ? [] : [numberText(h)]), ...(metric === null ? [] : ["metric: stated"])];
  // A requirement's limit is shown as it was written.
  const limit = numberText(requirement === null ? roundUp(bound, 7) : bound);
  return `${quantity}(${inside.join(", ")}) of ${model} <= ${limit}`;
}
