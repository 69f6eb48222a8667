import type { Expression } from "../grammar/tree.ts";
import { type Checker, constantTyped, type Place, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { size } from "./constants.ts";
import { functions as scalarFunctions } from "./functions.ts";
import { infer } from "./infer.ts";
import { knots } from "./knots.ts";
import { blocks, stack } from "./literals.ts";
import { load } from "./load.ts";
import { notAffine } from "./operators.ts";
import { entries, isColumn, maxEntries, type Shape, showShape } from "./shape.ts";
import type { Term } from "./term.ts";
import { quote } from "./wording.ts";

type Call = Extract<Expression, { kind: "call" }>;
type Meaning = (checker: Checker, node: Call, place: Place) => Typed | null;

/** The functions of grammar/keywords.ts but for `tanh`, which is an activation, too. */
const meanings: Readonly<Record<string, Meaning>> = {
  eye: (checker, node) => filled(checker, node, [1], identityMatrix),
  zeros: (checker, node) => filled(checker, node, [1, 2], (shape) => new Float64Array(entries(shape))),
  ones: (checker, node) => filled(checker, node, [1, 2], (shape) => new Float64Array(entries(shape)).fill(1)),
  diag,
  sym: (checker, node, place) => parity(checker, node, place, "add"),
  skew: (checker, node, place) => parity(checker, node, place, "subtract"),
  blocks,
  stack,
  load,
  interpolate: knots,
  steps: knots,
};

/** The meaning of a call of a function. */
export function call(checker: Checker, node: Call, place: Place): Typed | null {
  const name = node.callee.text;
  if (Object.hasOwn(meanings, name)) return meanings[name](checker, node, place);
  if (Object.hasOwn(scalarFunctions, name)) return scalar(checker, node, place);
  // Unknown, and reported as that; its arguments may have mistakes of their own.
  for (const argument of node.arguments) infer(checker, argument, place);
  return null;
}

/** The arguments' types, or null after an error in one of them or in their number. */
function operand(checker: Checker, node: Call, place: Place, example: string): Typed | null {
  if (node.arguments.length === 1) return infer(checker, node.arguments[0], place);
  const message = `\`${node.callee.text}\` takes one argument, \`${example}\`, not ${node.arguments.length}`;
  return checker.report(codes.arguments, node.span, message);
}

function identityMatrix([n]: Shape): Float64Array {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return data;
}

/** `eye(n)`, `zeros(n)`, `zeros(r, c)`, … */
function filled(
  checker: Checker,
  node: Call,
  counts: readonly number[],
  data: (shape: Shape) => Float64Array,
): Typed | null {
  const name = node.callee.text;
  if (!counts.includes(node.arguments.length)) {
    const examples = counts.map((count) => `\`${name}(${count === 1 ? "n" : "r, c"})\``).join(" or ");
    return checker.report(codes.arguments, node.span, `it is ${examples}, not ${node.arguments.length} arguments`);
  }
  const sizes = node.arguments.map((argument) => size(checker, argument, `a size of \`${name}\``));
  if (sizes.includes(null)) return null;
  const known = sizes as number[];
  const shape = name === "eye" ? [known[0], known[0]] : known;
  if (entries(shape) > maxEntries) {
    const message = `\`${quote(node)}\` would be ${showShape(shape)}: more than 2^24 entries`;
    return checker.report(codes.tooLarge, node.span, message);
  }
  if (!checker.spend(entries(shape), 0, node)) return null;
  return constantTyped(shape, data(shape));
}

function diag(checker: Checker, node: Call, place: Place): Typed | null {
  const vector = operand(checker, node, place, "diag(v)");
  if (vector === null) return null;
  const { shape } = vector.term;
  if (!isColumn(shape)) {
    const message = `\`diag\` takes a vector, and \`${quote(node.arguments[0])}\` is ${showShape(shape)}`;
    return checker.report(codes.shape, node.span, message);
  }
  const term: Term = { op: "diagonal", operand: vector.term, shape: [shape[0], shape[0]] };
  return checker.typed(term, [vector], node);
}

/** (M + M^T)/2 or (M - M^T)/2 */
function parity(checker: Checker, node: Call, place: Place, op: "add" | "subtract"): Typed | null {
  const name = node.callee.text;
  const matrix = operand(checker, node, place, `${name}(M)`);
  if (matrix === null) return null;
  const { shape } = matrix.term;
  if (shape.length !== 2 || shape[0] !== shape[1]) {
    const message = `\`${name}\` takes a square matrix, and \`${quote(node.arguments[0])}\` is ${showShape(shape)}`;
    return checker.report(codes.shape, node.span, message);
  }
  const across = checker.typed({ op: "transpose", operand: matrix.term, shape }, [matrix], node);
  if (across === null) return null;
  const both = checker.typed({ op, left: matrix.term, right: across.term, shape }, [matrix, across], node);
  if (both === null) return null;
  const half = constantTyped([], Float64Array.of(0.5));
  return checker.typed({ op: "multiply", left: half.term, right: both.term, shape }, [both], node);
}

/** `sin cos exp sqrt abs log` of a scalar. */
function scalar(checker: Checker, node: Call, place: Place): Typed | null {
  const name = node.callee.text;
  const argument = operand(checker, node, place, `${name}(s)`);
  if (argument === null) return null;
  if (argument.variable) return notAffine(checker, node, `\`${name}\` is not an activation`);
  if (argument.term.shape.length > 0) {
    const message = `\`${name}\` takes a scalar, and \`${quote(node.arguments[0])}\` is ${showShape(argument.term.shape)}`;
    return checker.report(codes.shape, node.span, message);
  }
  return checker.typed(
    { op: "apply", function: name, arguments: [], operand: argument.term, shape: [] },
    [argument],
    node,
  );
}
