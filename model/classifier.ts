import type { EncodeStatement, Expression, InputStatement, OutputStatement } from "../grammar/tree.ts";
import * as affine from "./affine.ts";
import { type Ball, exact } from "./ball.ts";
import type { Checker, Place } from "./checker.ts";
import { codes } from "./codes.ts";
import { toDense } from "./coefficient.ts";
import { shaped } from "./constants.ts";
import { evaluateTerms } from "./evaluate-terms.ts";
import { infer } from "./infer.ts";
import type { AffineMap, Classifier } from "./model.ts";
import { isColumn, showShape } from "./shape.ts";
import { checkRange } from "./statements.ts";
import type { Term } from "./term.ts";
import { quote } from "./wording.ts";

type Statements = {
  readonly input: InputStatement | null;
  readonly encode: EncodeStatement | null;
  readonly output: OutputStatement | null;
};

/** The classifier that `input`, `encode` and `output` make up; null without them and after an error. */
export function checkClassifier(checker: Checker, { input, encode, output }: Statements): Classifier | null {
  const present = [input, encode, output].filter((statement) => statement !== null);
  if (present.length === 0) return null;
  const range = input === null ? null : checkRange(checker, input);
  const weight = encode === null ? null : checkEncode(checker, encode);
  const scores = output === null ? null : checkOutput(checker, output);
  if (input === null || encode === null || output === null) {
    const missing = [
      input === null && "`input u[k]`",
      encode === null && "`encode x = …`",
      output === null && "`output y = …`",
    ].filter((text) => text !== false);
    const message = `a classifier has an input, an encode and an output, and this model has no ${missing.join(" and no ")}`;
    return checker.report(codes.classifier, present[0].name.span, message);
  }
  if (checker.inputs === null || weight === null || scores === null) return null;
  return {
    inputName: input.name.text,
    inputs: checker.inputs,
    range,
    encode: weight,
    outputName: output.name.text,
    outputs: scores.bias.length,
    output: scores,
  };
}

function checkEncode(checker: Checker, { value }: EncodeStatement): AffineMap | null {
  const place: Place = { text: "`encode`", time: false, variable: "input", schedules: false, naming: null };
  const typed = infer(checker, value, place);
  if (typed === null || checker.states === null || checker.inputs === null) return null;
  const vector = shaped(checker, typed, [checker.states], value, "`encode` gives the state,");
  return vector === null ? null : affineMap(checker, vector.term, checker.inputs, value);
}

function checkOutput(checker: Checker, { value }: OutputStatement): AffineMap | null {
  const place: Place = { text: "`output`", time: false, variable: "state", schedules: false, naming: null };
  const typed = infer(checker, value, place);
  if (typed === null || checker.states === null) return null;
  const { shape } = typed.term;
  if (!isColumn(shape)) {
    const message = `\`output\` gives a vector of scores, one for each class, and \`${quote(value)}\` is ${showShape(shape)}`;
    return checker.report(codes.shape, value.span, message);
  }
  return affineMap(checker, typed.term, checker.states, value);
}

/** The matrix and the vector of an affine map of a vector of `size` components. */
function affineMap(checker: Checker, term: Term, size: number, expression: Expression): AffineMap | null {
  try {
    const noTime = { moment: { from: 0, to: 0 }, param: () => term };
    const [value] = evaluateTerms([term], noTime);
    const linear = value.parts.get(affine.state);
    const zeros = (length: number) => exact(new Float64Array(length));
    const weight = linear === undefined ? zeros(value.rows * size) : toDense(linear).entries;
    const free = value.parts.get(affine.one);
    const bias = free === undefined ? zeros(value.rows) : toDense(free).entries;
    const radius = (part: Ball) => part.radius ?? new Float64Array(part.mid.length);
    const isExact = weight.radius === null && bias.radius === null;
    return {
      weight: weight.mid,
      bias: bias.mid,
      radius: isExact ? null : { weight: radius(weight), bias: radius(bias) },
    };
  } catch (problem) {
    if (!(problem instanceof affine.TooLarge)) throw problem;
    return checker.report(codes.tooLarge, expression.span, `\`${quote(expression)}\` needs ${problem.message}`);
  }
}
