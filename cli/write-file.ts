import { realpath, rename, stat } from "node:fs/promises";
import path from "node:path";
import { withDraft } from "../server/files/draft-file.ts";

/** Whole or not at all: written beside the file, then put in its place. A symbolic link stays one. */
export async function writeFile(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const mode = await stat(target).then(
    (status) => status.mode,
    () => 0o666,
  );
  await withDraft(path.dirname(target), text, mode, (draft) => rename(draft, target));
}
