import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import type { TensorSource } from "../../model/tensor.ts";
import { codes } from "../../weights/failure.ts";
import { vectorField } from "./chains.ts";
import { classifierEnds } from "./classifier-ends.ts";
import { type DenseLayer, denseLayers, type FileTensor, type LeftOut } from "./dense-layers.ts";
import { type Proposal, type ProposedNames, proposedText, tensorText } from "./proposed-text.ts";
import { stringText } from "./string-text.ts";

export type NewModel = { readonly text: string } | { readonly problem: string };

/** A model for the tensors of a weight file, without errors, or a message that says why there is none. */
export function proposeModel(source: TensorSource, names: ProposedNames): NewModel {
  const tensors = tensorsOf(source, names.file);
  if (typeof tensors === "string") return { problem: tensors };
  const unreadable: LeftOut[] = [];
  for (;;) {
    const proposal = propose(tensors.filter((tensor) => unreadable.every((one) => one.tensor !== tensor)));
    if (proposal === null) return { problem: nothingUsable(names.file, tensors, unreadable) };
    // Names and shapes are known before the numbers are.
    const broken = used(proposal).flatMap((tensor) => {
      const found = source.tensor(names.file, tensor.name);
      return "code" in found ? [{ tensor, reason: `it cannot be read (${found.code})` }] : [];
    });
    if (broken.length > 0) {
      unreadable.push(...broken);
      continue;
    }
    const text = proposedText({ ...proposal, leftOut: [...proposal.leftOut, ...unreadable] }, names);
    const problem = errorIn(text, source);
    return problem === null ? { text } : { problem: `${stringText(names.file)}: ${problem}` };
  }
}

/** What is wrong with an activation as a person wrote it: a sentence; null where it is one. */
export function activationProblem(text: string): string | null {
  const expected = "expected one of the language, such as tanh or leaky_relu(0.1)";
  if (!/^\w+(?:\([\d., eE+-]*\))?$/.test(text)) return `${expected}; found ${stringText(text)}`;
  const model = `model M { state x[1] activation act = ${text} flow x' = act(x) }`;
  const problem = errorIn(model, { tensor: () => ({ code: "", message: "" }), entries: () => [] });
  return problem === null ? null : `${expected}: ${problem}`;
}

/** A message where there are none to be had. */
function tensorsOf(source: TensorSource, file: string): FileTensor[] | string {
  const entries = source.entries(file);
  if (entries.length > 0) return [...entries];
  const single = source.tensor(file, null);
  if (!("code" in single)) return [{ name: null, shape: single.shape, dtype: single.dtype }];
  return single.code === codes.noSuchTensor
    ? `${stringText(file)}: it holds no tensor that can be read`
    : single.message;
}

function propose(tensors: readonly FileTensor[]): Proposal | null {
  const { layers, leftOut } = denseLayers(tensors);
  const field = vectorField(layers);
  if (field === null) return null;
  const ends = classifierEnds(layers, field);
  const taken = [...field.layers, ...(ends === null ? [] : [ends.encode, ends.output])];
  const unused = layers.filter((layer) => !taken.includes(layer)).flatMap(unusedTensors);
  return { field, ends, leftOut: [...unused, ...leftOut] };
}

function unusedTensors({ weight, bias, inputs, outputs }: DenseLayer): LeftOut[] {
  const reason = `a layer from ${inputs} to ${outputs} that is not part of the vector field`;
  const own = { tensor: weight, reason };
  return bias === null ? [own] : [own, { tensor: bias, reason: "its bias" }];
}

function used({ field, ends }: Proposal): FileTensor[] {
  const layers = [...field.layers, ...(ends === null ? [] : [ends.encode, ends.output])];
  return layers.flatMap(({ weight, bias }) => (bias === null ? [weight] : [weight, bias]));
}

function errorIn(text: string, source: TensorSource): string | null {
  const tree = parse(text);
  const { diagnostics } = compile(tree, source);
  return [...tree.diagnostics, ...diagnostics].find(({ severity }) => severity === "error")?.message ?? null;
}

function nothingUsable(file: string, tensors: readonly FileTensor[], unreadable: readonly LeftOut[]): string {
  const shown = tensors.slice(0, 8).map(({ name, shape }) => tensorText(name, shape));
  const more = tensors.length - shown.length;
  const held = more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
  const matrices = denseLayers(tensors).leftOut.filter(({ tensor }) => tensor.shape.length === 2);
  const leftOut = [...unreadable, ...matrices];
  const broken = leftOut.map(({ tensor, reason }) => `; ${tensorText(tensor.name, tensor.shape)}: ${reason}`);
  return (
    `${stringText(file)}: no vector field in it: expected matrices that lead from a state of n components back to n, ` +
    `one [n, n] or such as [h, n] and [n, h]; found ${held}${broken.slice(0, 4).join("")}`
  );
}
