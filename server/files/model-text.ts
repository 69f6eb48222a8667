import { open } from "node:fs/promises";
import { codes, type Document, decodeDocument, largestDocument } from "./document-text.ts";
import { systemErrorText } from "./system-error.ts";

/** The text of a `.node` file, byte-order mark included, or the end of a sentence that says why there is none. */
export async function readDocument(path: string): Promise<Document> {
  try {
    return decodeDocument(await readBeginning(path, largestDocument + 1));
  } catch (error) {
    return { problem: `cannot be read: ${systemErrorText(error)}`, code: codes.unreadable };
  }
}

export async function readBeginning(path: string, limit: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const chunks: Uint8Array[] = [];
    let total = 0;
    while (total < limit) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(limit - total, 2 ** 20)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      total += bytesRead;
    }
    return Buffer.concat(chunks, total);
  } finally {
    await file.close();
  }
}
