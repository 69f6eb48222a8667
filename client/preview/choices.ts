import type { Choice, Origin } from "./messages.ts";

/** Of models that were not looked at for long nobody remembers what was chosen. */
const most = 8;

/** The last one comes last. */
export function withChoice(choices: Origin["choices"], model: string, choice: Choice): Origin["choices"] {
  const others = Object.entries(choices).filter(([name]) => name !== model);
  return Object.fromEntries([...others.slice(1 - most), [model, choice]]);
}

/** Of what a page had kept, which may be from another version of the extension. Null where it is none. */
export function readOrigin(state: unknown): Origin | null {
  const origin = (state as { readonly origin?: Partial<Origin> } | null | undefined)?.origin;
  if (typeof origin?.uri !== "string" || origin.uri === "") return null;
  const { uri, model, isLocked, choices } = origin;
  return {
    uri,
    model: typeof model === "string" ? model : null,
    isLocked: isLocked === true,
    choices: typeof choices === "object" && choices !== null ? choices : {},
  };
}
