import type { Expression } from "../../grammar/tree.ts";
import { activations, slopeRestricted } from "../../model/activations.ts";
import { codes } from "../../model/codes.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { freeName, statementAbove } from "../new-statement.ts";
import { type Candidate, type Mistake, statementAt } from "./fix.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** What libraries take where nothing is said. */
const usual: Readonly<Record<string, string>> = {
  leaky_relu: "0.01",
  prelu: "0.25",
  smooth_leaky_relu: "0.1",
  elu: "1",
  celu: "1",
  softplus: "1",
  [slopeRestricted]: "0, 1",
};

/** For a call whose arguments do not fit. */
export function fittingArguments(mistake: Mistake): Candidate[] {
  const { diagnostic, model } = mistake;
  if (diagnostic.code !== codes.arguments) return [];
  const statement = statementAt(model.tree, mistake);
  if (statement === null) return [];
  const { start, end } = diagnostic.span;
  if (statement.kind === "activation" && statement.value.kind === "name") return withUsual(statement.value);
  let call: Call | null = null;
  walkExpressions(expressionsOf(statement), (one) => {
    if (one.kind !== "call" || one.span.start !== start) return;
    if (one.span.end === end || one.callee.span.end === end) call = one;
  });
  if (call === null) return [];
  return [...sized(mistake, call), ...named(mistake, statement.span.start, call)];
}

/** `activation act = leaky_relu` */
function withUsual({ name, span }: Extract<Expression, { kind: "name" }>): Candidate[] {
  if (usual[name] === undefined) return [];
  const text = `${name}(${usual[name]})`;
  return [{ title: `Change to ${text}`, edits: [{ span, text }] }];
}

/** `eye()` of the state's size. */
function sized({ model }: Mistake, { callee, arguments: args, span }: Call): Candidate[] {
  if (args.length > 0 || !["eye", "zeros", "ones"].includes(callee.text)) return [];
  const size = model.symbols.find(({ kind }) => kind === "state")?.shape?.[0];
  if (size === undefined) return [];
  const text = `${callee.text}(${size})`;
  return [{ title: `Change to ${text}, of the state's size`, edits: [{ span, text }], isMeant: true }];
}

/** `leaky_relu(x)`, `leaky_relu(x, 0.2)`: the activation gets its own argument and a name. */
function named({ text, model }: Mistake, above: number, { callee, arguments: args }: Call): Candidate[] {
  const builtin = callee.text;
  if (builtin !== slopeRestricted && !Object.hasOwn(activations, builtin)) return [];
  const parameters = builtin === slopeRestricted ? ["m", "M"] : activations[builtin].parameters;
  const given = args.length === 1 + parameters.length && parameters.length > 0;
  if (!given && (args.length !== 1 || usual[builtin] === undefined)) return [];
  const own = given ? text.slice(args[1].span.start, args[args.length - 1].span.end) : (usual[builtin] as string);
  const name = freeName(text, model.tree.span, "act");
  const value = `${builtin}(${own})`;
  const edits = [
    statementAbove(text, above, `activation ${name} = ${value}`),
    { span: callee.span, text: name },
    ...(given ? [{ span: { start: args[0].span.end, end: args[args.length - 1].span.end }, text: "" }] : []),
  ];
  return [{ title: `Name the activation: ${name} = ${value}`, edits, isMeant: given }];
}
