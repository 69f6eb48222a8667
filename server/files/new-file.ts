import { link, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { withDraft } from "./draft-file.ts";
import { systemErrorText } from "./system-error.ts";

/**
 * Creates a file, whole or not at all; one that is there already is never touched, whoever else writes at the same time.
 *
 * @throws Error whose message ends a sentence for people ("the disk is full"); its `cause` is the system's error
 */
export async function writeNewFile(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  try {
    await withDraft(folder, bytes, 0o666, (draft) => placeNew(draft, file));
  } catch (error) {
    throw new Error(reason(error), { cause: error });
  }
  await syncFolder(folder);
}

/** A second name for the draft is the one step that fails where there is a file already. */
async function placeNew(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if (isThere(error)) throw error;
    await replaceReserved(draft, file);
  }
}

/**
 * Where the file system has no second names (FAT, many network drives; each has an error of its own for that): an empty
 * file reserves the name, which fails where there is one, and the draft replaces it. A process that is killed in between
 * leaves the empty file.
 */
async function replaceReserved(draft: string, file: string): Promise<void> {
  const reserved = await open(file, "wx");
  await reserved.close();
  try {
    await rename(draft, file);
  } catch (error) {
    await rm(file, { force: true }).catch(() => {});
    throw error;
  }
}

/** Without it a power failure may take back the file's name. Not every platform opens folders, nor needs it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is written: nothing to report.
  }
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EEXIST";
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ["EEXIST", "there is such a file already"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EROFS", "the folder is read-only"],
  ["EACCES", "the folder is read-only"],
  ["EPERM", "the folder is read-only"],
  ["ENOENT", "there is no such folder"],
  ["ENOTDIR", "there is no such folder"],
]);

function reason(error: unknown): string {
  return reasons.get((error as NodeJS.ErrnoException).code) ?? systemErrorText(error);
}
