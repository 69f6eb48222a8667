import type { Span } from "../../grammar/diagnostic.ts";
import type { Expression, ModelTree, NumbersExpression, ParamStatement } from "../../grammar/tree.ts";
import { walk } from "../../model/walk.ts";

/** Where the entries of one value stand, row-major: in the text, or in a tensor of a weight file. */
export type Piece =
  /** Starts and ends of the numbers at 2i and 2i + 1, as in `NumbersExpression.places`. */
  | { readonly kind: "numbers"; readonly places: Uint32Array }
  | { readonly kind: "load"; readonly load: LoadPlace; readonly part: Part | null };

interface LoadPlace {
  readonly file: string;
  readonly tensor: string | null;
  /** Of the file's name, with its quotes. */
  readonly fileSpan: Span;
}

/** A slice along a tensor's first dimension: of so many equal parts this one. */
interface Part {
  readonly index: number;
  readonly count: number;
}

/** The statement of a param; the first one of that name. */
export function paramStatement(tree: ModelTree, name: string): ParamStatement | null {
  const found = tree.statements.find((one) => one.kind === "param" && one.name.text === name);
  return found?.kind === "param" ? found : null;
}

/**
 * Where a param's entries can be changed one by one: one piece, or one for each value of its `interpolate` or `steps`; null
 * where an expression computes them.
 */
export function piecesOf(tree: ModelTree, name: string): Piece[] | null {
  const statement = paramStatement(tree, name);
  if (statement === null) return null;
  const value = bare(statement.value);
  const pieces = scheduled(value) ? scheduledPieces(tree, value) : pieceOf(value);
  if (pieces === null) return null;
  const all = Array.isArray(pieces) ? pieces : [pieces];
  return new Set(all.map(placeKey)).size === all.length ? all : null;
}

type Call = Extract<Expression, { kind: "call" }>;

function scheduled(value: Expression): value is Call {
  return value.kind === "call" && (value.callee.text === "interpolate" || value.callee.text === "steps");
}

function scheduledPieces(tree: ModelTree, { arguments: [times, list] }: Call): Piece[] | null {
  if (times === undefined || list === undefined) return null;
  if (list.kind === "numbers") return slicesOf(list);
  if (list.kind === "array") {
    const pieces = list.elements.map((element) => valuePiece(tree, element));
    return pieces.includes(null) ? null : (pieces as Piece[]);
  }
  const count = times.kind === "numbers" ? times.values.length : null;
  const load = loadPlace(list);
  if (count === null || load === null) return null;
  return Array.from({ length: count }, (_, index) => ({ kind: "load", load, part: { index, count } }));
}

/** A value of `interpolate` or `steps`: as it stands there, or a param of its own that nothing else uses. */
function valuePiece(tree: ModelTree, element: Expression): Piece | null {
  const value = bare(element);
  if (value.kind !== "name") return pieceOf(value);
  const statement = paramStatement(tree, value.name);
  return statement === null || uses(tree, value.name) > 1 ? null : pieceOf(bare(statement.value));
}

function uses(tree: ModelTree, name: string): number {
  let count = 0;
  for (const statement of tree.statements) {
    walk(statement, (expression) => {
      if (expression.kind === "name" && expression.name === name) count++;
    });
  }
  return count;
}

function pieceOf(value: Expression): Piece | null {
  if (value.kind === "numbers") return { kind: "numbers", places: value.places };
  if (isNumber(value)) return { kind: "numbers", places: Uint32Array.of(value.span.start, value.span.end) };
  const load = loadPlace(value);
  return load && { kind: "load", load, part: null };
}

/** `3`, `-3`; what stands between a sign and its number would be lost. */
function isNumber(value: Expression): boolean {
  if (value.kind === "number") return true;
  return (
    value.kind === "negate" && value.operand.kind === "number" && value.operand.span.start === value.span.start + 1
  );
}

function loadPlace(expression: Expression): LoadPlace | null {
  const value = bare(expression);
  if (value.kind !== "call" || value.callee.text !== "load") return null;
  const [file, tensor] = value.arguments;
  if (file?.kind !== "string" || (tensor !== undefined && tensor.kind !== "string")) return null;
  return { file: file.value, tensor: tensor?.value ?? null, fileSpan: file.span };
}

/** The slices along the first dimension. */
function slicesOf({ shape, places }: NumbersExpression): Piece[] {
  const [count] = shape;
  const size = places.length / count;
  return Array.from({ length: count }, (_, i) => ({
    kind: "numbers",
    places: places.subarray(i * size, (i + 1) * size),
  }));
}

function bare(expression: Expression): Expression {
  return expression.kind === "group" ? bare(expression.operand) : expression;
}

/** The same for what cannot be changed independently. */
function placeKey(piece: Piece): string {
  if (piece.kind === "numbers") return String(piece.places[0]);
  return JSON.stringify([piece.load.file, piece.load.tensor, piece.part?.index ?? null]);
}
