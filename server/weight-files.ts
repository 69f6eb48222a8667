import type { LoadFailure, TensorSource } from "../model/tensor.ts";
import { codes, loadFailure } from "../weights/failure.ts";
import { tensorSource } from "../weights/source.ts";
import { resolveLoad } from "./files.ts";
import type { Disposable, Host } from "./host.ts";

export interface Weights {
  readonly source: TensorSource;
  /** By their names in `load`. */
  readonly files: ReadonlyMap<string, Uint8Array | LoadFailure>;
}

interface Cached {
  readonly stamp: string | null;
  readonly content: Uint8Array | LoadFailure;
}

/**
 * The weight files of one document: read again only where they changed, watched while the document loads them.
 */
export class WeightFiles {
  readonly #host: Host;
  /** Null for a document that is in no folder of this machine. */
  readonly #documentPath: string | null;
  readonly #changed: () => void;
  readonly #cache = new Map<string, Cached>();
  readonly #watches = new Map<string, Disposable>();
  #weights: (Weights & { readonly key: string }) | null = null;

  /** @param changed called when a file that the document loads may have changed. */
  constructor(host: Host, documentPath: string | null, changed: () => void) {
    this.#host = host;
    this.#documentPath = documentPath;
    this.#changed = changed;
  }

  /**
   * The tensors of these files as they are now; the same source where nothing changed, so that a tensor is decoded
   * once.
   *
   * @param files as written in `load`
   */
  async read(files: readonly string[]): Promise<Weights> {
    const wanted = [...new Set(files)].sort();
    this.#watchOnly(wanted);
    const contents = await Promise.all(wanted.map((file) => this.#readFile(file)));
    const key = JSON.stringify(wanted.map((file) => [file, this.#cache.get(file)?.stamp]));
    if (this.#weights?.key !== key) {
      const read = new Map(wanted.map((file, i) => [file, contents[i]]));
      this.#weights = { key, source: tensorSource(read), files: read };
    }
    return this.#weights;
  }

  dispose(): void {
    this.#watchOnly([]);
  }

  async #readFile(file: string): Promise<Uint8Array | LoadFailure> {
    if (this.#documentPath === null) {
      const problem = "cannot be found: save the model to a folder first, the path is relative to it";
      return loadFailure(codes.unreadable, file, null, problem);
    }
    const path = resolveLoad(this.#documentPath, file);
    // Taken first: a change while the file is being read shows at the next look.
    const stamp = await this.#host.stamp(path);
    const cached = this.#cache.get(file);
    if (cached !== undefined && cached.stamp === stamp && stamp !== null) return cached.content;
    const content = await this.#host.readWeightFile(path, file);
    this.#cache.set(file, { stamp, content });
    return content;
  }

  #watchOnly(files: readonly string[]): void {
    if (this.#documentPath === null) return;
    for (const [file, watch] of this.#watches) {
      if (files.includes(file)) continue;
      watch.dispose();
      this.#watches.delete(file);
      this.#cache.delete(file);
    }
    for (const file of files) {
      if (this.#watches.has(file)) continue;
      this.#watches.set(file, this.#host.watch(resolveLoad(this.#documentPath, file), this.#changed));
    }
  }
}
