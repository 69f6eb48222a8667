import { readdir, readFile, stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { LoadFailure } from "../model/tensor.ts";
import type { FolderEntry } from "../service/completion-strings.ts";
import { codes, loadFailure } from "../weights/failure.ts";
import { filePath, resolveLoad } from "./uris.ts";

/** More would not fit into one buffer on every platform, and no model that can be analysed needs it. */
const largestWeightFile = 2 ** 30;

/** The path of a weight file. @param file as written in `load` */
export function loadPath(documentPath: string, file: string): string {
  return filePath(resolveLoad(pathToFileURL(documentPath).href, file)!)!;
}

/**
 * Changes whenever the file's content may have: its size and its times of change. Null where there is no such file.
 */
export async function fileStamp(filePath: string): Promise<string | null> {
  try {
    const { size, mtimeMs, ctimeMs } = await stat(filePath);
    return `${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return null;
  }
}

/** What stands in a folder, by name; nothing where it cannot be read. A link is taken for a file. */
export async function listFolder(folder: string): Promise<FolderEntry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return [];
  }
}

/**
 * A weight file's bytes, or why they cannot be had.
 *
 * @param file as written in `load`: what the message calls it.
 */
export async function readWeightFile(filePath: string, file: string): Promise<Uint8Array | LoadFailure> {
  try {
    // Looked at first: a device or a pipe would never end, and a folder's own error says little.
    const status = await stat(filePath);
    if (status.isDirectory()) return failure("expected a weight file, found a folder");
    if (!status.isFile()) return failure("expected a weight file, found a device or a pipe");
    if (status.size > largestWeightFile) {
      return loadFailure(codes.tooLarge, file, null, `${status.size} bytes; expected at most ${largestWeightFile}`);
    }
    return await readFile(filePath);
  } catch (error) {
    return failure(`cannot be read: ${reason(error)}`);
  }

  function failure(problem: string): LoadFailure {
    return loadFailure(codes.unreadable, file, null, problem);
  }
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENAMETOOLONG") return "the name is too long";
  return code ?? "unknown reason";
}
