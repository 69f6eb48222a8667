import type { Expression, NumbersExpression } from "../grammar/tree.ts";

/** Longest quotation in a message, in characters. */
const longest = 60;

/** The expression as a message quotes it: canonical spacing, long literals and long expressions cut short. */
export function quote(expression: Expression): string {
  const text = show(expression, 12);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** `, not 3` for a number as written, `, and \`n / 2\` is 3` for what comes out as one. */
export function found(expression: Expression, value: number): string {
  const text = quote(expression);
  return text === String(value) ? `, not ${text}` : `, and \`${text}\` is ${value}`;
}

/** The whole of a short expression, such as a requirement's limit. */
export function show(expression: Expression, depth: number): string {
  if (depth === 0) return "…";
  const inner = (e: Expression) => show(e, depth - 1);
  switch (expression.kind) {
    case "number":
      return String(expression.value);
    case "infinity":
      return "inf";
    case "name":
      return expression.name;
    case "string":
      return JSON.stringify(expression.value);
    case "numbers":
      return numbers(expression);
    case "array":
      return `[${list(expression.elements, inner)}]`;
    case "negate":
      return `-${inner(expression.operand)}`;
    case "binary": {
      const space = expression.operator === "^" ? "" : " ";
      return `${inner(expression.left)}${space}${expression.operator}${space}${inner(expression.right)}`;
    }
    case "transpose":
      return `${inner(expression.operand)}^T`;
    case "index":
      return `${inner(expression.operand)}[${expression.subscripts
        .map((s) => (s.to === null ? inner(s.from) : `${inner(s.from)}..${inner(s.to)}`))
        .join(", ")}]`;
    case "call":
      return `${expression.callee.text}(${list(expression.arguments, inner)})`;
    case "group":
      return `(${inner(expression.operand)})`;
    case "missing":
      return "…";
  }
}

function list(elements: readonly Expression[], inner: (e: Expression) => string): string {
  return elements.length <= 6
    ? elements.map(inner).join(", ")
    : `${elements.slice(0, 2).map(inner).join(", ")}, …, ${inner(elements[elements.length - 1])}`;
}

function numbers({ shape, values }: NumbersExpression): string {
  if (values.length > 9) return shape.length === 1 ? `[${values[0]}, …]` : `[[${values[0]}, …], …]`;
  if (shape.length === 1) return `[${[...values].join(", ")}]`;
  const rows = Array.from({ length: shape[0] }, (_, i) =>
    [...values.subarray(i * shape[1], (i + 1) * shape[1])].join(", "),
  );
  return `[[${rows.join("], [")}]]`;
}
