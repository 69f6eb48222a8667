import type { LoadFailure, Tensor, TensorEntry, TensorSource } from "../model/tensor.ts";
import { codes, LoadError, loadFailure } from "./failure.ts";
import { maxElements } from "./limits.ts";
import { failing, openWeightFile, select } from "./open.ts";
import { elementCount } from "./shape.ts";
import type { WeightFile } from "./weight-file.ts";

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
      found = content instanceof Uint8Array ? failing(file, null, () => openWeightFile(file, content)) : content;
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
