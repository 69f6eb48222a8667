import { canSimulate } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { numberText } from "../rounding.ts";
import type { Picture } from "./picture.ts";
import { mostForEquilibria } from "./plane.ts";
import { mostEigenvalues } from "./spectrum.ts";

/** What is missing in a picture, and what to do about it: a sentence each. */
export function remarksOf(model: Model, picture: Omit<Picture, "remarks">): string[] {
  const { states, time, requirements, layers, timeDependent } = model;
  const { bundles, envelope, spectrum, until, timeName, measure } = picture;
  const remarks: string[] = [];
  const slopesOnly = layers.find(({ activation }) => activation.builtin === "slope_restricted");
  if (!canSimulate(model) && slopesOnly !== undefined) {
    remarks.push(
      `No trajectory: of ${slopesOnly.activation.text} in layer ${slopesOnly.name} only the slopes are known. Name an activation with these slopes, as leaky_relu(${numberText(Math.max(0, slopesOnly.activation.slopes.lower))}).`,
    );
  } else if (bundles.length === 0) {
    const zeros = states <= 8 ? `[${new Array(states).fill("1").join(", ")}]` : `ones(${states})`;
    remarks.push(
      `No initial state: click in the phase plane, or write \`simulate from ${zeros} spread 0.1\` into the model.`,
    );
  } else if (bundles.every(({ neighbours }) => neighbours === 0)) {
    remarks.push("No neighbours, so no distances: write `spread 0.1` behind the initial states.");
  }
  for (const { end } of bundles) if (end !== null) remarks.push(`A trajectory ${end.reason}.`);
  if (envelope === null) {
    remarks.push(
      `No bound is known in the ${measure.name} yet: Check the model, or raise the time budget of the analysis.`,
    );
  } else if (!envelope.isCurrent) {
    remarks.push("The envelope is of the model as it was before the last change: Check the model.");
  } else if (timeDependent && until > time.to) {
    const end = numberText(time.to);
    remarks.push(`The envelope ends at ${timeName} = ${end}: what the weights are later, no proof speaks of.`);
  }
  if (envelope?.isLocal) remarks.push("The envelope holds while both trajectories stay in the domain.");
  const shown = requirements.find(({ norm }) => norm === measure.norm);
  if (shown?.metric?.kind === "auto" && !measure.name.includes("metric")) {
    remarks.push("No metric has been found yet: distances are those of the plain norm.");
  }
  if (spectrum !== null && states > mostEigenvalues) {
    remarks.push(
      `Eigenvalues are computed for up to ${mostEigenvalues} states; the numerical range is drawn coarsely.`,
    );
  }
  if (states > mostForEquilibria && picture.plane !== null) {
    remarks.push(`Equilibria are looked for with up to ${mostForEquilibria} states.`);
  }
  return remarks;
}
