import { isDeepStrictEqual } from "node:util";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Position, Range, TextEdit } from "vscode-languageserver-types";

/**
 * Fails where an answer names a place outside of the document, or holds edits that overlap.
 *
 * @throws {Error} that says which.
 */
export function checkPlaces(document: TextDocument, answer: unknown): void {
  if (Array.isArray(answer)) {
    if (answer.length > 0 && answer.every(isEdit)) checkEdits(document, answer);
    for (const one of answer) checkPlaces(document, one);
  } else if (typeof answer === "object" && answer !== null) {
    if (isRange(answer)) checkRange(document, answer);
    else
      for (const [key, value] of Object.entries(answer)) {
        // Of another file.
        if (key === "targetRange" || key === "targetSelectionRange") {
          if ((answer as { targetUri: string }).targetUri !== document.uri) continue;
        }
        checkPlaces(document, value);
      }
  }
}

function isRange(value: object): value is Range {
  return "start" in value && "end" in value && typeof (value.start as Position)?.line === "number";
}

function isEdit(value: unknown): value is TextEdit {
  return typeof value === "object" && value !== null && "newText" in value && "range" in value;
}

function checkRange(document: TextDocument, { start, end }: Range): void {
  for (const position of [start, end]) {
    const inside = document.positionAt(document.offsetAt(position));
    if (!isDeepStrictEqual({ ...position }, inside)) throw new Error(`outside: ${JSON.stringify(position)}`);
  }
  if (document.offsetAt(start) > document.offsetAt(end))
    throw new Error(`backwards: ${JSON.stringify({ start, end })}`);
}

function checkEdits(document: TextDocument, edits: readonly TextEdit[]): void {
  const sorted = edits
    .map(({ range }) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  for (const [i, edit] of sorted.entries()) {
    if (i > 0 && edit.start < sorted[i - 1].end) throw new Error(`edits overlap: ${JSON.stringify(edits)}`);
  }
}
