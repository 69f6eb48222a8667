import type { TextDocument } from "vscode-languageserver-textdocument";
import { type FoldingRange, FoldingRangeKind } from "vscode-languageserver-types";
import { commentsOf } from "../grammar/comments.ts";
import type { Span } from "../grammar/diagnostic.ts";
import type { Expression, ModelTree, Statement, Tree } from "../grammar/tree.ts";
import { walk } from "../model/walk.ts";

/** What an editor takes. */
export interface FoldingLimits {
  /** Whole lines only: what stands behind a fold on its last line would be hidden with it. */
  readonly lineFoldingOnly: boolean;
  /** The most ranges. */
  readonly rangeLimit?: number | undefined;
}

/** One-line statements of one kind, one below the other, fold from this many on. */
const shortestRun = 3;

/** What can be folded: models, statements and brackets of several lines, comments, runs of statements of one kind. */
export function foldingRanges(document: TextDocument, tree: Tree, limits: FoldingLimits): FoldingRange[] {
  const folds = new Folds(document, limits.lineFoldingOnly);
  const comments = commentsOf(document.getText());
  for (const model of tree.models) addModel(folds, model);
  addComments(folds, comments);
  return withinLimit(folds.all(), limits.rangeLimit);
}

/** Ranges by the line on which they begin: an editor shows one mark a line. */
class Folds {
  readonly #byLine = new Map<number, FoldingRange>();
  readonly #document: TextDocument;
  readonly #text: string;
  readonly #wholeLines: boolean;

  constructor(document: TextDocument, wholeLines: boolean) {
    this.#document = document;
    this.#text = document.getText();
    this.#wholeLines = wholeLines;
  }

  line(offset: number): number {
    return this.#document.positionAt(offset).line;
  }

  text({ start, end }: Span): string {
    return this.#text.slice(start, end);
  }

  beginsLine({ start }: Span): boolean {
    const { character } = this.#document.positionAt(start);
    return this.#text.slice(start - character, start).trim() === "";
  }

  /** From the end of the line at `start`; a bracket that begins the last line stays in sight. */
  add({ start, end }: Span, kind?: FoldingRangeKind): void {
    const last = this.#document.positionAt(end - 1);
    const before = this.#text.slice(end - 1 - last.character, end - 1);
    const isCloser = /[\])}]/.test(this.#text[end - 1]) && before.trim() === "";
    const first = this.line(start);
    const endLine = isCloser && this.#wholeLines ? last.line - 1 : last.line;
    const known = this.#byLine.get(first);
    if (endLine <= first || (known !== undefined && known.endLine >= endLine)) return;
    this.#byLine.set(first, {
      startLine: first,
      endLine,
      // Of a bracket its closing one, too, stays in sight where an editor folds within lines.
      ...(isCloser && !this.#wholeLines && { endCharacter: last.character }),
      ...(kind !== undefined && { kind }),
    });
  }

  all(): FoldingRange[] {
    return [...this.#byLine.values()].sort((a, b) => a.startLine - b.startLine);
  }
}

function addModel(folds: Folds, { span, statements }: ModelTree): void {
  // A model without its closing brace ends with its last statement.
  const end = Math.max(span.end, ...statements.slice(-1).map((statement) => statement.span.end));
  folds.add({ start: span.start, end });
  for (const statement of statements) {
    folds.add(statement.span);
    walk(statement, (expression) => {
      if (isBracketed(expression)) folds.add(bracketsOf(expression));
    });
  }
  for (const run of runs(folds, statements)) folds.add(run);
}

type Bracketed = Extract<Expression, { kind: "numbers" | "array" | "group" | "call" }>;

function isBracketed({ kind }: Expression): boolean {
  return kind === "numbers" || kind === "array" || kind === "group" || kind === "call";
}

function bracketsOf(expression: Expression): Span {
  const { kind, span } = expression as Bracketed;
  return kind === "call"
    ? { start: (expression as Bracketed & { kind: "call" }).callee.span.end, end: span.end }
    : span;
}

/** Statements of one kind, each on the line after the one before. */
function runs(folds: Folds, statements: readonly Statement[]): Span[] {
  const found: Span[] = [];
  for (let first = 0, next = 0; first < statements.length; first = next) {
    const isOneLine = ({ span }: Statement) => folds.line(span.start) === folds.line(span.end);
    const goesOn = (statement: Statement | undefined) =>
      statement?.kind === statements[first].kind &&
      isOneLine(statement) &&
      folds.line(statement.span.start) === folds.line(statements[next - 1].span.start) + 1;
    next = first + 1;
    if (isOneLine(statements[first])) while (goesOn(statements[next])) next++;
    if (next - first >= shortestRun) {
      found.push({ start: statements[first].span.start, end: statements[next - 1].span.end });
    }
  }
  return found;
}

/** Block comments, runs of line comments that stand alone, and what is between `// #region` and `// #endregion`. */
function addComments(folds: Folds, comments: readonly Span[]): void {
  const regions: Span[] = [];
  let run: Span | null = null;
  for (const comment of comments) {
    const text = folds.text(comment);
    if (text.startsWith("/*")) folds.add(comment, FoldingRangeKind.Comment);
    const isMarker = /^\/\/\s*#?(region|endregion)\b/.exec(text)?.[1];
    if (isMarker === "region") regions.push(comment);
    if (isMarker === "endregion" && regions.length > 0) {
      folds.add({ start: regions.pop()!.start, end: comment.end }, FoldingRangeKind.Region);
    }
    const isAlone = text.startsWith("//") && isMarker === undefined && folds.beginsLine(comment);
    const goesOn: boolean = isAlone && run !== null && folds.line(comment.start) === folds.line(run.end) + 1;
    if (run !== null && !goesOn) folds.add(run, FoldingRangeKind.Comment);
    run = isAlone ? { start: goesOn ? run!.start : comment.start, end: comment.end } : null;
  }
  if (run !== null) folds.add(run, FoldingRangeKind.Comment);
}

/** The outermost ones, where an editor takes not all. */
function withinLimit(ranges: FoldingRange[], limit = Number.POSITIVE_INFINITY): FoldingRange[] {
  if (ranges.length <= limit) return ranges;
  const open: number[] = [];
  const depths = ranges.map(({ startLine, endLine }) => {
    while (open.length > 0 && open[open.length - 1] < startLine) open.pop();
    open.push(endLine);
    return open.length;
  });
  const outermost = ranges.map((_, i) => i).sort((a, b) => depths[a] - depths[b] || a - b);
  const kept = new Set(outermost.slice(0, Math.max(limit, 0)));
  return ranges.filter((_, i) => kept.has(i));
}
