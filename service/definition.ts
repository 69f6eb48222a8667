import type { Location, LocationLink } from "vscode-languageserver-types";
import type { CheckedDocument } from "./checked-document.ts";
import { loadStrings } from "./load-strings.ts";
import { occurrencesAt } from "./occurrences.ts";
import { holds, rangeOf } from "./range.ts";

const fileStart = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Where the name at an offset is declared; of a `load`, the weight file.
 *
 * @param uriOf a weight file's URI, null where it has none: the document is in no folder.
 */
export function definition(
  checked: CheckedDocument,
  offset: number,
  uriOf: (file: string) => string | null,
): LocationLink[] {
  const { document, tree } = checked;
  const found = occurrencesAt(checked, offset);
  if (found !== null) {
    const { at, whole, declaration } = found;
    return [
      {
        originSelectionRange: rangeOf(document, at),
        targetUri: document.uri,
        targetRange: rangeOf(document, whole),
        targetSelectionRange: rangeOf(document, declaration),
      },
    ];
  }
  return loadStrings(tree).flatMap(({ file, fileSpan, tensorSpan }) => {
    const at = [fileSpan, tensorSpan].find((span) => span !== null && holds(span, offset));
    const targetUri = at ? uriOf(file) : null;
    if (!at || targetUri === null) return [];
    const originSelectionRange = rangeOf(document, at);
    return [{ originSelectionRange, targetUri, targetRange: fileStart, targetSelectionRange: fileStart }];
  });
}

/** For editors that take no links. */
export function locationOf({ targetUri, targetSelectionRange }: LocationLink): Location {
  return { uri: targetUri, range: targetSelectionRange };
}
