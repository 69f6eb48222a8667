import type { Expression, NumbersExpression } from "../grammar/tree.ts";
import { applyActivation, builtin } from "./activation-calls.ts";
import { type Checker, constantTyped, type Place, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { call } from "./functions-of-expressions.ts";
import { array } from "./literals.ts";
import { kindText } from "./names.ts";
import { combine } from "./operators.ts";
import { index } from "./subscripts.ts";
import { quote } from "./wording.ts";

type Kind<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

/** What an expression means; null where it has an error, which has been reported. */
export function infer(checker: Checker, expression: Expression, place: Place): Typed | null {
  switch (expression.kind) {
    case "number":
      if (!Number.isFinite(expression.value)) return null;
      return constantTyped([], Float64Array.of(expression.value));
    case "infinity":
      return checker.report(codes.place, expression.span, "`inf` can stand in a `domain` and as a norm only");
    case "string":
      return checker.report(codes.place, expression.span, "a string can be an argument of `load` only");
    case "missing":
      return null;
    case "numbers":
      return numbers(expression);
    case "name":
      return named(checker, expression, place);
    case "group":
      return infer(checker, expression.operand, place);
    case "array":
      return array(checker, expression, place);
    case "negate":
      return negate(checker, expression, place);
    case "transpose":
      return transpose(checker, expression, place);
    case "binary":
      return binary(checker, expression, place);
    case "index":
      return index(checker, expression, place);
    case "call":
      return called(checker, expression, place);
  }
}

function numbers({ shape, values }: NumbersExpression): Typed | null {
  return values.every(Number.isFinite) ? constantTyped(shape, values) : null;
}

function named(checker: Checker, { name, span }: Kind<"name">, place: Place): Typed | null {
  const declaration = checker.names.declared.get(name);
  if (declaration === undefined) return name === "pi" ? constantTyped([], Float64Array.of(Math.PI)) : null;
  const refuse = (why: string) =>
    checker.report(
      codes.place,
      span,
      `\`${name}\` is ${kindText[declaration.kind]}: ${place.text} cannot depend on it${why}`,
    );
  switch (declaration.kind) {
    case "state":
      if (place.variable !== "state" && place.variable !== "state and layers") return refuse("");
      return variable(checker.states);
    case "input":
      return place.variable === "input" ? variable(checker.inputs) : refuse(", only `encode` can");
    case "layer":
      return place.variable === "state and layers" ? (checker.values.get(name) ?? null) : refuse("");
    case "output":
      return refuse("");
    case "activation":
      return checker.report(codes.place, span, `\`${name}\` is an activation: it needs an argument, \`${name}(…)\``);
    case "time":
      if (!place.time)
        return checker.report(codes.constant, span, `${place.text} must be constant: \`${name}\` is the time`);
      return { term: { op: "time", shape: [] }, variable: false, time: true, row: false, depth: 1 };
    case "param": {
      const typed = checker.values.get(name) ?? null;
      if (typed?.time && !place.time) {
        return checker.report(codes.constant, span, `${place.text} must be constant: \`${name}\` depends on time`);
      }
      if (place.fixes && checker.kept.has(name)) checker.fixesKept = true;
      return (place.keeps && checker.kept.get(name)) || typed;
    }
  }
}

/** The state or the input, of `size` components. */
function variable(size: number | null): Typed | null {
  if (size === null) return null;
  return { term: { op: "state", shape: [size] }, variable: true, time: false, row: false, depth: 1 };
}

function negate(checker: Checker, expression: Kind<"negate">, place: Place): Typed | null {
  const operand = infer(checker, expression.operand, place);
  if (operand === null) return null;
  const { term, row } = operand;
  return checker.typed({ op: "negate", operand: term, shape: term.shape }, [operand], expression, { row });
}

function transpose(checker: Checker, expression: Kind<"transpose">, place: Place): Typed | null {
  const operand = infer(checker, expression.operand, place);
  if (operand === null) return null;
  const { term } = operand;
  if (term.shape.length === 0) {
    const written = quote(expression.operand);
    return checker.report(
      codes.shape,
      expression.span,
      `\`${quote(expression)}\`: ${written} is a scalar, not a matrix`,
    );
  }
  const row = term.shape.length === 1;
  const shape = row ? [1, term.shape[0]] : operand.row ? [term.shape[1]] : [term.shape[1], term.shape[0]];
  return checker.typed({ op: "transpose", operand: term, shape }, [operand], expression, { row });
}

/** Chains `a + b + c + …` lean to the left and can be long: their spine is walked, not recursed into. */
function binary(checker: Checker, expression: Kind<"binary">, place: Place): Typed | null {
  const spine: Kind<"binary">[] = [];
  let first: Expression = expression;
  while (first.kind === "binary") {
    spine.push(first);
    first = first.left;
  }
  let left = infer(checker, first, place);
  for (const node of spine.reverse()) {
    const right = infer(checker, node.right, place);
    left = left === null || right === null ? null : combine(checker, node, left, right, place);
  }
  return left;
}

function called(checker: Checker, expression: Kind<"call">, place: Place): Typed | null {
  const name = expression.callee.text;
  if (checker.names.declared.get(name)?.kind === "activation") {
    const activation = checker.activations.get(name) ?? null;
    return applyActivation(checker, expression, activation, place);
  }
  const activation = builtin(name);
  if (activation !== null) return applyActivation(checker, expression, activation, place);
  return call(checker, expression, place);
}
