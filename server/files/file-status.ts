import type { LoadFailure } from "../../model/tensor.ts";
import { codes, loadFailure } from "../../weights/failure.ts";
import type { FileStatus } from "../messages/file-messages.ts";

/**
 * Why something is not read as a weight file, before it is: a device or a pipe would never end, and a folder's own error
 * says little. Null where it may be.
 *
 * @param file as written in `load`: what the message calls it
 * @param most bytes
 */
export function weightFileProblem({ kind, size }: FileStatus, file: string, most: number): LoadFailure | null {
  if (kind !== "file") {
    const found = kind === "folder" ? "a folder" : "a device or a pipe";
    return loadFailure(codes.unreadable, file, null, `expected a weight file, found ${found}`);
  }
  return size > most ? loadFailure(codes.tooLarge, file, null, `${size} bytes; expected at most ${most}`) : null;
}
