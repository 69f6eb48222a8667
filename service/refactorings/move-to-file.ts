import type { TensorSource } from "../../model/tensor.ts";
import { newSafetensors } from "../../weights/new-safetensors.ts";
import { tensorSource } from "../../weights/source.ts";
import type { CheckedDocument } from "../checked-document.ts";
import type { SpanEdit } from "../text-edits.ts";
import { keepsMeaning, type MovedLiteral } from "./refactoring.ts";

export interface FileMove {
  readonly edits: readonly SpanEdit[];
  readonly bytes: Uint8Array;
}

/** The name of the file that a literal of this document goes to: `spiral.A.safetensors`, with a number where that is taken. */
export function movedFileName(uri: string, tensor: string, count: number): string {
  const stem = decoded(uri.split("/").at(-1)!).replace(/\.node$/, "");
  return `${stem}.${tensor}${count === 1 ? "" : `-${count}`}.safetensors`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The literal as a tensor of doubles in a new file; null where what is read back would be another model. */
export function fileMove(checked: CheckedDocument, moved: MovedLiteral, file: string): FileMove | null {
  const { span, tensor, shape, values } = moved;
  const bytes = newSafetensors([{ name: tensor, shape, values }]);
  const edits = [{ span, text: `load(${JSON.stringify(file)}, ${JSON.stringify(tensor)})` }];
  const added = tensorSource(new Map([[file, bytes]]));
  const source: TensorSource = {
    tensor: (name, key) => (name === file ? added : checked.source).tensor(name, key),
    entries: (name) => (name === file ? added : checked.source).entries(name),
  };
  return keepsMeaning(checked, edits, source) ? { edits, bytes } : null;
}
