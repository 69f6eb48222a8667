import type { LoadFailure, TensorSource } from "../../model/tensor.ts";
import { codes, loadFailure } from "../../weights/failure.ts";
import { tensorSource } from "../../weights/source.ts";
import type { Disposable, Host } from "../host.ts";
import { resolveLoad } from "./uris.ts";

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
  readonly #documentUri: string;
  readonly #changed: () => void;
  readonly #cache = new Map<string, Cached>();
  readonly #watches = new Map<string, Disposable>();
  #isOver = false;
  #weights: (Weights & { readonly key: string }) | null = null;

  /** @param changed called when a file that the document loads may have changed. */
  constructor(host: Host, documentUri: string, changed: () => void) {
    this.#host = host;
    this.#documentUri = documentUri;
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
    // Of what was read here: another look that began later may have found more than this one.
    const key = JSON.stringify(wanted.map((file, i) => [file, contents[i].stamp]));
    if (this.#weights?.key !== key) {
      const read = new Map(wanted.map((file, i) => [file, contents[i].content]));
      this.#weights = { key, source: tensorSource(read), files: read };
    }
    return this.#weights;
  }

  /** What is asked for afterwards is still read, but no more watched. */
  dispose(): void {
    this.#watchOnly([]);
    this.#isOver = true;
  }

  async #readFile(file: string): Promise<Cached> {
    const uri = resolveLoad(this.#documentUri, file);
    if (uri === null) {
      const problem = "cannot be found: save the model to a folder first, the path is relative to it";
      return { stamp: null, content: loadFailure(codes.unreadable, file, null, problem) };
    }
    // Taken first: a change while the file is being read shows at the next look.
    const stamp = await this.#host.stamp(uri);
    const cached = this.#cache.get(file);
    if (cached !== undefined && cached.stamp === stamp && stamp !== null) return cached;
    const read = { stamp, content: await this.#host.readWeightFile(uri, file) };
    this.#cache.set(file, read);
    return read;
  }

  #watchOnly(files: readonly string[]): void {
    if (this.#isOver) return;
    for (const [file, watch] of this.#watches) {
      if (files.includes(file)) continue;
      watch.dispose();
      this.#watches.delete(file);
      this.#cache.delete(file);
    }
    for (const file of files) {
      const uri = resolveLoad(this.#documentUri, file);
      if (uri !== null && !this.#watches.has(file)) this.#watches.set(file, this.#host.watch(uri, this.#changed));
    }
  }
}
