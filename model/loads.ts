import type { Span } from "../grammar/diagnostic.ts";
import type { Expression, Tree } from "../grammar/tree.ts";
import { walk } from "./walk.ts";

export interface Load {
  /** The path as written. */
  readonly file: string;
  readonly tensor: string | null;
  /** Of the whole call. */
  readonly span: Span;
}

/**
 * Every `load("file", "tensor")` of a document whose arguments are strings, so that a host can read the files first. Also one
 * whose tensor is being typed: what the file holds is to be offered then.
 */
export function loads(tree: Tree): Load[] {
  const found: Load[] = [];
  for (const model of tree.models) {
    for (const statement of model.statements) walk(statement, (expression) => found.push(...asLoad(expression)));
  }
  return found;
}

function asLoad(expression: Expression): Load[] {
  if (expression.kind !== "call" || expression.callee.text !== "load") return [];
  const [file, tensor] = expression.arguments;
  if (file?.kind !== "string") return [];
  if (tensor === undefined || tensor.kind === "missing")
    return [{ file: file.value, tensor: null, span: expression.span }];
  return tensor.kind === "string" ? [{ file: file.value, tensor: tensor.value, span: expression.span }] : [];
}
