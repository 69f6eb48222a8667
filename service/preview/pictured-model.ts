import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { ModelTree } from "../../grammar/tree.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { holds } from "../range.ts";

/** The larger ones would take minutes: their Jacobian alone has millions of entries. */
export const mostStates = 2048;

/** Why there is no picture: a sentence, what to do, and the mistake that is in the way. */
export interface NoPicture {
  readonly text: string;
  readonly advice: string;
  readonly mistake: Diagnostic | null;
}

/**
 * The model that a preview is of: by its name, else the one around the offset, else the document's first. Else why there is
 * none.
 */
export function picturedModel(
  { tree, compilation }: CheckedDocument,
  name: string | null,
  offset: number | null,
): Model | NoPicture {
  if (tree.models.length === 0) {
    const mistake = tree.diagnostics.find(isError) ?? null;
    if (mistake !== null) return broken("The document", mistake);
    return {
      text: "There is no model in this document.",
      advice: "Write `model Name { … }`, or begin with `Contrax: New Model…`.",
      mistake: null,
    };
  }
  const around = offset === null ? undefined : tree.models.find(({ span }) => holds(span, offset));
  const chosen = name === null ? (around ?? tree.models[0]) : tree.models.find((model) => model.name.text === name);
  if (chosen === undefined) {
    const names = tree.models.map((model) => model.name.text).filter((other) => other !== "");
    const others =
      names.length === 0
        ? "Give it its name back."
        : `There is ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}.`;
    return { text: `There is no model ${name} in this document any more.`, advice: others, mistake: null };
  }
  const model = compilation.models.find(({ nameSpan }) => nameSpan.start === chosen.name.span.start);
  if (model === undefined) {
    const all = [...tree.diagnostics, ...compilation.diagnostics].filter(isError);
    return broken(chosen.name.text || "The model", firstWithin(chosen, all) ?? all[0] ?? null);
  }
  if (model.states <= mostStates) return model;
  return {
    text: `${model.name} has ${model.states} states: pictures are drawn of up to ${mostStates}.`,
    advice: "The analysis itself has no such limit: use Check, or `contrax check`.",
    mistake: null,
  };
}

function broken(what: string, mistake: Diagnostic | null): NoPicture {
  return {
    text: `${what} has mistakes${mistake === null ? "" : `: ${mistake.message}`}`,
    advice: "Correct them: the picture follows by itself.",
    mistake,
  };
}

function firstWithin({ span }: ModelTree, mistakes: readonly Diagnostic[]): Diagnostic | undefined {
  return mistakes
    .filter((mistake) => holds(span, mistake.span.start))
    .reduce<Diagnostic | undefined>(
      (first, one) => (first && first.span.start <= one.span.start ? first : one),
      undefined,
    );
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
