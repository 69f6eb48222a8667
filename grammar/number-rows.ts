/** The numbers between two brackets. */
export interface NumberRow {
  /** From `[` to `]`. */
  readonly text: string;
  readonly values: Float64Array;
  /** Start and end of each number, sign included, from the `[` on. */
  readonly places: Uint32Array;
}

/** Shorter rows are read as fast as they are found. */
const SHORTEST = 64;
/** Characters of the rows in each of the two generations. */
const MOST = 4_000_000;

/**
 * Rows of numbers that were read before. What a row holds depends on its own characters alone, so the same characters hold
 * it again, wherever they stand: most of a document of weights is what it was before the last keystroke, and reading its
 * digits would take ten times as long as comparing them.
 */
export class KnownRows {
  /** By their first characters; of several that begin alike the last. */
  #young = new Map<string, NumberRow>();
  #old = new Map<string, NumberRow>();
  #size = 0;

  /** The row whose characters stand at `at`, where it is known. */
  find(text: string, at: number): NumberRow | null {
    const key = text.slice(at, at + SHORTEST);
    const row = this.#young.get(key) ?? this.#old.get(key);
    if (row === undefined || text.slice(at, at + row.text.length) !== row.text) return null;
    this.#keep(row);
    return row;
  }

  add(row: NumberRow): void {
    if (row.text.length >= SHORTEST) this.#keep({ ...row, text: ownCopy(row.text) });
  }

  #keep(row: NumberRow): void {
    const key = row.text.slice(0, SHORTEST);
    if (this.#young.get(key) === row) return;
    this.#young.set(key, row);
    this.#size += row.text.length;
    if (this.#size <= MOST) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#size = 0;
  }
}

/** A slice of a string may keep all of it in memory: here that would be the document. */
function ownCopy(slice: string): string {
  return ` ${slice}`.slice(1);
}
