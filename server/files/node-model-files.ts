import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { URI } from "vscode-uri";
import { modelText } from "./document-text.ts";
import { type FoundModels, type ModelFiles, type ModelText, mostModels } from "./model-files.ts";
import { readDocument } from "./model-text.ts";
import { filePath } from "./uris.ts";

/** Names in folders that are looked at: a second or two on a slow disk. */
const mostNames = 200_000;

/** The folders of this machine's disks. */
export const nodeModelFiles: ModelFiles = {
  async findModels(folder, isCancelled): Promise<FoundModels> {
    const root = filePath(folder);
    if (root === null) return { files: [], isComplete: true };
    const search = new Search(isCancelled);
    const isComplete = await search.run(root);
    return { files: search.files.sort().map((file) => URI.file(file).toString()), isComplete };
  },
  async readModel(uri): Promise<ModelText> {
    const file = filePath(uri);
    if (file === null) return { kind: "unreadable", problem: "cannot be read: it is on no disk of this machine" };
    return modelText(await readDocument(file));
  },
};

/** Folder by folder, the nearest first, so that what symbolic links show again has its shortest path. */
class Search {
  readonly files: string[] = [];
  readonly #isCancelled: () => boolean;
  /** Real paths of what has been found. */
  readonly #seen = new Set<string>();
  #names = 0;

  constructor(isCancelled: () => boolean) {
    this.#isCancelled = isCancelled;
  }

  /** Whether all was looked at. */
  async run(root: string): Promise<boolean> {
    const folders = [root];
    for (const folder of folders) {
      const real = await realpath(folder).catch(() => null);
      if (real === null || !this.#isNew(real)) continue;
      // One that cannot be read holds no models that could be.
      for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
        if (this.#isCancelled() || ++this.#names > mostNames || this.files.length >= mostModels) return false;
        const { name } = entry;
        if (name.startsWith(".") || name === "node_modules") continue;
        const place = path.join(folder, name);
        const target = entry.isSymbolicLink() ? await stat(place).catch(() => null) : entry;
        if (target?.isDirectory()) folders.push(place);
        else if (target?.isFile() && name.endsWith(".node")) {
          const file = entry.isSymbolicLink() ? await realpath(place).catch(() => place) : path.join(real, name);
          if (this.#isNew(file)) this.files.push(place);
        }
      }
    }
    return true;
  }

  #isNew(real: string): boolean {
    const before = this.#seen.size;
    return this.#seen.add(real).size > before;
  }
}
