import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../../grammar/parse.ts";
import type { ModelTree, SimulateStatement } from "../../grammar/tree.ts";
import { compile } from "../../model/compile.ts";
import type { Model, Simulation } from "../../model/model.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { rangeFormatting } from "../formatting.ts";
import { textChange } from "../moved-span.ts";
import { statementAtEnd } from "../new-statement.ts";
import { numberText } from "../rounding.ts";
import { applyEdits, type SpanEdit } from "../text-edits.ts";
import { simulateEdits, simulateText, type WantedSimulation, withoutSimulation } from "./simulate-edits.ts";

/**
 * Initial states, and their neighbours' distance and the last time where they are stated, written into a model's `simulate`
 * statements: those that there are keep their places, and each the states that are its own; further ones go to the last
 * statement, or a new one.
 *
 * @returns the edits, none where the document says it already; else why it cannot be done, a clause
 */
export function writeSimulation(checked: CheckedDocument, model: Model, wanted: WantedSimulation): SpanEdit[] | string {
  const problem = unwritable(model, wanted);
  if (problem !== null) return problem;
  const { tree, source, document } = checked;
  const text = document.getText();
  const modelTree = tree.models.find(({ name }) => name.span.start === model.nameSpan.start)!;
  const shares = sharesOf(modelTree, model, wanted);
  const edits = shares.flatMap((share) => editsOf(text, share));
  if (shares.length === 0) edits.push(statementAtEnd(text, modelTree, simulateText(wanted)));
  const result = laidOut(
    applyEdits(text, edits),
    tree.models.indexOf(modelTree),
    shares.map(({ statement }) => statement),
    text,
  );
  const written = compile(parse(result), source).models.find(({ name }) => name === model.name);
  if (written === undefined || !says(written, model, shares, wanted))
    return "the text that comes out would say something else";
  const change = textChange(text, result);
  if (change === null) return [];
  const { start, oldEnd: end, newEnd } = change;
  return [{ span: { start, end }, text: result.slice(start, newEnd) }];
}

/** One statement, and what becomes of it. */
interface Share {
  readonly statement: SimulateStatement;
  readonly now: Simulation;
  readonly wanted: WantedSimulation;
}

function unwritable({ states, time, name }: Model, { initial, spread, until }: WantedSimulation): string | null {
  if (initial.length === 0) return "there is no initial state to write";
  const odd = initial.find((state) => state.length !== states);
  if (odd !== undefined) return `an initial state has ${odd.length} components, and ${name} has ${states} states`;
  if (spread !== null && spread < 0) return "a spread must not be negative";
  if (until !== null && !(until > time.from)) {
    return `the simulation starts at t = ${numberText(time.from)}: it cannot end at ${numberText(until)}`;
  }
  return null;
}

/** Each statement as many of the states as it has now, the last one all that are left. */
function sharesOf(
  { statements }: ModelTree,
  { simulations }: Model,
  { initial, spread, until }: WantedSimulation,
): Share[] {
  const found = statements.filter((one): one is SimulateStatement => one.kind === "simulate");
  let next = 0;
  return found.map((statement, k) => {
    const now = simulations.find(({ span }) => span.start === statement.span.start)!;
    const end = k === found.length - 1 ? initial.length : Math.min(initial.length, next + now.from.length);
    const own = initial.slice(next, end);
    next = end;
    return { statement, now, wanted: { initial: own, spread, until } };
  });
}

function editsOf(text: string, { statement, now, wanted }: Share): SpanEdit[] {
  return wanted.initial.length === 0
    ? [withoutSimulation(text, statement)]
    : simulateEdits(text, statement, now, wanted);
}

/** With the statements that differ from what they were as the formatter prints them. */
function laidOut(text: string, index: number, before: readonly SimulateStatement[], old: string): string {
  const tree = parse(text);
  const was = new Set(before.map(({ span }) => old.slice(span.start, span.end)));
  const document = TextDocument.create("", "", 0, text);
  const changed = (tree.models[index]?.statements ?? []).filter(
    ({ kind, span }) => kind === "simulate" && !was.has(text.slice(span.start, span.end)),
  );
  return TextDocument.applyEdits(
    document,
    changed.flatMap(({ span }) => rangeFormatting({ document, tree }, span)),
  );
}

/** Whether exactly these doubles are read back, and all else is what it was. */
function says(written: Model, { time }: Model, shares: readonly Share[], wanted: WantedSimulation): boolean {
  const kept = shares.filter((share) => share.wanted.initial.length > 0);
  const expected =
    shares.length === 0
      ? [{ initial: wanted.initial, spread: wanted.spread, until: wanted.until ?? time.to }]
      : kept.map((share) => ({
          initial: share.wanted.initial,
          spread: wanted.spread ?? share.now.spread,
          until: wanted.until ?? share.now.until,
        }));
  return (
    written.simulations.length === expected.length &&
    written.simulations.every(({ from, spread, until }, k) => {
      const { initial } = expected[k];
      const isSame = from.length === initial.length && from.every((x, j) => x.every((v, i) => v === initial[j][i]));
      return isSame && spread === expected[k].spread && until === expected[k].until;
    })
  );
}
