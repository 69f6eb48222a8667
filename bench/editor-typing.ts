import type { Position } from "vscode-languageserver-types";

/** One keystroke, or one paste: at an offset so many characters go and these come. */
export interface Keystroke {
  readonly offset: number;
  readonly remove: number;
  readonly insert: string;
}

/** The text in the editor, which changes key by key. */
export class TypedText {
  text: string;
  version = 1;
  #lineStarts: number[] | null = null;

  constructor(text: string) {
    this.text = text;
  }

  positionAt(offset: number): Position {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low, character: offset - starts[low]! };
  }

  /** What the editor sends for it. */
  type(uri: string, { offset, remove, insert }: Keystroke) {
    const range = { start: this.positionAt(offset), end: this.positionAt(offset + remove) };
    this.text = this.text.slice(0, offset) + insert + this.text.slice(offset + remove);
    this.#lineStarts = null;
    this.version++;
    return { textDocument: { uri, version: this.version }, contentChanges: [{ range, text: insert }] };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/**
 * Keystrokes of a person who works all over a model: a statement is written and taken back, a digit of a number changes,
 * a sign is lost and put back, a line is cut and pasted. What has been broken is whole again some keys later.
 */
export function* typing(document: TypedText, random: () => number): Generator<Keystroke> {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let round = 0; ; round++) {
    const { text } = document;
    const where = Math.floor(random() * text.length);
    const line = text.indexOf("\n", where) + 1;
    if (line === 0) continue;
    switch (round % 4) {
      case 0: {
        const written = one([
          `  param k${round} = 3.5 * tanh(0.25)\n`,
          "  // a remark\n",
          "  require lognorm(2) <= 3\n",
        ]);
        for (let k = 0; k < written.length; k++) yield { offset: line + k, remove: 0, insert: written[k]! };
        for (let k = written.length - 1; k >= 0; k--) yield { offset: line + k, remove: 1, insert: "" };
        break;
      }
      case 1: {
        const digit = where + text.slice(where).search(/[0-9](?=[0-9])/);
        if (digit < where) break;
        const before = text[digit]!;
        for (const insert of ["7", "3", before]) yield { offset: digit, remove: 1, insert };
        break;
      }
      case 2: {
        const sign = where + text.slice(where).search(/[[\](){}=*,]/);
        if (sign < where) break;
        const before = text[sign]!;
        yield { offset: sign, remove: 1, insert: "" };
        yield { offset: sign, remove: 0, insert: "]" };
        yield { offset: sign, remove: 1, insert: "" };
        yield { offset: sign, remove: 0, insert: before };
        break;
      }
      default: {
        const end = text.indexOf("\n", line) + 1;
        if (end === 0) break;
        const cut = text.slice(line, end);
        yield { offset: line, remove: cut.length, insert: "" };
        yield { offset: line, remove: 0, insert: cut };
      }
    }
  }
}
