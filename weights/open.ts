import { nearest } from "../grammar/near.ts";
import type { LoadFailure, Tensor } from "../model/tensor.ts";
import { openCsv } from "./csv.ts";
import { codes, LoadError, loadFailure, quote } from "./failure.ts";
import { openJson } from "./json.ts";
import { openNpy } from "./npy.ts";
import { openNpz } from "./npz.ts";
import { isPytorch, pytorchAdvice } from "./pytorch.ts";
import { openSafetensors } from "./safetensors.ts";
import { shapeText } from "./shape.ts";
import type { WeightFile } from "./weight-file.ts";

const formats: ReadonlyMap<string, (bytes: Uint8Array) => WeightFile> = new Map([
  [".safetensors", openSafetensors],
  [".npz", openNpz],
  [".npy", openNpy],
  [".json", openJson],
  [".csv", openCsv],
]);

/** A longer name was not typed, and comparing it with others takes long. */
const longestTyped = 200;

/** Opens a file by its extension. */
export function openWeightFile(file: string, bytes: Uint8Array): WeightFile {
  if (isPytorch(file, bytes)) throw new LoadError(codes.pytorch, pytorchAdvice(file));
  const extension = /\.[^./\\]*$/.exec(file)?.[0] ?? "";
  const opener = formats.get(extension.toLowerCase());
  if (opener === undefined) {
    const found = extension === "" ? "it has no extension" : `${quote(extension)} is not a weight file's extension`;
    throw new LoadError(codes.unknownFormat, `${found}; what is read is ${[...formats.keys()].join(", ")}`);
  }
  return opener(bytes);
}

/** A tensor of an opened file. */
export interface Selection {
  /** In the file's `names`; 0 where the tensor has no name. */
  readonly index: number;
  /** Where it is known before the tensor is read. */
  readonly shape: readonly number[] | null;
  readonly read: () => Tensor;
}

/** The tensor meant by a name, or by none. Throws where there is no such tensor. */
export function select(file: WeightFile, name: string | null): Selection {
  if (file.kind === "single") {
    if (name === null) return { index: 0, shape: null, read: file.read };
    throw new LoadError(codes.noSuchTensor, 'the file is one tensor without a name: write load("file") alone');
  }
  if (name === null) {
    throw new LoadError(codes.noSuchTensor, `a tensor's name is needed, load("file", "name"); ${offer(file)}`);
  }
  const index = file.names.indexOf(name);
  if (index >= 0) return { index, shape: file.entry(index)?.shape ?? null, read: () => file.read(index) };
  const near = name.length > longestTyped ? null : nearest(name, file.names);
  const suggestion = near === null ? "" : `did you mean ${entryText(file, file.names.indexOf(near))}? `;
  throw new LoadError(codes.noSuchTensor, `there is no such tensor; ${suggestion}${offer(file)}`);
}

type NamedFile = Extract<WeightFile, { kind: "named" }>;

/** What a file holds, the end of a sentence. */
export function offer(file: NamedFile): string {
  const total = file.names.length;
  if (total === 0) return "the file holds none";
  const shown = file.names.slice(0, 6).map((_, index) => entryText(file, index));
  return `the file holds ${shown.join(", ")}${total > 6 ? ` and ${total - 6} more` : ""}`;
}

function entryText(file: NamedFile, index: number): string {
  const entry = file.entry(index);
  const shape = entry === null ? "(damaged)" : entry.shape.length === 0 ? "(a scalar)" : shapeText(entry.shape);
  return `${quote(file.names[index])} ${shape}`;
}

/** What the decoders throw, as a value that names its place. */
export function failing<T>(file: string, tensor: string | null, decode: () => T): T | LoadFailure {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return loadFailure(error.code, file, tensor, error.message);
  }
}
