import { buffer } from "node:stream/consumers";
import { isBinary } from "../grammar/binary.ts";
import type { Tree } from "../grammar/tree.ts";
import { loads } from "../model/loads.ts";
import type { LoadFailure } from "../model/tensor.ts";
import { codes, type Document, decodeDocument } from "../server/files/document-text.ts";
import { loadPath, readWeightFile } from "../server/files/files.ts";
import { readBeginning, readDocument as readFile } from "../server/files/model-text.ts";
import { systemErrorText } from "../server/files/system-error.ts";

/** What `-` is called in messages. */
export const standardInput = "<stdin>";

/** Enough to tell a binary add-on. */
const beginningBytes = 8192;

/** The text of a `.node` file or of standard input, or the end of a sentence that says why there is none. */
export async function readDocument(path: string): Promise<Document> {
  if (path !== "-") return readFile(path);
  try {
    return decodeDocument(await buffer(process.stdin));
  } catch (error) {
    return { problem: `cannot be read: ${systemErrorText(error)}`, code: codes.unreadable };
  }
}

/** A text file of at most so many bytes, or the end of a sentence that says why there is none. */
export async function readText(
  file: string,
  most: number,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    const bytes = await readBeginning(file, most + 1);
    if (bytes.length > most) return { problem: `has more than ${most / 1e6} MB` };
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { problem: "is not UTF-8 text" };
    return { problem: `cannot be read: ${systemErrorText(error)}` };
  }
}

/** The weight files that a document loads, each once. @param place the document's path, from which theirs start */
export async function readWeights(tree: Tree, place: string): Promise<Map<string, Uint8Array | LoadFailure>> {
  const files = new Map<string, Uint8Array | LoadFailure>();
  for (const { file } of loads(tree))
    if (!files.has(file)) files.set(file, await readWeightFile(loadPath(place, file), file));
  return files;
}

/** True for Node.js's own kind of `.node` file; false where it cannot be read, which reading it will say. */
export async function isBinaryFile(path: string): Promise<boolean> {
  try {
    return isBinary(await readBeginning(path, beginningBytes));
  } catch {
    return false;
  }
}
