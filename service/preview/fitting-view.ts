import type { Model } from "../../model/model.ts";
import { numberText } from "../rounding.ts";
import type { View } from "./picture.ts";
import type { NoPicture } from "./pictured-model.ts";

const advice = "Reset the view.";

/** What of the view does not fit the model, which may have got other states since; null where all does. */
export function misfit({ states: n, name, time, stateName }: Model, view: View): NoPicture | null {
  const problem = (text: string): NoPicture => ({ text, advice, mistake: null });
  const components = [...(view.components ?? []), ...(typeof view.axes === "object" ? (view.axes ?? []) : [])];
  const beyond = components.find((component) => component >= n);
  if (beyond !== undefined) {
    return problem(`The view shows ${stateName}[${beyond + 1}], and ${name} has ${n} ${n === 1 ? "state" : "states"}.`);
  }
  const initial = view.initial?.find((state) => state.length !== n);
  if (initial !== undefined) {
    return problem(
      `An initial state of the view has ${initial.length} components, and ${name} has ${n} ${n === 1 ? "state" : "states"}.`,
    );
  }
  if (view.until !== null && !(view.until > time.from)) {
    return problem(`The view ends at ${numberText(view.until)}, and ${name} begins at ${numberText(time.from)}.`);
  }
  return null;
}
