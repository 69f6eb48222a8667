import { nearest } from "../grammar/near.ts";
import type { LoadFailure, Tensor, TensorEntry, TensorSource } from "../model/tensor.ts";
import { openCsv } from "./csv.ts";
import { codes, LoadError, loadFailure, quote } from "./failure.ts";
import { openJson } from "./json.ts";
import { maxElements } from "./limits.ts";
import { openNpy } from "./npy.ts";
import { openNpz } from "./npz.ts";
import { isPytorch, pytorchAdvice } from "./pytorch.ts";
import { openSafetensors } from "./safetensors.ts";
import { elementCount, shapeText } from "./shape.ts";
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

/**
 * The tensors of the files a document loads. A file is opened when first asked for, a tensor decoded when first
 * asked for; both are kept. All tensors together may hold `maxElements` elements.
 * @param files by their paths as written in `load`; the bytes must not change afterwards.
 */
export function tensorSource(files: ReadonlyMap<string, Uint8Array | LoadFailure>): TensorSource {
  const opened = new Map<string, WeightFile | LoadFailure>();
  const loaded = new Map<string, Map<string | null, Tensor | LoadFailure>>();
  const listed = new Map<string, readonly TensorEntry[]>();
  let elements = 0;

  function weightFile(file: string): WeightFile | LoadFailure {
    let found = opened.get(file);
    if (found === undefined) {
      const content = files.get(file) ?? loadFailure(codes.unreadable, file, null, "the file has not been read");
      found = content instanceof Uint8Array ? failing(file, null, () => open(file, content)) : content;
      opened.set(file, found);
    }
    return found;
  }

  function load(file: string, name: string | null): Tensor | LoadFailure {
    const opened = weightFile(file);
    if ("code" in opened) return opened;
    return failing(file, name, () => {
      const { shape, read } = select(opened, name);
      // What is refused or damaged counts too: it has taken its time.
      if (shape !== null) claim(elementCount(shape));
      const tensor = read();
      if (shape === null) claim(tensor.data.length);
      return tensor;
    });
  }

  function claim(count: number): void {
    elements += count;
    if (elements > maxElements) {
      throw new LoadError(codes.tooLarge, `with its ${count} elements the document loads more than ${maxElements}`);
    }
  }

  return {
    tensor(file, name) {
      const tensors = loaded.get(file) ?? new Map<string | null, Tensor | LoadFailure>();
      loaded.set(file, tensors);
      const tensor = tensors.get(name) ?? load(file, name);
      tensors.set(name, tensor);
      return tensor;
    },
    entries(file) {
      const found = weightFile(file);
      if ("code" in found || found.kind === "single") return [];
      const entries =
        listed.get(file) ?? found.names.map((_, index) => found.entry(index)).filter((entry) => entry !== null);
      listed.set(file, entries);
      return entries;
    },
  };
}

/** Opens a file by its extension. */
function open(file: string, bytes: Uint8Array): WeightFile {
  if (isPytorch(file, bytes)) throw new LoadError(codes.pytorch, pytorchAdvice(file));
  const extension = /\.[^./\\]*$/.exec(file)?.[0] ?? "";
  const opener = formats.get(extension.toLowerCase());
  if (opener === undefined) {
    const found = extension === "" ? "it has no extension" : `${quote(extension)} is not a weight file's extension`;
    throw new LoadError(codes.unknownFormat, `${found}; what is read is ${[...formats.keys()].join(", ")}`);
  }
  return opener(bytes);
}

/** The tensor meant by a name, or by none: its reader, and its shape where that is known beforehand. */
function select(file: WeightFile, name: string | null): { shape: readonly number[] | null; read: () => Tensor } {
  if (file.kind === "single") {
    if (name === null) return { shape: null, read: file.read };
    throw new LoadError(codes.noSuchTensor, 'the file is one tensor without a name: write load("file") alone');
  }
  if (name === null) {
    throw new LoadError(codes.noSuchTensor, `a tensor's name is needed, load("file", "name"); ${offer(file)}`);
  }
  const index = file.names.indexOf(name);
  if (index >= 0) return { shape: file.entry(index)?.shape ?? null, read: () => file.read(index) };
  const near = name.length > longestTyped ? null : nearest(name, file.names);
  const suggestion = near === null ? "" : `did you mean ${entryText(file, file.names.indexOf(near))}? `;
  throw new LoadError(codes.noSuchTensor, `there is no such tensor; ${suggestion}${offer(file)}`);
}

type NamedFile = Extract<WeightFile, { kind: "named" }>;

function offer(file: NamedFile): string {
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
function failing<T>(file: string, tensor: string | null, decode: () => T): T | LoadFailure {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return loadFailure(error.code, file, tensor, error.message);
  }
}
