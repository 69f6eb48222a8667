import type { Model } from "../../model/model.ts";

/** Of so few neurons one bound takes a millisecond: where it takes longer, the machine is busy or has just begun. */
const few = 16;
const longest = 10;

/**
 * How long a search for a picture may take: so many milliseconds, and of a small model, longer where the machine is
 * slow and what has been found is not enough. A picture without a bound is worth less than one that comes later.
 */
export class Patience {
  readonly #start = performance.now();
  readonly #milliseconds: number;
  readonly #isSmall: boolean;

  constructor({ layers }: Model, milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#isSmall = layers.reduce((sum, { neurons }) => sum + neurons, 0) <= few;
  }

  /** @param isEnough asked only where the time is up: what has been found */
  isOver(isEnough: () => boolean): boolean {
    const taken = performance.now() - this.#start;
    if (taken < this.#milliseconds) return false;
    return !this.#isSmall || isEnough() || taken >= longest * this.#milliseconds;
  }
}
