import type { Expression, ModelTree, Statement } from "../grammar/tree.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { expressionShape, type KnownShape } from "./expression-shape.ts";

/** A shape some of whose sizes may be anything: null. */
export type WantedShape = readonly (number | null)[];

/** Whether a value of this shape can stand there. */
export function meets(shape: readonly number[], wanted: WantedShape): boolean {
  return shape.length === wanted.length && wanted.every((size, i) => size === null || size === shape[i]);
}

/** `[3, 2]`, `[n, 2]` */
export function wantedText(wanted: WantedShape): string {
  return `[${wanted.map((size) => size ?? "n").join(", ")}]`;
}

/**
 * What the rest of the model asks of a param: its declared shape, else that of the first place that uses it and settles
 * something; null where nothing does.
 */
export function wantedShape(model: ModelTree, symbols: readonly ModelSymbol[], name: string): WantedShape | null {
  const others = symbols.filter((symbol) => symbol.name !== name);
  let best: WantedShape | null = null;
  for (const statement of model.statements) {
    if (statement.kind === "param" && statement.name.text === name) {
      const sizes = statement.shape?.dimensions.map((size) => (size.kind === "number" ? size.value : null));
      if (sizes?.some((size) => size !== null)) return sizes;
    }
    if (!("value" in statement)) continue;
    const found = asked(statement.value, statementShape(statement, others), name, others);
    if (found !== null && (best === null || known(found) > known(best))) best = found;
  }
  return best;
}

/** The shape of the whole of a statement's value. */
export function statementShape(statement: Statement, symbols: readonly ModelSymbol[]): KnownShape {
  if (statement.kind === "param") {
    const sizes = statement.shape?.dimensions.flatMap((size) => (size.kind === "number" ? [size.value] : [])) ?? [];
    return sizes.length > 0 && sizes.length === statement.shape?.dimensions.length ? sizes : null;
  }
  if (statement.kind !== "flow" && statement.kind !== "encode") return null;
  return symbols.find(({ kind }) => kind === "state")?.shape ?? null;
}

function known(wanted: WantedShape): number {
  return wanted.filter((size) => size !== null).length;
}

/** @param wanted of the whole expression */
function asked(
  expression: Expression,
  wanted: WantedShape | null,
  name: string,
  symbols: readonly ModelSymbol[],
): WantedShape | null {
  switch (expression.kind) {
    case "name":
      return expression.name === name ? wanted : null;
    case "negate":
    case "group":
      return asked(expression.operand, wanted, name, symbols);
    case "transpose":
      return asked(expression.operand, wanted?.length === 2 ? [wanted[1], wanted[0]] : null, name, symbols);
    case "call": {
      const keeps = !["stack", "diag", "blocks", "eye", "zeros", "ones"].includes(expression.callee.text);
      for (const argument of expression.arguments) {
        const found = asked(argument, keeps && expression.arguments.length === 1 ? wanted : null, name, symbols);
        if (found !== null) return found;
      }
      return null;
    }
    case "binary": {
      const { left, operator, right } = expression;
      const [leftShape, rightShape] = [left, right].map((side) => expressionShape(side, symbols));
      const sides = sidesWanted(operator, wanted, leftShape, rightShape);
      return asked(left, sides.left, name, symbols) ?? asked(right, sides.right, name, symbols);
    }
    default:
      return null;
  }
}

function sidesWanted(
  operator: string,
  wanted: WantedShape | null,
  left: KnownShape,
  right: KnownShape,
): { readonly left: WantedShape | null; readonly right: WantedShape | null } {
  if (operator === "+" || operator === "-") return { left: wanted ?? right, right: wanted ?? left };
  if (operator !== "*") return { left: wanted, right: operator === ".*" ? wanted : null };
  // A matrix times a vector or a matrix; where one side is a scalar the other has the shape of the whole.
  if (left?.length === 0) return { left: null, right: wanted };
  const leftWanted = right === null || right.length === 0 ? (right ? wanted : null) : [wanted?.[0] ?? null, right[0]];
  const rightWanted =
    left === null ? null : wanted?.length === 2 ? [left[1] ?? 1, wanted[1]] : wanted ? [left[1] ?? 1] : null;
  return { left: leftWanted, right: rightWanted };
}
