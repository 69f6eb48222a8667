import { readdir, readFile, stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { LoadFailure } from "../../model/tensor.ts";
import type { FolderEntry } from "../../service/completion-strings.ts";
import { codes, loadFailure } from "../../weights/failure.ts";
import { weightFileProblem } from "./file-status.ts";
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
export async function fileStamp(path: string): Promise<string | null> {
  try {
    const { size, mtimeMs, ctimeMs } = await stat(path);
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
export async function readWeightFile(path: string, file: string): Promise<Uint8Array | LoadFailure> {
  try {
    const status = await stat(path);
    const kind = status.isDirectory() ? "folder" : status.isFile() ? "file" : "other";
    const problem = weightFileProblem({ kind, size: status.size, modified: status.mtimeMs }, file, largestWeightFile);
    return problem ?? (await readFile(path));
  } catch (error) {
    return loadFailure(codes.unreadable, file, null, `cannot be read: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENAMETOOLONG") return "the name is too long";
  return code ?? "unknown reason";
}
