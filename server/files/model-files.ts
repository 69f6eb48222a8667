/** The model files of a folder, open or not. */
export interface ModelFiles {
  /**
   * The `.node` files below a folder, each once, in the order of their paths. What is in node_modules or hidden is left out;
   * so are binary add-ons, but only by `readModel`.
   */
  findModels(folder: string, isCancelled: () => boolean): Promise<FoundModels>;
  readModel(uri: string): Promise<ModelText>;
}

export interface FoundModels {
  /** URIs. */
  readonly files: readonly string[];
  /** False where there is more than can be looked at, or it was cancelled. */
  readonly isComplete: boolean;
}

export type ModelText =
  | { readonly kind: "text"; readonly text: string }
  /** One of Node.js's binary add-ons, which have the same extension. */
  | { readonly kind: "binary" }
  /** Why there is none: the end of a sentence. */
  | { readonly kind: "unreadable"; readonly problem: string };

/** No project has so many models; a home folder that was opened by mistake may. */
export const mostModels = 10_000;

/** What a person or an editor cancels. */
export class Cancellation {
  readonly cancelled: Promise<void>;
  isCancelled = false;
  #settle = () => {};

  constructor() {
    this.cancelled = new Promise((resolve) => (this.#settle = resolve));
  }

  cancel(): void {
    this.isCancelled = true;
    this.#settle();
  }
}
