import type { Statement } from "../../grammar/tree.ts";
import { codes } from "../../model/codes.ts";
import { showShape } from "../../model/shape.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { statementAbove, statementAtEnd, statementAtStart, statementBelow } from "../new-statement.ts";
import type { SpanEdit } from "../text-edits.ts";
import { type Candidate, type Mistake, statementAt } from "./fix.ts";
import type { PartialShape } from "./partial-shapes.ts";
import { shapesInUse } from "./shapes-in-use.ts";

/** Entries that are written one by one, for a person to change them. */
const mostWritten = 16;
/** Sizes that are offered for one that may be anything. */
const mostSizes = 3;

type Shape = readonly number[];

/** For a name that nothing declares: its declaration, as its use tells what it is. */
export function declarations(mistake: Mistake): Candidate[] {
  const { code, span } = mistake.diagnostic;
  const { tree } = mistake.model;
  const statement = statementAt(tree, mistake);
  if (code === codes.missingStatement) return missingStatements(mistake);
  if (code !== codes.unknownName || statement === null) return [];
  const name = mistake.text.slice(span.start, span.end).normalize("NFC");
  if ("name" in statement && statement.name.span.start === span.start) return [];
  if (isCalled(statement, span.start)) return [activation(mistake, statement, name)];
  if (statement.kind === "activation") return [];
  if (statement.kind === "require" && statement.norm.span.start === span.start) return infinity(mistake, name);
  const flow = tree.statements.find(({ kind }) => kind === "flow");
  const isState = !tree.statements.some(({ kind }) => kind === "state") && flow?.kind === "flow";
  if (isState && flow.name.text === name) return [missingState(mistake, name)];
  const shape = shapesInUse(mistake.model).get(name) ?? null;
  const isMetric = statement.kind === "require" && statement.metric?.span.start === span.start;
  const shapes = fittingShapes(mistake, shape, /^\p{Lu}/u.test(name));
  const isSure = shape !== null && !shape.includes(null);
  const params = shapes.map((one, i) => param(mistake, statement, name, one, isMetric, isSure && i === 0));
  const layer =
    statement.kind === "layer" || statement.kind === "flow" ? layerFor(mistake, statement, name, shape) : [];
  // By custom the values of hidden layers.
  return /^[hz]/.test(name) ? [...layer, ...params] : [...params, ...layer];
}

/** All sizes known, a scalar where the name multiplies something: what is written large is a matrix. */
function fittingShapes({ model }: Mistake, shape: PartialShape, isLarge: boolean): Shape[] {
  if (shape === null) return [];
  const known = [...new Set(model.symbols.flatMap((symbol) => symbol.shape ?? []))];
  const free = shape.includes(null) ? known.slice(0, mostSizes) : [0];
  const shapes = free.map((size) => shape.map((one) => one ?? size));
  const isSquare = shape.length === 2 && shape[0] === shape[1] && shape[0] !== null;
  if (!isSquare) return shapes;
  return isLarge ? [...shapes, []] : [[], ...shapes];
}

function param(
  { text, model: { tree } }: Mistake,
  user: Statement,
  name: string,
  shape: Shape,
  isMetric: boolean,
  isMeant: boolean,
): Candidate {
  const last = tree.statements.findLast(({ kind, span }) => kind === "param" && span.start < user.span.start);
  const statement = `param ${name} = ${isMetric ? metricText(shape) : valueText(shape)}`;
  const edit = last ? statementBelow(text, last.span, statement) : statementAbove(text, user.span.start, statement);
  const what = shape.length === 0 ? `${name}, a scalar` : `${name}: ${showShape(shape)}`;
  return { title: `Declare param ${what}`, edits: [edit], isMeant };
}

/** What changes nothing where it is a factor or a term, in a form that a person fills in. */
function valueText(shape: Shape): string {
  if (shape.length === 0) return "1";
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > mostWritten) return `zeros(${shape.join(", ")})`;
  const row = `[${Array.from({ length: shape.at(-1)! }, () => "0").join(", ")}]`;
  return shape.length === 1 ? row : `[${Array.from({ length: shape[0] }, () => row).join(", ")}]`;
}

function metricText(shape: Shape): string {
  return shape.length === 2 ? `eye(${shape[0]})` : `ones(${shape[0]})`;
}

function layerFor({ text, model }: Mistake, user: Statement, name: string, shape: PartialShape): Candidate[] {
  const state = model.symbols.find(({ kind }) => kind === "state");
  const [size, ...more] = shape ?? [null];
  if (state === undefined || state.shape === null || size === null || size === undefined || more.length > 0) return [];
  const [n] = state.shape;
  const value = size === n ? `tanh(${state.name})` : `tanh(zeros(${size}, ${n}) * ${state.name})`;
  const edit = statementAbove(text, user.span.start, `layer ${name} = ${value}`);
  return [{ title: `Declare layer ${name}: [${size}]`, edits: [edit], isMeant: true }];
}

function activation({ text }: Mistake, user: Statement, name: string): Candidate {
  const edit = statementAbove(text, user.span.start, `activation ${name} = tanh`);
  return { title: `Declare activation ${name} = tanh`, edits: [edit] };
}

/** The norm that others call by other names. */
function infinity({ diagnostic: { span } }: Mistake, name: string): Candidate[] {
  if (!/^(inf|max$|oo$)/i.test(name)) return [];
  return [{ title: "Change to `inf`", edits: [{ span, text: "inf" }], isMeant: true }];
}

function isCalled(statement: Statement, at: number): boolean {
  let found = false;
  walkExpressions(expressionsOf(statement), (one) => {
    found ||= one.kind === "call" && one.callee.span.start === at;
  });
  return found;
}

function addition(statement: string, edit: SpanEdit, isMeant: boolean): Candidate {
  return { title: `Add ${statement}`, edits: [edit], isMeant };
}

/** The size is what the rest of the model tells. */
function missingState({ text, model }: Mistake, name: string): Candidate {
  const [size = null, ...more] = shapesInUse(model).get(name) ?? [];
  const isKnown = size !== null && more.length === 0;
  const statement = `state ${name}[${isKnown ? size : 2}]`;
  return addition(statement, statementAtStart(text, model.tree, statement), isKnown);
}

/** `state` or `flow`. */
function missingStatements(mistake: Mistake): Candidate[] {
  const { text, model, diagnostic } = mistake;
  const { tree, symbols } = model;
  const flow = tree.statements.find(({ kind }) => kind === "flow");
  if (/has no `state`/.test(diagnostic.message)) {
    return [missingState(mistake, (flow?.kind === "flow" && flow.name.text) || "x")];
  }
  const state = symbols.find(({ kind }) => kind === "state");
  if (state === undefined) return [];
  const last = symbols.findLast(
    ({ kind, shape, references }) =>
      kind === "layer" && references.length === 0 && shape?.length === 1 && shape[0] === state.shape?.[0],
  );
  const statement = `flow ${state.name}' = ${last?.name ?? `-${state.name}`}`;
  const end = tree.statements.findLast(({ kind }) => !["require", "simulate", "domain"].includes(kind));
  const edit = end ? statementBelow(text, end.span, statement) : statementAtEnd(text, tree, statement);
  return [addition(statement, edit, last !== undefined)];
}
