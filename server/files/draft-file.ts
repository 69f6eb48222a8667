import { randomUUID } from "node:crypto";
import { open, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";

/** What a draft is called: nothing else is ever taken for one. */
const draftName = /^\.contrax-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Nobody writes for so long: an older draft is one of a process that was killed. */
const oldMilliseconds = 3_600_000;

/**
 * Writes a file in full under a hidden name of its own, down to the disk, and has it put where it belongs: whoever looks
 * there finds all of it or none. The draft is gone afterwards, however that ends; one that a killed process left goes with the
 * next one in its folder.
 *
 * @param folder where the file belongs: within one file system it can be moved in one step
 * @param place moves the draft, or gives it another name
 */
export async function withDraft(
  folder: string,
  content: string | Uint8Array,
  mode: number,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = path.join(folder, `.contrax-${randomUUID()}`);
  try {
    const handle = await open(draft, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(draft);
  } finally {
    // What went wrong before says more than what goes wrong here.
    await rm(draft, { force: true }).catch(() => {});
    await removeOldDrafts(folder).catch(() => {});
  }
}

async function removeOldDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!draftName.test(name)) continue;
    const draft = path.join(folder, name);
    const { mtimeMs } = await stat(draft);
    if (Date.now() - mtimeMs > oldMilliseconds) await rm(draft, { force: true });
  }
}
