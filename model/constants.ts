import type { Fix } from "../grammar/diagnostic.ts";
import type { Expression } from "../grammar/tree.ts";
import { type Checker, constantPlace, reshape, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { infer } from "./infer.ts";
import { entries, isColumn, maxSize, type Shape, sameShape, showShape } from "./shape.ts";
import { found, quote } from "./wording.ts";

/** The value of a constant expression. @param text what it is, as messages call it: `the size` */
export function constantValue(checker: Checker, expression: Expression, text: string): Typed | null {
  return infer(checker, expression, constantPlace(text));
}

/** A constant scalar; null after an error. */
export function constantNumber(checker: Checker, expression: Expression, text: string): number | null {
  const typed = constantValue(checker, expression, text);
  if (typed === null) return null;
  const value = data(typed);
  if (typed.term.shape.length === 0) return value[0];
  const message = `${text} must be a scalar: \`${quote(expression)}\` is ${showShape(typed.term.shape)}`;
  return checker.report(codes.shape, expression.span, message);
}

/** A constant vector of n entries, or a scalar that stands for each of them. */
export function constantVector(
  checker: Checker,
  expression: Expression,
  text: string,
  n: number,
  scalars = false,
): Float64Array | null {
  const typed = constantValue(checker, expression, text);
  if (typed === null) return null;
  const { shape } = typed.term;
  if (scalars && shape.length === 0) return new Float64Array(n).fill(data(typed)[0]);
  if (isColumn(shape) && shape[0] === n) return data(typed);
  const wanted = scalars ? `a scalar or [${n}]` : `[${n}]`;
  const message = `${text} must be ${wanted}: \`${quote(expression)}\` is ${showShape(shape)}`;
  return checker.report(codes.shape, expression.span, message);
}

/** A whole number from 1 to 100,000. */
export function size(checker: Checker, expression: Expression, text: string): number | null {
  const value = constantNumber(checker, expression, text);
  if (value === null) return null;
  if (Number.isInteger(value) && value >= 1 && value <= maxSize) return value;
  const message = `${text} must be a whole number from 1 to 100000${found(expression, value)}`;
  return checker.report(codes.range, expression.span, message);
}

/** The value with this shape; `[n, 1]` is taken as `[n]`. */
export function shaped(
  checker: Checker,
  typed: Typed,
  wanted: Shape,
  expression: Expression,
  expectation: string,
  fix?: (shape: Shape) => Fix,
): Typed | null {
  const { shape } = typed.term;
  if (sameShape(shape, wanted)) return typed;
  if (wanted.length === 1 && isColumn(shape) && entries(shape) === wanted[0]) return reshape(typed, wanted);
  const message = `${expectation} ${showShape(wanted)}, and \`${quote(expression)}\` is ${showShape(shape)}`;
  return checker.report(codes.shape, expression.span, message, fix ? { fixes: [fix(shape)] } : {});
}

function data({ term }: Typed): Float64Array {
  if (term.op !== "constant") throw new Error("not a constant");
  return term.data;
}
