import type { Range, TextEdit } from "vscode-languageserver-types";
import { commentAt } from "../grammar/comments.ts";
import type { Span } from "../grammar/diagnostic.ts";
import { constants, functions, keywords, properties } from "../grammar/keywords.ts";
import { activations, slopeRestricted } from "../model/activations.ts";
import { kindText } from "../model/names.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { type Occurrences, occurrencesAt, symbolsAround } from "./occurrences.ts";
import { rangeOf, textEdit } from "./range.ts";
import { behindPower } from "./text-edits.ts";
import { wordAt } from "./words.ts";

/** Why something cannot be renamed: one sentence for a person. */
export interface Refusal {
  readonly refused: string;
}

/** The name at an offset, where it can be renamed. */
export function prepareRename(
  checked: CheckedDocument,
  offset: number,
): { readonly range: Range; readonly placeholder: string } | Refusal {
  const found = occurrencesAt(checked, offset);
  if (found === null) return { refused: nothingToRename(checked.document.getText(), offset) };
  return { range: rangeOf(checked.document, found.at), placeholder: found.name };
}

/** The edits that give the name at an offset another one, wherever it stands. */
export function rename(checked: CheckedDocument, offset: number, written: string): TextEdit[] | Refusal {
  const { document } = checked;
  const text = document.getText();
  const found = occurrencesAt(checked, offset);
  if (found === null) return { refused: nothingToRename(text, offset) };
  const name = written.trim().normalize("NFC");
  if (name === found.name) return [];
  const refused = problemOf(checked, found, name);
  if (refused !== null) return { refused };
  return placesOf(found).map((span) => textEdit(document, { span, text: behindPower(text, span, name) }));
}

/** A name that is declared twice means the first: the other one is renamed alone, which mends it. */
function placesOf({ at, declaration, references, repeats }: Occurrences): readonly Span[] {
  return repeats.includes(at) ? [at] : [declaration, ...references];
}

function problemOf(checked: CheckedDocument, { kind, at }: Occurrences, name: string): string | null {
  if (!/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name)) {
    return `\`${name}\` is not a name: a name is a letter or \`_\`, then letters, digits and \`_\``;
  }
  if (isWordOfLanguage(name)) return `\`${name}\` is a word of the language and cannot be a name`;
  if (kind === "model") {
    const isTaken = checked.tree.models.some((model) => model.name.text === name);
    return isTaken ? `there is a model \`${name}\` already` : null;
  }
  const builtin = builtinKind(name);
  if (builtin !== null) return `\`${name}\` is ${builtin} of the language: a name of the model would hide it`;
  const taken = symbolsAround(checked, at)?.symbols.find((symbol) => symbol.name === name);
  return taken === undefined ? null : `\`${name}\` is declared already, as ${kindText[taken.kind]}`;
}

function nothingToRename(text: string, offset: number): string {
  const names = "what can be renamed are a model's name and the names that it declares";
  const span = commentAt(text, offset) === null ? wordAt(text, offset) : null;
  const word = span && text.slice(span.start, span.end);
  if (word === null || /^\p{N}/u.test(word)) return `there is no name here: ${names}`;
  if (isWordOfLanguage(word)) return `\`${word}\` is a word of the language: ${names}`;
  const builtin = builtinKind(word);
  if (builtin !== null) return `\`${word}\` is ${builtin} of the language: ${names}`;
  return `\`${word}\` is declared nowhere: ${names}`;
}

function isWordOfLanguage(word: string): boolean {
  return word === "inf" || keywords.includes(word);
}

function builtinKind(word: string): string | null {
  const isIn = (words: readonly string[]) => words.includes(word);
  if (word === slopeRestricted || Object.hasOwn(activations, word)) return "an activation";
  if (isIn(functions)) return "a function";
  if (isIn(constants)) return "a constant";
  if (isIn(properties)) return "a property";
  return word === "auto" || word === "metric" ? "a word of requirements" : null;
}
