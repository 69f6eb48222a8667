import type { Fix } from "../grammar/diagnostic.ts";
import type { Expression, ModelTree, ParamStatement } from "../grammar/tree.ts";
import { activationOf } from "./activation-calls.ts";
import type { Checker, Place, Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { shaped, size } from "./constants.ts";
import { infer } from "./infer.ts";
import type { Param } from "./model.ts";
import { dependencyOrder } from "./order.ts";
import { type Shape, showShape } from "./shape.ts";

const place: Place = { text: "a param", time: true, variable: "none", schedules: true, naming: null };

/**
 * Checks params and activations, which may use each other, in the order of their needs; the params in the text's order.
 *
 * @param kept names of params that layers and the flow refer to, where others stand for their values.
 */
export function checkParams(checker: Checker, tree: ModelTree, kept: ReadonlySet<string>): Param[] {
  const { declared, needs } = checker.names;
  const isOurs = (name: string) => ["param", "activation"].includes(declared.get(name)!.kind);
  const names = [...declared.keys()].filter(isOurs);
  const { order, circles } = dependencyOrder(names, (name) =>
    [...(needs.get(declared.get(name)!.statement) ?? [])].filter(isOurs),
  );
  reportCircles(checker, circles);

  const statements = tree.statements.filter(
    (s): s is ParamStatement => s.kind === "param" && declared.get(s.name.text)?.statement === s,
  );
  statements.forEach((statement, i) => {
    checker.paramIndex.set(statement.name.text, i);
  });
  const params = new Map<string, Param>();
  for (const name of order) {
    const { statement } = declared.get(name)!;
    if (statement.kind === "activation") checker.activations.set(name, activationOf(checker, statement.value));
    if (statement.kind === "param") {
      const param = checkParam(checker, statement, kept);
      if (param !== null) params.set(name, param);
    }
  }
  // Repeated and nameless ones are checked for their own mistakes.
  for (const statement of tree.statements) {
    if (statement.kind === "param" && declared.get(statement.name.text)?.statement !== statement)
      valueOfParam(checker, statement);
  }
  return statements.flatMap(({ name }) => params.get(name.text) ?? []);
}

/** Members of a circle that a message names. */
const mostMembers = 8;

/** One error for each circle, on its first member. */
export function reportCircles(checker: Checker, circles: readonly string[][]): void {
  for (const circle of circles) {
    const quoted = circle.map((name) => `\`${name}\``);
    const named = quoted.length > mostMembers ? [...quoted.slice(0, mostMembers - 1), "…"] : quoted;
    const members = [...named, quoted[0]].join(" needs ");
    const { nameSpan, kind } = checker.names.declared.get(circle[0])!;
    const related = circle.slice(1, mostMembers).map((name) => {
      const { nameSpan: span } = checker.names.declared.get(name)!;
      return { span, message: `\`${name}\` is declared here` };
    });
    checker.report(codes.circular, nameSpan, `this ${kind} is defined by itself: ${members}`, { related });
  }
}

function checkParam(checker: Checker, statement: ParamStatement, kept: ReadonlySet<string>): Param | null {
  const { name, value } = statement;
  const typed = valueOfParam(checker, statement);
  if (typed === null) {
    checker.values.set(name.text, null);
    return null;
  }
  const { term, time: timeDependent } = typed;
  const reference = { op: "param", param: checker.paramIndex.get(name.text)!, shape: term.shape } as const;
  checker.values.set(name.text, timeDependent ? { ...typed, term: reference, depth: 1 } : typed);
  const varying = kept.has(name.text) ? null : keptValue(checker, statement);
  if (kept.has(name.text) || (timeDependent && varying !== null)) {
    checker.kept.set(name.text, { ...typed, term: reference, depth: 1, kept: true });
  } else if (varying !== null) checker.kept.set(name.text, varying);
  return {
    name: name.text,
    nameSpan: name.span,
    valueSpan: value.span,
    shape: term.shape,
    timeDependent,
    value: timeDependent && varying !== null ? varying.term : term,
    source: sourceOf(value),
  };
}

/** The value of a param that depends on kept ones, by what they are; null where it depends on none. */
function keptValue(checker: Checker, statement: ParamStatement): Typed | null {
  const needs = checker.names.needs.get(statement) ?? [];
  if (checker.kept.size === 0 || ![...needs].some((name) => checker.kept.has(name))) return null;
  const typed = valueOfParam(checker, statement, { ...place, keeps: true });
  return typed?.kept ? typed : null;
}

function valueOfParam(checker: Checker, statement: ParamStatement, within = place): Typed | null {
  const typed = infer(checker, statement.value, within);
  if (statement.shape === null) return typed;
  const sizes = statement.shape.dimensions.map((dimension) => size(checker, dimension, "a size"));
  if (typed === null || sizes.includes(null)) return null;
  const declared = `\`${statement.name.text}\` is declared as`;
  return shaped(checker, typed, sizes as number[], statement.value, declared, (shape) => declaring(statement, shape));
}

function declaring({ name, shape }: ParamStatement, found: Shape): Fix {
  const span = { start: name.span.end, end: shape!.span.end };
  if (found.length === 0) return { title: "Remove the declared shape: it is a scalar", edits: [{ span, text: "" }] };
  const text = showShape(found);
  return { title: `Correct the declared shape to ${text}`, edits: [{ span: shape!.span, text }] };
}

function sourceOf(value: Expression): Param["source"] {
  if (value.kind === "group") return sourceOf(value.operand);
  if (value.kind !== "call" || value.callee.text !== "load") return null;
  const [file, tensor] = value.arguments;
  if (file.kind !== "string") return null;
  return { file: file.value, tensor: tensor?.kind === "string" ? tensor.value : null };
}
