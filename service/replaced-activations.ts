import type { Expression, ModelTree, Name, Statement } from "../grammar/tree.ts";
import { slopeRestricted } from "../model/activations.ts";
import type { Activation, Model } from "../model/model.ts";
import { walk } from "../model/walk.ts";
import type { SpanEdit } from "./text-edits.ts";

/** Built-ins with slopes in [0, 1] or more, and what takes their place: of the same kind, kinked or smooth. */
const successors: Readonly<Record<string, string>> = {
  relu: "leaky_relu",
  relu6: "leaky_relu",
  hardtanh: "leaky_relu",
  tanh: "smooth_leaky_relu",
  atan: "smooth_leaky_relu",
  softsign: "smooth_leaky_relu",
  softplus: "smooth_leaky_relu",
  elu: "smooth_leaky_relu",
  celu: "smooth_leaky_relu",
};

/** Those that have their least slope for a first argument. */
const withLeast = new Set(["leaky_relu", "prelu", "smooth_leaky_relu", slopeRestricted]);

/**
 * An activation's text with slopes in [m, M], M what it was; its own text where they are so already; null where no
 * activation of its kind has such slopes.
 */
function successor({ builtin, arguments: args, text, slopes: { lower, upper } }: Activation, m: string): string | null {
  if (lower >= Number(m)) return text;
  if (Number(m) >= upper) return null;
  if (builtin === slopeRestricted) return `${slopeRestricted}(${m}, ${args[1]})`;
  if (upper !== 1) return null;
  const name = withLeast.has(builtin) ? builtin : successors[builtin];
  return name === undefined ? null : `${name}(${m})`;
}

/** The activations that take the place of those with slopes below m, each once; null where not all can be replaced. */
function successorsOf(model: Model, m: string): string[] | null {
  const texts = new Set<string>();
  for (const { activation } of model.layers) {
    const text = successor(activation, m);
    if (text === null) return null;
    if (text !== activation.text) texts.add(text);
  }
  return [...texts];
}

/** Whether every activation whose slopes are not all the same has one of its kind with a greater least slope. */
export function canReplaceActivations(model: Model): boolean {
  const replaced = model.layers.map(({ activation }) => {
    const { lower, upper } = activation.slopes;
    return lower === upper ? activation.text : successor(activation, String(lower / 2 + upper / 2));
  });
  return replaced.length > 0 && !replaced.includes(null);
}

/** `the activation by smooth_leaky_relu(0.905)` */
export function replacementText(model: Model, m: string): string {
  const texts = successorsOf(model, m) ?? [];
  return `the activation${texts.length > 1 ? "s" : ""} by ${texts.join(" and ")}`;
}

/**
 * Each activation with slopes below m gets the least slope m: an argument in its place, another built-in in a statement, or,
 * where a layer calls a built-in itself, a statement of its own before it. None where not all can be.
 *
 * @param tree that of `model`, of this `text`
 */
export function activationEdits(text: string, tree: ModelTree, model: Model, m: string): SpanEdit[] {
  if (successorsOf(model, m) === null) return [];
  const statements = new Map(
    tree.statements.flatMap((statement) =>
      statement.kind === "activation" ? [[statement.name.text, statement] as const] : [],
    ),
  );
  const edits = new Map<number, SpanEdit>();
  const added = new Map<string, string>();
  for (const statement of tree.statements) {
    const before: string[] = [];
    for (const { callee, activation } of layerCalls(statement, model)) {
      const replaced = successor(activation, m)!;
      if (replaced === activation.text) continue;
      const named = statements.get(callee.text);
      if (named !== undefined) {
        edits.set(named.value.span.start, replacedValue(named.value, replaced, m));
        continue;
      }
      const name = added.get(replaced) ?? freshName(tree, added.size);
      if (!added.has(replaced)) before.push(`activation ${name} = ${replaced}`);
      added.set(replaced, name);
      edits.set(callee.span.start, { span: callee.span, text: name });
    }
    if (before.length > 0) edits.set(statement.span.start, insertedBefore(text, statement, before));
  }
  return [...edits.values()].toSorted((a, b) => a.span.start - b.span.start);
}

interface LayerCall {
  readonly callee: Name;
  readonly activation: Activation;
}

/** The calls in a statement that are layers of the model. */
function layerCalls(statement: Statement, model: Model): LayerCall[] {
  if (statement.kind !== "layer" && statement.kind !== "flow") return [];
  let whole: Expression = statement.value;
  while (whole.kind === "group") whole = whole.operand;
  const calls: LayerCall[] = [];
  walk(statement, (expression) => {
    if (expression.kind !== "call") return;
    // A layer that is the whole of its statement has its place at the statement's name.
    const places = [expression.span, ...(expression === whole ? [statement.name.span] : [])];
    const layer = model.layers.find(({ span }) =>
      places.some(({ start, end }) => start === span.start && end === span.end),
    );
    if (layer !== undefined) calls.push({ callee: expression.callee, activation: layer.activation });
  });
  return calls;
}

/** The first argument alone where the activation stays what it is. */
function replacedValue(value: Expression, replaced: string, m: string): SpanEdit {
  const isSame = value.kind === "call" && replaced.startsWith(`${value.callee.text}(`);
  const [least] = isSame ? value.arguments : [];
  return least === undefined ? { span: value.span, text: replaced } : { span: least.span, text: m };
}

/** `act`, `act2`, …: the first that nothing in the model is called. */
function freshName(tree: ModelTree, used: number): string {
  const taken = new Set(tree.statements.flatMap((statement) => ("name" in statement ? [statement.name.text] : [])));
  const names = Array.from({ length: taken.size + used + 1 }, (_, k) => (k === 0 ? "act" : `act${k + 1}`));
  return names.filter((name) => !taken.has(name))[used]!;
}

/** On lines of their own where the statement begins its line. */
function insertedBefore(text: string, { span: { start } }: Statement, added: readonly string[]): SpanEdit {
  const indentation = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const separator = indentation.trim() === "" ? `${lineBreak}${indentation}` : " ";
  return { span: { start, end: start }, text: added.map((statement) => `${statement}${separator}`).join("") };
}
