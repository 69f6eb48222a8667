import type { Expression } from "../grammar/tree.ts";
import { type Checker, constantTyped, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { entries, maxEntries, showShape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

type Call = Extract<Expression, { kind: "call" }>;

/** `load("file", "tensor")` */
export function load(checker: Checker, node: Call): Typed | null {
  const tensor = loadTensor(checker, node);
  if (tensor === null) return null;
  const { shape } = tensor;
  if (shape.length === 3) {
    const message = `${showLoad(node)} has 3 dimensions, ${showShape(shape)}: these can only be the knots of \`interpolate\` or \`steps\``;
    return checker.report(codes.shape, node.span, message);
  }
  return constantTyped(shape, tensor.data);
}

/** The tensor of at most 3 dimensions that a `load` names; null after an error. */
export function loadTensor(checker: Checker, node: Call): Tensor | null {
  const [file, name] = node.arguments;
  const isString = (e: Expression | undefined) => e === undefined || e.kind === "string";
  if (node.arguments.length < 1 || node.arguments.length > 2 || !node.arguments.every(isString)) {
    const message =
      '`load` takes the path and, where the file has several, the name of the tensor: `load("weights.npz", "A")`';
    return checker.report(codes.arguments, node.span, message);
  }
  if (file.kind !== "string") return null;
  const found = checker.source.tensor(file.value, name?.kind === "string" ? name.value : null);
  if ("code" in found) return checker.report(found.code, node.span, found.message);
  const { shape } = found;
  if (shape.length > 3) {
    const message = `${showLoad(node)} has ${shape.length} dimensions, ${showShape(shape)}: convolutions are not supported yet`;
    return checker.report(codes.shape, node.span, message);
  }
  if (entries(shape) === 0) {
    return checker.report(codes.shape, node.span, `${showLoad(node)} is empty: its shape is ${showShape(shape)}`);
  }
  if (entries(shape) > maxEntries) {
    return checker.report(
      codes.tooLarge,
      node.span,
      `${showLoad(node)} is ${showShape(shape)}: more than 2^24 entries`,
    );
  }
  return found;
}

function showLoad({ arguments: [file, name] }: Call): string {
  const path = file.kind === "string" ? file.value : "";
  return name?.kind === "string" ? `tensor "${name.value}" of ${path}` : path;
}
