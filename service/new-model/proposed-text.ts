import { format } from "../../grammar/print.ts";
import { shapeText } from "../../weights/shape.ts";
import type { Chain } from "./chains.ts";
import type { ClassifierEnds } from "./classifier-ends.ts";
import type { DenseLayer, LeftOut } from "./dense-layers.ts";
import { stringText } from "./string-text.ts";

/** What a weight file's tensors suggest. */
export interface Proposal {
  readonly field: Chain;
  readonly ends: ClassifierEnds | null;
  readonly leftOut: readonly LeftOut[];
}

export interface ProposedNames {
  /** The weight file's path as it stands in `load`. */
  readonly file: string;
  readonly model: string;
  /** `leaky_relu(0.1)`; null where the person has not said. */
  readonly activation: string | null;
}

/** What stands for an activation that nobody has named. */
const usualActivation = "tanh";
/** A list of more is not read. */
const mostListed = 12;

/** The proposal as a document, with remarks on all that the file does not say. */
export function proposedText({ field, ends, leftOut }: Proposal, names: ProposedNames): string {
  const { layers, states, time } = field;
  const last = layers.length - 1;
  const pairs = layers.map((_, i) => (layers.length === 1 ? ["A", "b"] : [`W${i + 1}`, `b${i + 1}`]) as Pair);
  const argument = (i: number, of: string) =>
    affineText(layers[i], pairs[i], time === "every" || (time === "first" && i === 0) ? `stack([t], ${of})` : of);
  const hidden = (i: number) => (i === 0 ? "x" : `h${i}`);
  const activation = names.activation ?? usualActivation;
  const simulates = !/^slope_restricted\b/.test(activation);
  const lines = [
    `// Proposed from the names and shapes in ${stringText(names.file)}: compare it with the program that trained them.`,
    ...remarks(field, pairs),
    ...leftOutText(leftOut),
    `model ${names.model} {`,
    `state x[${states}]`,
    "time t in [0, 1]",
    "",
    ...(ends === null ? [] : paramLines(ends.encode, ["E", "e"], names.file)),
    ...layers.flatMap((layer, i) => paramLines(layer, pairs[i], names.file)),
    ...(ends === null ? [] : paramLines(ends.output, ["H", "c"], names.file)),
    "",
    `activation act = ${activation}${names.activation === null ? " // The file does not say which: put the one of the training." : ""}`,
    "",
    ...(ends === null ? [] : [`input u[${ends.encode.inputs}]`]),
    ...(ends === null ? [] : [`encode x = ${affineText(ends.encode, ["E", "e"], "u")}`]),
    ...layers.slice(0, last).map((_, i) => `layer h${i + 1} = act(${argument(i, hidden(i))})`),
    `flow x' = ${last === 0 ? `act(${argument(0, "x")})` : argument(last, hidden(last))}`,
    ...(ends === null ? [] : [`output y = ${affineText(ends.output, ["H", "c"], "x")}`]),
    "",
    "require lognorm(2) <= 0",
    ...(simulates && ends === null ? [`simulate from ${startText(states)} spread 0.1`] : []),
    "}",
  ];
  return format(`${lines.join("\n")}\n`)!;
}

type Pair = readonly [weight: string, bias: string];

function paramLines({ weight, bias }: DenseLayer, [W, b]: Pair, file: string): string[] {
  const load = (name: string | null) => `load(${[file, ...(name === null ? [] : [name])].map(stringText).join(", ")})`;
  const lines = [`param ${W} = ${load(weight.name)}`];
  return bias === null ? lines : [...lines, `param ${b} = ${load(bias.name)}`];
}

/** `W * x + b`, each transposed where the file has it so. */
function affineText({ transposed, bias }: DenseLayer, [W, b]: Pair, of: string): string {
  const product = `${W}${transposed ? "^T" : ""} * ${of}`;
  if (bias === null) return product;
  return `${product} + ${b}${bias.shape.length === 2 && bias.shape[0] === 1 && bias.shape[1] !== 1 ? "^T" : ""}`;
}

function startText(states: number): string {
  return states <= 4
    ? `[${Array.from({ length: states }, (_, i) => (i === 0 ? 1 : 0)).join(", ")}]`
    : `ones(${states})`;
}

function remarks({ layers, time }: Chain, names: readonly Pair[]): string[] {
  const lines: string[] = [];
  if (layers.length === 1) {
    lines.push("// One layer: an activation is taken to follow it. If none does, take `act` off the flow.");
  }
  if (time !== "none") {
    const whose = time === "first" || layers.length === 1 ? `${names[0][0]} has` : "The weights have each";
    lines.push(
      `// ${whose} one input more: taken for the time, in front as in cat([t, x]). For cat([x, t]) write stack(x, [t]).`,
    );
  }
  return lines;
}

function leftOutText(leftOut: readonly LeftOut[]): string[] {
  const lines = leftOut
    .slice(0, mostListed)
    .map(({ tensor: { name, shape }, reason }) => `// Left out: ${tensorText(name, shape)}: ${reason}.`);
  const more = leftOut.length - lines.length;
  return more > 0 ? [...lines, `// Left out: ${more} more.`] : lines;
}

/** `"ode.0.weight" [64, 2]`, the name cut to a length that is read. */
export function tensorText(name: string | null, shape: readonly number[]): string {
  const shown = name === null ? "the tensor" : stringText(name.length > 80 ? `${name.slice(0, 77)}...` : name);
  return `${shown} (${shapeText(shape.length > 8 ? shape.slice(0, 8) : shape)})`;
}
