import type { Span } from "../../grammar/diagnostic.ts";
import type { Expression } from "../../grammar/tree.ts";
import { codes } from "../../model/codes.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { type Candidate, type Mistake, statementAt } from "./fix.ts";

/** For an interval whose end comes before its beginning: the two changed for each other. */
export function swappedEnds(mistake: Mistake): Candidate[] {
  const { diagnostic, model, text } = mistake;
  const statement = diagnostic.code === codes.range ? statementAt(model.tree, mistake) : null;
  if (statement === null) return [];
  const ends = intervals(expressionsOf(statement)).find(
    ([from, to]) =>
      (from.start === diagnostic.span.start && to.end === diagnostic.span.end) ||
      (diagnostic.span.start < from.start && to.end < diagnostic.span.end),
  );
  if (ends === undefined) return [];
  const [from, to] = ends;
  const edits = [
    { span: from, text: text.slice(to.start, to.end) },
    { span: to, text: text.slice(from.start, from.end) },
  ];
  return [{ title: `Swap the ends: [${edits[0].text}, ${edits[1].text}]`, edits, isMeant: true }];
}

/** Two expressions side by side: the ends of a range, or the arguments of `slope_restricted`. */
function intervals(expressions: readonly Expression[]): (readonly [Span, Span])[] {
  const found = expressions.slice(1).map((to, i) => [expressions[i].span, to.span] as const);
  walkExpressions(expressions, (one) => {
    if (one.kind === "call" && one.arguments.length === 2) found.push([one.arguments[0].span, one.arguments[1].span]);
  });
  return found;
}

/** For a metric that is not symmetric, or none at all: its symmetric part, or one that is found. */
export function otherMetrics(mistake: Mistake): Candidate[] {
  const { diagnostic, model, text } = mistake;
  if (diagnostic.code !== codes.metric) return [];
  const { span } = diagnostic;
  const name = text.slice(span.start, span.end);
  const param = model.tree.statements.find((one) => one.kind === "param" && one.name.text === name.normalize("NFC"));
  const value = param?.kind === "param" ? param.value.span : null;
  const sym: Candidate[] = value
    ? [
        {
          title: `Take the symmetric part: ${name} = sym(…)`,
          edits: [
            { span: { start: value.start, end: value.start }, text: "sym(" },
            { span: { start: value.end, end: value.end }, text: ")" },
          ],
        },
      ]
    : [];
  return [...sym, { title: "Let a metric be found: metric: auto", edits: [{ span, text: "auto" }] }];
}
