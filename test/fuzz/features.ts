import { SemanticTokens } from "vscode-languageserver-types";
import type { Span } from "../../grammar/diagnostic.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { codeActions } from "../../service/code-actions.ts";
import { codeLenses } from "../../service/code-lenses.ts";
import { completion, listedFolder } from "../../service/completion.ts";
import { definition } from "../../service/definition.ts";
import { documentDiagnostics } from "../../service/diagnostics.ts";
import { documentLinks } from "../../service/document-links.ts";
import { documentSymbols, flatSymbols } from "../../service/document-symbols.ts";
import { foldingRanges } from "../../service/folding.ts";
import { formatting, lineFormatting, rangeFormatting } from "../../service/formatting.ts";
import { hover } from "../../service/hover.ts";
import { textEdit } from "../../service/range.ts";
import { refactorings } from "../../service/refactorings/refactorings.ts";
import { documentHighlights, references } from "../../service/references.ts";
import { prepareRename, rename } from "../../service/rename.ts";
import { selectionRanges } from "../../service/selection-ranges.ts";
import { semanticTokens } from "../../service/semantic-tokens.ts";
import { signatureHelp } from "../../service/signature-help.ts";
import type { Random } from "./random.ts";

/** Somewhere in a document. */
export interface Somewhere {
  readonly offset: number;
  /** It begins or ends at the offset. */
  readonly range: Span;
  readonly random: Random;
}

/** What the protocol's answers are made of; each place in them has to lie inside the document. */
export type Feature = (checked: CheckedDocument, at: Somewhere) => unknown;

const nothingKnown = { report: () => null, repairs: () => ({ proved: [], unreachable: [] }) };

const nothingStands = { ...nothingKnown, models: [] };

/** A new language feature is one more line here. */
export const features: Readonly<Record<string, Feature>> = {
  diagnostics: (checked) => documentDiagnostics(checked, []),
  completion: (checked, { offset }) => completion(checked, offset),
  "completion with snippets": (checked, { offset }) =>
    completion(checked, offset, { snippets: true, insertReplace: true, markdown: true, commits: true }),
  "listed folder": (checked, { offset }) => listedFolder(checked, offset),
  "signature help": (checked, { offset, random }) => signatureHelp(checked, offset, random.chance(0.5)),
  hover: (checked, { offset, random }) => hover(checked, offset, nothingKnown, random.chance(0.5)),
  definition: (checked, { offset }) => definition(checked, offset, (file) => `file:///${file}`),
  references: (checked, { offset, random }) => references(checked, offset, random.chance(0.5)),
  highlights: (checked, { offset }) => documentHighlights(checked, offset),
  "prepare rename": (checked, { offset }) => prepareRename(checked, offset),
  rename: (checked, { offset, random }) => rename(checked, offset, random.one(["y", "model", "", "a b", "θ", "tanh"])),
  symbols: documentSymbols,
  "flat symbols": flatSymbols,
  lenses: (checked) => codeLenses(checked, nothingStands, { preview: "contrax.openPreview", check: "contrax.check" }),
  links: (checked) => documentLinks(checked, (file) => `file:///${file}`, true),
  folding: ({ document, tree }, { random }) => {
    const limits = random.chance(0.5) ? { lineFoldingOnly: true } : { lineFoldingOnly: false, rangeLimit: 3 };
    return foldingRanges(document, tree, limits).map(({ startLine, endLine }) => ({
      start: { line: startLine, character: 0 },
      end: { line: endLine, character: 0 },
    }));
  },
  "selection ranges": (checked, { offset }) => selectionRanges(checked, [checked.document.positionAt(offset)]),
  "semantic tokens": (checked) => tokenRanges(semanticTokens(checked)),
  "semantic tokens of a range": (checked, { range }) => tokenRanges(semanticTokens(checked, range)),
  formatting,
  "range formatting": (checked, { range }) => rangeFormatting(checked, range),
  "line formatting": (checked, { offset }) => lineFormatting(checked, offset),
  "code actions": (checked, { range, random }) =>
    codeActions(
      checked,
      range,
      random.one([undefined, ["quickfix"], ["source.fixAll"], [""]]),
      { verdicts: [], ...nothingKnown },
      {
        edit: (edits) => ({ changes: { [checked.document.uri]: edits } }),
        repair: () => null,
        isReady: () => false,
        compare: () => null,
        showsDisabled: true,
      },
    ),
  refactorings: (checked, { range }) =>
    refactorings(checked, range).map((one) =>
      one.change === "edits" ? one.edits.map((edit) => textEdit(checked.document, edit)) : one,
    ),
};

/** What the numbers mean: five for each token, relative to the one before. */
function tokenRanges(data: number[]) {
  if (!SemanticTokens.is({ data })) throw new Error(`no semantic tokens: ${data}`);
  let [line, character] = [0, 0];
  return Array.from({ length: data.length / 5 }, (_, i) => {
    const [lines, characters, length] = data.slice(5 * i, 5 * i + 3);
    [line, character] = [line + lines, lines > 0 ? characters : character + characters];
    return { start: { line, character }, end: { line, character: character + length } };
  });
}
