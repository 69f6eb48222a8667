import type { FileEntry } from "../messages/file-messages.ts";
import { type FoundModels, mostModels } from "./model-files.ts";
import { inFolder } from "./uris.ts";

/** Each is a question to somebody who may be far away. */
const mostFolders = 2000;
/** At a time. */
const questions = 8;

/**
 * The model files below a folder whose contents somebody else tells, as `ModelFiles.findModels` says.
 *
 * @param list what stands in a folder; null where it cannot be read
 */
export async function findListedModels(
  list: (folder: string) => Promise<readonly FileEntry[] | null>,
  root: string,
  isCancelled: () => boolean,
): Promise<FoundModels> {
  const files = new Set<string>();
  const folders = new Set([root]);
  const waiting = [root];
  while (waiting.length > 0) {
    const asked = waiting.splice(0, questions);
    const listed = await Promise.all(asked.map(list));
    for (const [index, entries] of listed.entries()) {
      for (const { name, kind } of entries ?? []) {
        if (isCancelled() || files.size >= mostModels || folders.size >= mostFolders) return found(false);
        const uri = name.startsWith(".") || name === "node_modules" ? null : inFolder(asked[index], name);
        if (uri === null) continue;
        if (kind === "file" && name.endsWith(".node")) files.add(uri);
        if (kind !== "folder" || folders.has(uri)) continue;
        folders.add(uri);
        waiting.push(uri);
      }
    }
  }
  return found(true);

  function found(isComplete: boolean): FoundModels {
    return { files: [...files].sort(), isComplete };
  }
}
