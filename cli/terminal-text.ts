/** Combining marks and format characters take no cell. */
const noCell = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** East Asian scripts, full-width forms and emoji take two cells (Unicode Standard Annex 11, in short). */
const twoCells =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;

/** Control characters, and those that reorder the text around them: a file must not steer the terminal. */
const harmful = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Terminal cells of one code point that `printable` has let through. */
export function cells(character: string): number {
  if (character < "\u0300") return 1;
  return noCell.test(character) ? 0 : twoCells.test(character) ? 2 : 1;
}

export function width(text: string): number {
  let sum = 0;
  for (const character of text) sum += cells(character);
  return sum;
}

/** One line of text with everything visible that is in it. */
export function printable(text: string): string {
  return text.replace(harmful, "\ufffd");
}

/** A message of our own: its line breaks are meant. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/**
 * Columns of equal width, two blanks apart, nothing behind the last.
 *
 * @param paint adds colours, which take no cell
 */
export function table(rows: readonly (readonly string[])[], paint: (cell: string) => string): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => width(row[i] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, i) => paint(cell) + " ".repeat(widths[i] - width(cell)))
      .join("  ")
      .trimEnd(),
  );
}
