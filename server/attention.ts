/** Nearer than any document: what a person has asked for and waits for. */
export const askedRank = -1;
/** A document that is open, but that nobody looks at; one that is not even open. */
export const hiddenRank = 1000;
export const unopenedRank = 2000;

/**
 * What a person looks at. An editor of ours says so (`contrax/visible`); of any other the document is taken that was last
 * opened, changed, saved or checked.
 */
export class Attention {
  #visible: readonly string[] = [];
  #isTold = false;

  /** @param uris the document with the cursor first. */
  look(uris: readonly string[]): void {
    this.#isTold = true;
    // More do not fit on a screen.
    this.#visible = uris.slice(0, hiddenRank);
  }

  /** Something was done to this document. */
  touch(uri: string): void {
    if (!this.#isTold) this.#visible = [uri];
  }

  /** Smaller is nearer to the person; below `hiddenRank` for what is seen. */
  rank(uri: string): number {
    const index = this.#visible.indexOf(uri);
    return index < 0 ? hiddenRank : index;
  }
}
