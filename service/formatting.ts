import type { TextDocument } from "vscode-languageserver-textdocument";
import type { TextEdit } from "vscode-languageserver-types";
import { format } from "../grammar/print.ts";
import { textChange } from "./moved-span.ts";
import { textEdit } from "./range.ts";

/** The canonical layout of the whole document; no edit where it has syntax errors. Only what differs is replaced. */
export function formatting(document: TextDocument): TextEdit[] {
  const text = document.getText();
  const formatted = format(text);
  const change = formatted === null ? null : textChange(text, formatted);
  if (formatted === null || change === null) return [];
  const span = { start: change.start, end: change.oldEnd };
  return [textEdit(document, { span, text: formatted.slice(change.start, change.newEnd) })];
}
