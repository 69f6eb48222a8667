import { type Hover, MarkupKind } from "vscode-languageserver-types";
import type { ModelReport } from "../analysis/report.ts";
import type { Span } from "../grammar/diagnostic.ts";
import type { Statement } from "../grammar/tree.ts";
import { activations } from "../model/activations.ts";
import type { Model } from "../model/model.ts";
import { symbolAt } from "../model/symbols.ts";
import { walk } from "../model/walk.ts";
import { formulaRemarks } from "./activation-docs.ts";
import { builtinText, slopesText } from "./activation-text.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { functionDocs } from "./function-docs.ts";
import { literalAt } from "./hover-literals.ts";
import { wordAt } from "./hover-words.ts";
import { languagePage } from "./keyword-docs.ts";
import { escapeMarkdown, plainText } from "./markdown.ts";
import { rangeOf, touch } from "./range.ts";
import { flowText, modelText, requirementText } from "./report-text.ts";
import { symbolText } from "./symbol-text.ts";
import { type FoundRepairs, unreachableBy, unreachableText } from "./unreachable.ts";

/** What the analysis knows of a model, as it is in this version. */
export interface Knowledge {
  report(model: Model): ModelReport | null;
  repairs(model: Model): FoundRepairs;
}

/** A heading in the language, and what there is to say about it, one remark per line; in Markdown. */
export interface HoverText {
  readonly code: string;
  readonly remarks: readonly string[];
}

export type Found = HoverText & { readonly span: Span };

/**
 * What stands at an offset: a name, a literal, an operator, an activation, a function, a model's name, a requirement or a
 * word of the language.
 *
 * @param markdown false for an editor that shows plain text
 */
export function hover(checked: CheckedDocument, offset: number, known: Knowledge, markdown = true): Hover | null {
  const found =
    nameAt(checked, offset, known) ??
    expressionAt(checked, offset) ??
    statementAt(checked, offset, known) ??
    wordAt(checked.document.getText(), checked.tree.models, offset);
  if (found === null) return null;
  const { span, code, remarks } = found;
  const value = [`\`\`\`contrax\n${code}\n\`\`\``, ...remarks].join("\n\n");
  return {
    contents: markdown ? { kind: MarkupKind.Markdown, value } : { kind: MarkupKind.PlainText, value: plainText(value) },
    range: rangeOf(checked.document, span),
  };
}

function nameAt({ compilation }: CheckedDocument, offset: number, known: Knowledge): Found | null {
  const symbol = symbolAt(compilation.symbols, offset);
  if (symbol === null) return null;
  const span = [symbol.nameSpan, ...symbol.references, ...symbol.repeats].find((place) => holds(place, offset))!;
  const model = compilation.models.find((one) => touch(one.span, symbol.span)) ?? null;
  return { span, ...symbolText(symbol, model, model && known.report(model)) };
}

function expressionAt(checked: CheckedDocument, offset: number): Found | null {
  for (const { tree, symbols } of checked.compilation.symbols) {
    const statement = holds(tree.span, offset) ? tree.statements.find(({ span }) => holds(span, offset)) : undefined;
    if (statement === undefined) continue;
    return callAt(statement, offset) ?? literalAt(checked, statement, symbols, offset);
  }
  return null;
}

/** A built-in activation, with the slopes of its own arguments where they are plain numbers; or a function. */
function callAt(statement: Statement, offset: number): Found | null {
  let found: Found | null = null;
  walk(statement, (expression) => {
    if (expression.kind === "name" && holds(expression.span, offset)) {
      found = builtin(expression.name, [], expression.span) ?? found;
    }
    if (expression.kind !== "call" || !holds(expression.callee.span, offset)) return;
    const { text: name, span } = expression.callee;
    const stated = expression.arguments.flatMap((argument) => (argument.kind === "number" ? [argument.value] : []));
    found = builtin(name, stated, span) ?? functionText(name, span) ?? found;
  });
  return found;
}

/** @param stated the arguments that are plain numbers. */
function builtin(name: string, stated: readonly number[], span: Span): Found | null {
  const known = builtinText(name);
  if (known === null) return null;
  const builtin = Object.hasOwn(activations, name) ? activations[name] : undefined;
  const complete = builtin !== undefined && stated.length > 0 && stated.length === builtin.parameters.length;
  const rest = [...formulaRemarks(name, stated), `[Activations](${languagePage("activations")})`];
  if (!complete || builtin.check?.(...stated)) {
    return { span, code: known.call, remarks: [`${known.slopes}: its derivative at any real x`, ...rest] };
  }
  const slopes = slopesText(builtin.slopes(...stated));
  return { span, code: `${name}(${stated.join(", ")})`, remarks: [`${slopes}: its derivative at any real x`, ...rest] };
}

function functionText(name: string, span: Span): Found | null {
  const docs = Object.hasOwn(functionDocs, name) ? functionDocs[name] : undefined;
  if (docs === undefined) return null;
  return { span, code: docs[0], remarks: [escapeMarkdown(docs[1]), `[Functions](${languagePage("functions")})`] };
}

function statementAt({ compilation }: CheckedDocument, offset: number, known: Knowledge): Found | null {
  for (const model of compilation.models) {
    const report = known.report(model);
    if (holds(model.nameSpan, offset)) return { span: model.nameSpan, ...modelText(model, report) };
    if (holds(model.flowSpan, offset)) return { span: model.flowSpan, ...flowText(model, report) };
    const index = model.requirements.findIndex(({ span }) => holds(span, offset));
    if (index < 0) continue;
    const { code, remarks } = requirementText(model, index, report);
    const unreachable = unreachableBy(known.repairs(model), index).map((one) => unreachableText(model, one));
    return { span: model.requirements[index].span, code, remarks: [...remarks, ...unreachable] };
  }
  return null;
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
