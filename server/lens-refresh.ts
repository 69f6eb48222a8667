import type { Disposable, Host } from "./host.ts";

/** Milliseconds: longer than VS Code lets pass between a request to ask for lenses again and its asking. */
const longestWait = 5000;
/** Milliseconds in which an editor that shows several documents asks for the others, too. */
const others = 250;

/**
 * Has an editor ask for its code lenses again, and not a second time before it has. VS Code asks after a pause without such
 * requests, of a quarter of a second and more where answers take longer: while an analysis tells its progress several
 * times a second it would never ask, and show none. And it can forget: to ask, where the text loses the focus in that
 * pause; and what it was answered, where another extension brings lenses of its own at that moment, after which it asks
 * again unless the focus is lost. So it is told once more when nothing has changed for a while.
 */
export class LensRefresh {
  readonly #host: Host;
  readonly #request: () => void;
  /** How often the editor is still to be told of the last change. */
  #owed = 0;
  /** Runs from when the editor was told for as long as it may take to ask. */
  #told: Disposable | null = null;
  /** Runs while an editor that has asked for one document may ask for others. */
  #asking: Disposable | null = null;
  #hasAsked = false;

  /** @param request has the editor ask again */
  constructor(host: Host, request: () => void) {
    this.#host = host;
    this.#request = request;
  }

  /** What the lenses say has changed. */
  changed(): void {
    this.#owed = 2;
    if (this.#told === null || this.#hasAsked) this.#tell();
  }

  /** The editor asks: what it is answered is as new as can be. */
  asked(): void {
    if (this.#told === null) return;
    this.#asking?.dispose();
    this.#asking = this.#host.after(others, () => {
      this.#hasAsked = true;
      if (this.#owed === 2) this.#tell();
    });
  }

  dispose(): void {
    this.#told?.dispose();
    this.#asking?.dispose();
  }

  #tell(): void {
    this.dispose();
    this.#owed--;
    this.#hasAsked = false;
    this.#told = this.#host.after(longestWait, () => {
      this.#told = null;
      if (this.#owed > 0) this.#tell();
    });
    this.#request();
  }
}
