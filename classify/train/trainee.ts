import type { Expression, ModelTree, Tree } from "../../grammar/tree.ts";
import { compile, compileKeeping } from "../../model/compile.ts";
import type { AffineMap, Classifier, Model } from "../../model/model.ts";
import type { TensorSource } from "../../model/tensor.ts";
import type { Term } from "../../model/term.ts";
import { walk } from "../../model/walk.ts";
import { type FlowPlace, flowPlaces } from "./flow-places.ts";

/** Numbers that are trained: a param, or one of the values of its `interpolate` or `steps`. */
export interface TrainedPiece {
  readonly param: string;
  /** Which of the param's values. */
  readonly index: number;
  /** `[n]` or `[r, c]` */
  readonly shape: readonly number[];
  /** Of its first number among all that are trained. */
  readonly offset: number;
  readonly length: number;
}

/** The pieces of an affine map that are trained; null where a part of it stays as it is. */
export interface TrainedMap {
  readonly weight: TrainedPiece | null;
  readonly bias: TrainedPiece | null;
}

/** A classifier's numbers as one vector, and where each of them stands. */
export interface Trainee {
  /** With the params of the flow kept that are trained: see `compileKeeping`. */
  readonly model: Model;
  readonly classifier: Classifier;
  readonly pieces: readonly TrainedPiece[];
  readonly encode: TrainedMap;
  readonly output: TrainedMap;
  /** Where the flow's pieces stand in layers and flow. */
  readonly places: readonly FlowPlace[];
  /** The pieces' numbers, one after the other. */
  readonly values: Float64Array;
}

interface Parts {
  readonly weight: string | null;
  readonly bias: string | null;
}

/**
 * What is trained of a classifier: the params that its encoder (`E * u + e`), its output and its layers (`W * y + b`) are
 * made of, but for those that are to stay as they are.
 * @param fixed names of params that stay
 * @returns a string that says why a model cannot be trained
 */
export function traineeOf(
  tree: Tree,
  source: TensorSource,
  name: string,
  fixed: ReadonlySet<string>,
): Trainee | string {
  const modelTree = tree.models.find((one) => one.name.text === name);
  const model = compile(tree, source).models.find((one) => one.name === name);
  if (!modelTree || !model) return `the model ${name} has errors: contrax check says which`;
  const { classifier } = model;
  if (!classifier) return `the model ${name} is no classifier: it has no input, encode and output`;
  const unknown = [...fixed].find((one) => model.params.every((param) => param.name !== one));
  if (unknown !== undefined) return `the model ${name} has no param ${JSON.stringify(unknown)}`;
  const params = new Set(model.params.map((param) => param.name));
  const encode = partsOf(statementValue(modelTree, "encode"), classifier.inputName, params);
  const output = partsOf(statementValue(modelTree, "output"), model.stateName, params);
  const ends = [encode.weight, encode.bias, output.weight, output.bias].filter((one) => one !== null);
  const flow = namesIn(modelTree, ["layer", "flow"], model).filter((one) => !fixed.has(one));
  const twice = ends.find((one, i) => ends.indexOf(one) < i || flow.includes(one));
  if (twice !== undefined && !fixed.has(twice))
    return `${twice} is used twice: give each use a param of its own, or --fix ${twice}`;
  const kept = compileKeeping(tree, source, name, new Set(flow));
  if (!kept) return `a size, an activation or the times are made of one of ${flow.join(", ")}: --fix it`;
  const places = flowPlaces(kept, new Set(flow));
  if (typeof places === "string") return places;
  return assembled(kept, classifier, places, trainedParts(encode, fixed), trainedParts(output, fixed));
}

function assembled(
  model: Model,
  classifier: Classifier,
  places: readonly FlowPlace[],
  encode: Parts,
  output: Parts,
): Trainee | string {
  const pieces: TrainedPiece[] = [];
  const data: Float64Array[] = [];
  let offset = 0;
  const add = (param: string, index: number, shape: readonly number[], numbers: Float64Array): TrainedPiece => {
    const piece = { param, index, shape, offset, length: numbers.length };
    offset += numbers.length;
    pieces.push(piece);
    data.push(numbers);
    return piece;
  };
  const map = ({ weight, bias }: Parts, { weight: W, bias: v }: AffineMap): TrainedMap => ({
    weight: weight === null ? null : add(weight, 0, [v.length, W.length / v.length], W),
    bias: bias === null ? null : add(bias, 0, [v.length], v),
  });
  const encodeMap = map(encode, classifier.encode);
  for (const param of new Set(places.map((place) => place.param))) {
    const { name, shape, value } = model.params[param]!;
    const constants = constantsOf(value);
    if (!constants)
      return `the entries of ${name} are computed by an expression: --fix ${name}, or write them as numbers`;
    for (const [index, numbers] of constants.entries()) add(name, index, shape, numbers);
  }
  const outputMap = map(output, classifier.output);
  if (pieces.length === 0) return "nothing is left to train";
  const values = new Float64Array(offset);
  for (const [i, piece] of pieces.entries()) values.set(data[i]!, piece.offset);
  return { model, classifier, pieces, encode: encodeMap, output: outputMap, places, values };
}

/** The numbers of a param that is a constant, or an `interpolate` or `steps` of such; else null. */
function constantsOf(value: Term): Float64Array[] | null {
  if (value.op === "constant") return [value.data];
  if (value.op !== "interpolate" && value.op !== "steps") return null;
  const constants = value.values.flatMap((one) => (one.op === "constant" ? [one.data] : []));
  return constants.length === value.values.length ? constants : null;
}

function trainedParts({ weight, bias }: Parts, fixed: ReadonlySet<string>): Parts {
  const free = (name: string | null) => (name === null || fixed.has(name) ? null : name);
  return { weight: free(weight), bias: free(bias) };
}

function statementValue(tree: ModelTree, kind: "encode" | "output"): Expression {
  const found = tree.statements.find((one) => one.kind === kind);
  return (found as Extract<typeof found, { kind: "encode" | "output" }>).value;
}

/** `W * v` and `W * v + b`, W and b params; a part that is anything else stays as it is. */
function partsOf(value: Expression, variable: string, params: ReadonlySet<string>): Parts {
  const bare = ungrouped(value);
  const param = (one: Expression) => {
    const inner = ungrouped(one);
    return inner.kind === "name" && params.has(inner.name) ? inner.name : null;
  };
  if (bare.kind !== "binary") return { weight: null, bias: null };
  const [left, right] = [ungrouped(bare.left), ungrouped(bare.right)];
  if (bare.operator === "*") {
    return { weight: right.kind === "name" && right.name === variable ? param(left) : null, bias: null };
  }
  if (bare.operator !== "+") return { weight: null, bias: null };
  const isProduct = left.kind === "binary" && left.operator === "*";
  const [product, free] = isProduct ? [left, right] : [right, left];
  return { weight: partsOf(product, variable, params).weight, bias: param(free) };
}

function ungrouped(value: Expression): Expression {
  return value.kind === "group" ? ungrouped(value.operand) : value;
}

/** The vectors and matrices among the params that stand in statements of these kinds. */
function namesIn(tree: ModelTree, kinds: readonly string[], { params }: Model): string[] {
  const found = new Set<string>();
  for (const statement of tree.statements.filter(({ kind }) => kinds.includes(kind))) {
    walk(statement, (expression) => {
      if (expression.kind === "name") found.add(expression.name);
    });
  }
  return params.filter(({ name, shape }) => found.has(name) && shape.length > 0).map(({ name }) => name);
}
