import type { Expression, FlowStatement, LayerStatement } from "../grammar/tree.ts";
import type { Checker, Place, Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { shaped } from "./constants.ts";
import { infer } from "./infer.ts";
import type { Layer } from "./model.ts";
import { dependencyOrder } from "./order.ts";
import { reportCircles } from "./params.ts";

/** The layers that the flow needs, in evaluation order, and the flow; null after an error in it. */
export interface Dynamics {
  readonly layers: readonly Layer[];
  readonly flow: Typed | null;
  /** `layer` statements that the flow does not need. */
  readonly unused: readonly LayerStatement[];
}

/** Checks the layers in the text's order, each after those it needs, and the flow. */
export function checkDynamics(checker: Checker, flow: FlowStatement | null): Dynamics {
  const { declared, needs } = checker.names;
  const isLayer = (name: string) => declared.get(name)!.kind === "layer";
  const needed = (name: string) => [...(needs.get(declared.get(name)!.statement) ?? [])].filter(isLayer);
  const { order, circles } = dependencyOrder([...declared.keys()].filter(isLayer), needed);
  reportCircles(checker, circles);

  const used = new Set<string>();
  const pending = flow === null ? [] : [...(needs.get(flow) ?? [])].filter(isLayer);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    pending.push(...needed(name));
  }
  const statement = (name: string) => declared.get(name)!.statement as LayerStatement;
  // The flow's layers come first, so that the others can be cut off.
  for (const name of order) if (used.has(name)) checkLayer(checker, statement(name));
  const typed = flow === null ? null : checkFlow(checker, flow);
  const layers = checker.layers.slice();
  for (const name of order) if (!used.has(name)) checkLayer(checker, statement(name));
  const unused = flow === null ? [] : order.filter((name) => !used.has(name)).map(statement);
  return { layers, flow: typed, unused };
}

function checkLayer(checker: Checker, statement: LayerStatement): void {
  const { name, value, span } = statement;
  const naming = { owner: name.text, span: name.span, call: callOf(value), count: 0 };
  const typed = infer(checker, value, placeOf("a layer", naming));
  if (typed !== null && !typed.variable) {
    const keyword = { start: span.start, end: span.start + "layer".length };
    checker.report(
      codes.constant,
      name.span,
      `a layer depends on the state, and \`${name.text}\` does not: it is a \`param\``,
      {
        fixes: [{ title: "Change to `param`", edits: [{ span: keyword, text: "param" }] }],
      },
    );
  }
  checker.values.set(name.text, typed?.variable ? typed : null);
}

function checkFlow(checker: Checker, { name, value, span }: FlowStatement): Typed | null {
  const typed = infer(checker, value, placeOf("the flow", { owner: "flow", span, call: null, count: 0 }));
  if (typed === null || checker.states === null) return null;
  return shaped(checker, typed, [checker.states], value, `\`${name.text}'\` has the state's shape`);
}

function placeOf(text: string, naming: NonNullable<Place["naming"]>): Place {
  return { text, time: true, variable: "state and layers", schedules: false, keeps: true, naming };
}

/** The call that a statement's value is, through parentheses. */
function callOf(value: Expression): Expression | null {
  if (value.kind === "group") return callOf(value.operand);
  return value.kind === "call" ? value : null;
}
