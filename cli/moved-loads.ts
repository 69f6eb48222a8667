import type { Tree } from "../grammar/tree.ts";
import { walk } from "../model/walk.ts";
import type { SpanEdit } from "../service/text-edits.ts";

/** Every file name in a `load` that changes. */
export function movedLoads(tree: Tree, moved: (file: string) => string): SpanEdit[] {
  const edits: SpanEdit[] = [];
  for (const statement of tree.models.flatMap(({ statements }) => statements)) {
    walk(statement, (expression) => {
      if (expression.kind !== "call" || expression.callee.text !== "load") return;
      const [file] = expression.arguments;
      if (file?.kind !== "string" || moved(file.value) === file.value) return;
      edits.push({ span: file.span, text: JSON.stringify(moved(file.value)) });
    });
  }
  return edits;
}
