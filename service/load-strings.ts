import type { Span } from "../grammar/diagnostic.ts";
import type { Tree } from "../grammar/tree.ts";
import { walk } from "../model/walk.ts";

/** What a `load` names, whether or not the rest of it can be read. */
export interface LoadStrings {
  /** As written in `load`; never empty. */
  readonly file: string;
  /** Quotes included, as that of the tensor. */
  readonly fileSpan: Span;
  readonly tensorSpan: Span | null;
}

/** In the order of the text. */
export function loadStrings(tree: Tree): LoadStrings[] {
  const found: LoadStrings[] = [];
  for (const statement of tree.models.flatMap(({ statements }) => statements)) {
    walk(statement, (expression) => {
      if (expression.kind !== "call" || expression.callee.text !== "load") return;
      const [file, tensor] = expression.arguments;
      if (file?.kind !== "string" || file.value === "") return;
      const tensorSpan = tensor?.kind === "string" ? tensor.span : null;
      found.push({ file: file.value, fileSpan: file.span, tensorSpan });
    });
  }
  return found;
}
