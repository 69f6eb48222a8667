import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Writes a file in full under a hidden name of its own, down to the disk, and has it put where it belongs: whoever looks
 * there finds all of it or none. The draft is gone afterwards, however that ends; only a process that is killed leaves it.
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
  }
}
