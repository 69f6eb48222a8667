import type { Expression } from "../grammar/tree.ts";
import { type Checker, constantTyped, type Place, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { constantValue } from "./constants.ts";
import { infer } from "./infer.ts";
import { loadTensor } from "./load.ts";
import { entries, isColumn, type Shape, sameShape, showShape } from "./shape.ts";
import { quote } from "./wording.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** `interpolate([t0, t1, …], [A0, A1, …])` and `steps(…)`. */
export function knots(checker: Checker, node: Call, place: Place): Typed | null {
  const name = node.callee.text as "interpolate" | "steps";
  if (!place.schedules) {
    const message = `\`${name}\` can stand in a \`param\` only: name it there, and use the name`;
    return checker.report(codes.place, node.span, message);
  }
  if (node.arguments.length !== 2) {
    const message = `\`${name}\` takes the times and the values: \`${name}([0, 1], [A0, A1])\``;
    return checker.report(codes.arguments, node.span, message);
  }
  const [timesAt, valuesAt] = node.arguments;
  const times = ascending(checker, timesAt, name);
  const values = list(checker, valuesAt, place);
  if (times === null || values === null) return null;
  if (times.length !== values.length) {
    const message = `\`${name}\` has ${times.length} times and ${values.length} values`;
    return checker.report(codes.shape, node.span, message);
  }
  const { shape } = values[0].term;
  const odd = values.findIndex((value) => !sameShape(value.term.shape, shape));
  if (odd > 0) {
    const found = `the first is ${showShape(shape)}, number ${odd + 1} is ${showShape(values[odd].term.shape)}`;
    return checker.report(codes.shape, valuesAt.span, `the values of \`${name}\` have one shape: ${found}`);
  }
  const variable = values.find((value) => value.variable);
  if (variable !== undefined) return null;
  return checker.typed({ op: name, times, values: values.map((value) => value.term), shape }, values, node);
}

function ascending(checker: Checker, expression: Expression, name: string): Float64Array | null {
  const typed = constantValue(checker, expression, `the times of \`${name}\``);
  if (typed === null || typed.term.op !== "constant") return null;
  const { shape, data } = typed.term;
  if (!isColumn(shape)) {
    const message = `the times of \`${name}\` are a vector, and \`${quote(expression)}\` is ${showShape(shape)}`;
    return checker.report(codes.shape, expression.span, message);
  }
  const bad = data.findIndex((time, i) => i > 0 && !(time > data[i - 1]));
  if (bad < 0) return data;
  const message = `the times of \`${name}\` must ascend, and ${data[bad]} comes after ${data[bad - 1]}`;
  return checker.report(codes.range, expression.span, message);
}

/** The values of a literal's elements, or the slices of one tensor. */
function list(checker: Checker, expression: Expression, place: Place): Typed[] | null {
  if (expression.kind === "array") {
    const values = expression.elements.map((element) => infer(checker, element, { ...place, schedules: false }));
    return values.includes(null) ? null : (values as Typed[]);
  }
  if (expression.kind === "call" && expression.callee.text === "load") {
    const tensor = loadTensor(checker, expression);
    if (tensor === null) return null;
    return slices(checker, tensor.shape, tensor.data, expression);
  }
  const typed = infer(checker, expression, { ...place, schedules: false });
  if (typed === null) return null;
  if (typed.term.op === "constant") return slices(checker, typed.term.shape, typed.term.data, expression);
  const message = `the values are a literal \`[A0, A1, …]\` or one constant tensor, and \`${quote(expression)}\` is neither`;
  return checker.report(codes.constant, expression.span, message);
}

function slices(checker: Checker, shape: Shape, data: Float64Array, expression: Expression): Typed[] | null {
  if (shape.length === 0) {
    const message = `the values are a literal \`[A0, A1, …]\`, and \`${quote(expression)}\` is a scalar`;
    return checker.report(codes.shape, expression.span, message);
  }
  const inner = shape.slice(1);
  const size = entries(inner);
  return Array.from({ length: shape[0] }, (_, i) => constantTyped(inner, data.subarray(i * size, (i + 1) * size)));
}
