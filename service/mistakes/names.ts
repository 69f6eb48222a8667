import { codes as syntax } from "../../grammar/codes.ts";
import type { Statement } from "../../grammar/tree.ts";
import { codes } from "../../model/codes.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { freeName, withoutStatement } from "../new-statement.ts";
import type { SpanEdit } from "../text-edits.ts";
import { type Candidate, type Mistake, statementAt } from "./fix.ts";

/** For what is declared twice: another name for the second, or without it. */
export function duplicates(mistake: Mistake): Candidate[] {
  const { diagnostic, text, model } = mistake;
  if (diagnostic.code !== codes.duplicate) return [];
  const { span } = diagnostic;
  const { tree } = model;
  const written = text.slice(span.start, span.end);
  if (tree.name.span.start === span.start) {
    const name = freeName(text, { start: 0, end: text.length }, written);
    return [{ title: `Rename this model to ${name}`, edits: [{ span, text: name }], isMeant: true }];
  }
  const statement = statementAt(tree, mistake);
  if (statement === null) return [];
  const removal: Candidate = {
    title: `Remove this ${statement.kind}`,
    edits: [withoutStatement(text, statement.span)],
  };
  // A second `state` or `flow` has no name to change.
  if (statement.span.start === span.start) return [removal];
  const name = freeName(text, tree.span, written);
  return [{ title: `Rename this ${statement.kind} to ${name}`, edits: [{ span, text: name }], isMeant: true }, removal];
}

/** For a keyword that is used as a name: another name, wherever it stands for it. */
export function keywordNames({ diagnostic, text, model: { tree } }: Mistake): Candidate[] {
  if (diagnostic.code !== syntax.keywordAsName) return [];
  const { span } = diagnostic;
  const keyword = text.slice(span.start, span.end);
  const name = freeName(text, tree.span, `${keyword}_`);
  const places = new Map([[span.start, span]]);
  const add = (written: string, place: typeof span) => {
    if (written === keyword) places.set(place.start, place);
  };
  for (const statement of tree.statements) {
    if ("name" in statement) add(statement.name.text, statement.name.span);
    if (statement.kind === "require" && statement.metric !== null) add(statement.metric.text, statement.metric.span);
    walkExpressions(expressionsOf(statement), (one) => {
      if (one.kind === "name") add(one.name, one.span);
      if (one.kind === "call") add(one.callee.text, one.callee.span);
    });
  }
  const edits = [...places.values()].map((place): SpanEdit => ({ span: place, text: name }));
  return [{ title: `Rename to ${name}`, edits, isMeant: true }];
}

/** For what nothing uses: without it. */
export function unused(mistake: Mistake): Candidate[] {
  const { diagnostic, text, model } = mistake;
  const statement = diagnostic.code === codes.unused ? statementAt(model.tree, mistake) : null;
  if (statement === null) return [];
  const name = "name" in statement ? ` ${statement.name.text}` : "";
  const title = `Remove the unused ${statement.kind}${name}`;
  return [{ title, edits: [withoutStatement(text, statement.span)], mayStay: true }];
}

/** For a `param` that depends on the state: it is a layer. */
export function layers(mistake: Mistake): Candidate[] {
  const { diagnostic, model } = mistake;
  const statement: Statement | null = diagnostic.code === codes.place ? statementAt(model.tree, mistake) : null;
  if (statement?.kind !== "param" || statement.shape !== null) return [];
  const { start } = statement.span;
  const edits = [{ span: { start, end: start + "param".length }, text: "layer" }];
  return [{ title: `Change to layer ${statement.name.text}: it depends on the state`, edits, isMeant: true }];
}
