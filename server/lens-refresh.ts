import type { Disposable, Host } from "./host.ts";

/** Milliseconds: longer than VS Code lets pass between a request to ask for lenses again and its asking. */
const longestWait = 5000;
/** Milliseconds in which an editor that shows several documents asks for the others, too. */
const others = 250;

/**
 * Has an editor ask for its code lenses again, and not a second time before it has. VS Code asks after a pause without such
 * requests, of a quarter of a second and more where answers take longer: while an analysis tells its progress several
 * times a second it would never ask, and show none. And it forgets to ask where the text loses the focus in that pause:
 * one that has not asked is told once more.
 */
export class LensRefresh {
  readonly #host: Host;
  readonly #request: () => void;
  /** Runs while the editor has been told and may still ask. */
  #waiting: Disposable | null = null;
  /** Whether something has changed since the editor was told. */
  #isDue = false;

  /** @param request has the editor ask again */
  constructor(host: Host, request: () => void) {
    this.#host = host;
    this.#request = request;
  }

  /** What the lenses say has changed. */
  changed(): void {
    this.#isDue = true;
    if (this.#waiting === null) this.#tell(true);
  }

  /** The editor asks: what it is answered is as new as can be. */
  asked(): void {
    if (this.#waiting === null) return;
    this.#waiting.dispose();
    this.#waiting = this.#host.after(others, () => {
      this.#waiting = null;
      if (this.#isDue) this.#tell(true);
    });
  }

  dispose(): void {
    this.#waiting?.dispose();
  }

  /** @param again whether once more where the editor does not ask, be it that it shows no document of ours */
  #tell(again: boolean): void {
    this.#isDue = false;
    this.#waiting = this.#host.after(longestWait, () => {
      this.#waiting = null;
      if (this.#isDue || again) this.#tell(this.#isDue);
    });
    this.#request();
  }
}
