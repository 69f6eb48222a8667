import type { CheckedDocument } from "../service/checked-document.ts";
import type { ModelStatus, StatusParams } from "./status.ts";

/** @param models where their analyses stand */
export function documentStatus(
  { document, tree, compilation }: CheckedDocument,
  models: readonly ModelStatus[],
): StatusParams {
  const isWhole = (start: number) => compilation.models.some(({ nameSpan }) => nameSpan.start === start);
  const broken = tree.models.filter(({ name }) => !isWhole(name.span.start)).map(({ name }) => name.text || "model");
  const errors = [...tree.diagnostics, ...compilation.diagnostics].filter(({ severity }) => severity === "error");
  return { uri: document.uri, version: document.version, models, broken, errors: errors.length };
}
