import type { TensorEntry } from "../../model/tensor.ts";
import { compareNaturally } from "./natural-order.ts";
import { type TensorName, tensorName } from "./tensor-name.ts";

/** A tensor as a proposal sees it; the only one of a file that names none is `null`. */
export type FileTensor = Omit<TensorEntry, "name"> & { readonly name: string | null };

/** W u + b, with the tensors that hold W and b. */
export interface DenseLayer {
  readonly path: readonly string[];
  readonly weight: FileTensor;
  /** The file holds [inputs, outputs]. */
  readonly transposed: boolean;
  /** [outputs], [outputs, 1] or [1, outputs] */
  readonly bias: FileTensor | null;
  readonly inputs: number;
  readonly outputs: number;
}

export interface LeftOut {
  readonly tensor: FileTensor;
  /** A clause. */
  readonly reason: string;
}

interface Named extends TensorName {
  readonly tensor: FileTensor;
}

/** More are the weights of something that is no model of this kind, and pairing them would take long. */
const mostLayers = 256;

/** The layers that a file's tensors make up, in the order of their names, and the tensors that are no part of one. */
export function denseLayers(tensors: readonly FileTensor[]): { layers: DenseLayer[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const onlyIntegers = tensors.every(isInteger);
  const named: Named[] = [];
  for (const tensor of tensors) {
    const reason = unusable(tensor, onlyIntegers) ?? partOfWeight(tensor);
    if (reason !== null) leftOut.push({ tensor, reason });
    else named.push({ tensor, ...tensorName(tensor.name ?? "A") });
  }
  named.sort((a, b) => compareNaturally(a.layer, b.layer));

  const weights = named.filter(isWeight);
  for (const { tensor } of weights.splice(mostLayers)) {
    leftOut.push({ tensor, reason: `there are more than ${mostLayers} matrices` });
  }
  const vectors = named.filter((one) => !isWeight(one));
  const biases = pairs(weights, vectors, leftOut);
  // Where neither a bias nor the name tells how a weight is stored, it is as the others are.
  const decided = weights.map((one) => orientation(one, biases.get(one) ?? null)).filter((known) => known !== null);
  const usual = decided.length > 0 && decided.every((transposed) => transposed);
  const layers = weights.map((one) => {
    const bias = biases.get(one) ?? null;
    const transposed = orientation(one, bias) ?? (one.transposed || usual);
    const [rows, columns] = one.tensor.shape;
    const [outputs, inputs] = transposed ? [columns, rows] : [rows, columns];
    return { path: one.layer, weight: one.tensor, transposed, bias, inputs, outputs };
  });
  return { layers, leftOut };
}

function unusable({ shape, dtype }: FileTensor, onlyIntegers: boolean): string | null {
  if (shape.includes(0)) return "it is empty";
  if (!onlyIntegers && isInteger({ dtype })) return `its elements are integers (${dtype})`;
  if (shape.length === 0) return "a scalar is no part of a layer";
  if (shape.length === 3) return "three dimensions can only be the knots of `interpolate` or `steps`";
  return shape.length > 3 ? "convolutions are not supported yet" : null;
}

/** What weight_norm, spectral_norm, pruning and LoRA keep in place of a weight: alone each is another matrix. */
const parts = /(?:^|[._/])weight_(?:g|v|u|orig|mask|bar)$|\bparametrizations\b|(?:^|[._/])lora_/i;

function partOfWeight({ name }: FileTensor): string | null {
  if (name === null || !parts.test(name)) return null;
  return "a weight is computed from it and others (weight_norm, LoRA and such): save the weight that results";
}

/** Counters and switches: `num_batches_tracked`. */
function isInteger({ dtype }: Pick<FileTensor, "dtype">): boolean {
  return /^(?:[IU]\d+|BOOL|[<>|=]?[iub?]\d*)$/.test(dtype);
}

function isWeight({ tensor: { shape }, role }: Named): boolean {
  return shape.length === 2 && !(role === "bias" && shape.includes(1));
}

/** Each weight with its bias: that of the same name, or else the only one nearby of its size. */
function pairs(weights: readonly Named[], vectors: readonly Named[], leftOut: LeftOut[]): Map<Named, FileTensor> {
  const key = ({ layer }: Named) => JSON.stringify(layer);
  const byName = new Map(weights.map((one) => [key(one), one]));
  /** `norm.weight` and `norm.bias`, both vectors: a normalisation. */
  const scales = new Set(vectors.filter(({ role }) => role === "weight").map(key));
  const found = new Map<Named, FileTensor>();
  const rest: Named[] = [];
  for (const vector of vectors) {
    const weight = byName.get(key(vector));
    if (vector.role === "bias" && weight !== undefined && !found.has(weight) && fits(weight, vector)) {
      found.set(weight, vector.tensor);
    } else rest.push(vector);
  }
  for (const vector of rest) {
    const near = scales.has(key(vector)) || !mayBeBias(vector) ? [] : weights.filter((one) => isNear(one, vector));
    const free = near.filter((one) => !found.has(one) && one.tensor.shape[one.transposed ? 1 : 0] === size(vector));
    const rivals = rest.filter((other) => isNear(other, vector) && size(other) === size(vector));
    if (free.length === 1 && rivals.length === 1) found.set(free[0], vector.tensor);
    else leftOut.push({ tensor: vector.tensor, reason: strayVector(vector, scales.has(key(vector))) });
  }
  return found;
}

function strayVector(vector: Named, isNormalisation: boolean): string {
  if (isNormalisation || !mayBeBias(vector)) return "it looks like a normalisation, which is no layer of the language";
  return `no layer with ${size(vector)} outputs is without a bias`;
}

function mayBeBias({ role, layer }: Named): boolean {
  return role !== "weight" && !/running_|^(?:gamma|beta|scale|mean|var)/i.test(layer.at(-1) ?? "");
}

/** Of the same part of the file. */
function isNear(a: Named, b: Named): boolean {
  return JSON.stringify(a.layer.slice(0, -1)) === JSON.stringify(b.layer.slice(0, -1));
}

function size({ tensor: { shape } }: Named): number {
  return Math.max(...shape);
}

function fits({ tensor: { shape } }: Named, vector: Named): boolean {
  return shape.includes(size(vector));
}

/** Whether the bias shows that the file holds [inputs, outputs]; null where it shows nothing. */
function orientation({ tensor: { shape }, transposed }: Named, bias: FileTensor | null): boolean | null {
  const [rows, columns] = shape;
  if (bias !== null && rows !== columns) return Math.max(...bias.shape) === columns;
  return transposed ? true : null;
}
