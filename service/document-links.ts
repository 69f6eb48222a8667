import type { DocumentLink } from "vscode-languageserver-types";
import type { CheckedDocument } from "./checked-document.ts";
import { loadStrings } from "./load-strings.ts";
import { rangeOf } from "./range.ts";

/**
 * A link on each weight file's name, between its quotes, whether or not the file is there: an editor says so when it is
 * followed.
 *
 * @param uriOf a weight file's URI, null where it has none: the document is in no folder.
 * @param tooltips whether the editor shows them.
 */
export function documentLinks(
  { document, tree }: CheckedDocument,
  uriOf: (file: string) => string | null,
  tooltips: boolean,
): DocumentLink[] {
  return loadStrings(tree).flatMap(({ file, fileSpan: { start, end } }) => {
    const target = uriOf(file);
    if (target === null) return [];
    const range = rangeOf(document, { start: start + 1, end: end - 1 });
    return [{ range, target, ...(tooltips && { tooltip: `Open ${file}` }) }];
  });
}
