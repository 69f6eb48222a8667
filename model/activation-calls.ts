import type { Expression } from "../grammar/tree.ts";
import { activations, slopeRestricted } from "./activations.ts";
import { type Checker, type Place, reshape, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { constantNumber } from "./constants.ts";
import { infer } from "./infer.ts";
import type { Activation } from "./model.ts";
import { notAffine } from "./operators.ts";
import { isColumn, showShape } from "./shape.ts";
import type { Term } from "./term.ts";
import { walkExpressions } from "./walk.ts";
import { quote } from "./wording.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** A built-in activation that needs no argument of its own, for direct use; a string names one that does. */
export function builtin(name: string): Activation | string | null {
  if (name === slopeRestricted) return name;
  if (!Object.hasOwn(activations, name)) return null;
  const { defaults, slopes } = activations[name];
  return defaults === null ? name : { text: name, builtin: name, arguments: defaults, slopes: slopes(...defaults) };
}

/** The activation that `activation f = …` names; null after an error. */
export function activationOf(checker: Checker, expression: Expression): Activation | null {
  const [name, args] =
    expression.kind === "name"
      ? [expression.name, null]
      : expression.kind === "call"
        ? [expression.callee.text, expression.arguments]
        : ["", null];
  if (expression.kind === "missing") return null;
  if (name !== slopeRestricted && !Object.hasOwn(activations, name)) {
    if (expression.kind === "name" && !checker.names.declared.has(name)) return null;
    if (expression.kind === "call" && !checker.names.declared.has(name)) {
      for (const argument of expression.arguments) constantNumber(checker, argument, "an argument");
    }
    const message = `\`${quote(expression)}\` is not a built-in activation: \`relu\`, \`tanh\`, \`leaky_relu(0.1)\`, \`slope_restricted(0, 1)\`, …`;
    return checker.report(codes.place, expression.span, message);
  }
  const parameters = name === slopeRestricted ? ["m", "M"] : activations[name].parameters;
  const defaults = name === slopeRestricted ? null : activations[name].defaults;
  if (args === null && defaults !== null) return withArguments(checker, name, defaults, true, expression);
  if (args === null || args.length !== parameters.length) {
    const wanted = parameters.length === 0 ? `\`${name}\`, without arguments` : `\`${name}(${parameters.join(", ")})\``;
    return checker.report(codes.arguments, expression.span, `it is ${wanted}, and here is \`${quote(expression)}\``);
  }
  const values = args.map((argument, i) => constantNumber(checker, argument, `\`${parameters[i]}\` of \`${name}\``));
  return values.includes(null) ? null : withArguments(checker, name, values as number[], false, expression);
}

function withArguments(
  checker: Checker,
  name: string,
  args: readonly number[],
  implied: boolean,
  expression: Expression,
): Activation | null {
  const text = implied || args.length === 0 ? name : `${name}(${args.join(", ")})`;
  if (name === slopeRestricted) {
    const [lower, upper] = args;
    if (lower <= upper) return { text, builtin: name, arguments: args, slopes: { lower, upper } };
    const message = `the least slope comes first: ${lower} is greater than ${upper}`;
    return checker.report(codes.range, expression.span, message);
  }
  const problem = activations[name].check?.(...args) ?? null;
  if (problem !== null) return checker.report(codes.range, expression.span, `\`${name}\`: ${problem}`);
  return { text, builtin: name, arguments: args, slopes: activations[name].slopes(...args) };
}

/**
 * An activation's call: of a constant or of time, the function, entry by entry; of what depends on the state, a layer.
 * @param activation a string is a built-in that cannot be used directly; null has been reported
 */
export function applyActivation(
  checker: Checker,
  node: Call,
  activation: Activation | string | null,
  place: Place,
): Typed | null {
  const name = node.callee.text;
  const args = node.arguments.map((argument) => infer(checker, argument, place));
  if (typeof activation === "string") {
    const parameters = name === slopeRestricted ? ["m", "M"] : activations[name].parameters;
    const message = `\`${name}\` needs its own argument: name it, \`activation act = ${name}(${parameters.join(", ")})\`, and write \`act(…)\``;
    return checker.report(codes.arguments, node.callee.span, message);
  }
  if (args.length !== 1) {
    const message = `\`${name}\` is applied to one value, \`${name}(…)\`, not to ${args.length}`;
    return checker.report(codes.arguments, node.span, message);
  }
  const [argument] = args;
  if (argument === null || activation === null) return null;
  const { shape } = argument.term;
  if (shape.length === 2 && !isColumn(shape)) {
    const message = `an activation is applied to a vector, and \`${quote(node.arguments[0])}\` is ${showShape(shape)}`;
    return checker.report(codes.shape, node.span, message);
  }
  const vector = shape.length === 2 ? reshape(argument, [shape[0]]) : argument;
  return argument.variable
    ? layer(checker, node, activation, vector, place)
    : elementwise(checker, node, activation, vector);
}

function elementwise(checker: Checker, node: Call, activation: Activation, argument: Typed): Typed | null {
  if (activation.builtin === slopeRestricted) {
    const message = `\`${quote(node)}\` has no value: \`${node.callee.text}\` is known by its slopes only`;
    return checker.report(codes.constant, node.span, message);
  }
  const { term } = argument;
  const { builtin: name, arguments: args } = activation;
  return checker.typed(
    { op: "apply", function: name, arguments: args, operand: term, shape: term.shape },
    [argument],
    node,
  );
}

function layer(checker: Checker, node: Call, activation: Activation, argument: Typed, place: Place): Typed | null {
  const { naming } = place;
  if (naming === null) return notAffine(checker, node, `${place.text} has no activations`);
  const { shape } = argument.term;
  const scalar = shape.length === 0;
  const neurons = scalar ? 1 : shape[0];
  const own = naming.call === node;
  const index = checker.layers.length;
  checker.layers.push({
    name: own ? naming.owner : `${naming.owner}#${++naming.count}`,
    span: own ? naming.span : node.span,
    neurons,
    activation,
    argument: scalar ? { op: "blocks", rows: [[argument.term]], shape: [1] } : argument.term,
    weight: weightOf(checker, node.arguments[0]),
  });
  const output: Term = { op: "layer", layer: index, shape: [neurons] };
  const term: Term = scalar ? { op: "slice", operand: output, rows: [0, 1], columns: [0, 1], shape: [] } : output;
  return { term, variable: true, time: argument.time, row: false, depth: 2 };
}

/** The param W of `W * y + b`, y dependent on the state and b not; else null. */
function weightOf(checker: Checker, expression: Expression): string | null {
  let at = expression;
  for (;;) {
    if (at.kind === "group") at = at.operand;
    else if (at.kind === "binary" && at.operator === "+" && !mentionsState(checker, at.right)) at = at.left;
    else if (at.kind === "binary" && at.operator === "+" && !mentionsState(checker, at.left)) at = at.right;
    else if (at.kind === "binary" && at.operator === "-" && !mentionsState(checker, at.right)) at = at.left;
    else break;
  }
  if (at.kind !== "binary" || at.operator !== "*" || !mentionsState(checker, at.right)) return null;
  let factor = at.left;
  while (factor.kind === "group") factor = factor.operand;
  if (factor.kind !== "name") return null;
  const isParam = checker.names.declared.get(factor.name)?.kind === "param";
  return isParam && checker.values.get(factor.name)?.term.shape.length === 2 ? factor.name : null;
}

function mentionsState(checker: Checker, expression: Expression): boolean {
  let mentioned = false;
  walkExpressions([expression], (part) => {
    const kind = part.kind === "name" ? checker.names.declared.get(part.name)?.kind : undefined;
    mentioned ||= kind === "state" || kind === "layer";
  });
  return mentioned;
}
