// Scanners for what may be long. A regular expression with an alternative inside a repetition keeps a way back for each
// character, and a string or comment of some megabytes would exhaust the stack.

/** The end of the block comment that starts at `at`; the end of the text where it is not closed. */
export function endOfBlockComment(text: string, at: number): number {
  const end = text.indexOf("*/", at + 2);
  return end < 0 ? text.length : end + 2;
}

/** Whether the block comment, given from its `/*` on, is closed. */
export function isClosedComment(image: string): boolean {
  return image.length >= 4 && image.endsWith("*/");
}

/** The end of the string that starts at `at`: behind its closing quote, or of the line where it is not closed. */
export function endOfString(text: string, at: number): { readonly end: number; readonly closed: boolean } {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) return { end: i + 1, closed: true };
    if (code === 0x0a || code === 0x0d) return { end: i, closed: false };
    if (code === 0x5c && text.charCodeAt(i + 1) !== 0x0a && text.charCodeAt(i + 1) !== 0x0d) i++;
  }
  return { end: text.length, closed: false };
}

const SPACE = /\s*/y;
const LINE = /[^\r\n]*/y;

/** Where white space and comments that start at `at` end. */
export function endOfTrivia(text: string, at: number): number {
  for (;;) {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
    if (text.startsWith("//", at)) {
      LINE.lastIndex = at;
      LINE.test(text);
      at = LINE.lastIndex;
    } else if (text.startsWith("/*", at)) at = endOfBlockComment(text, at);
    else return at;
  }
}
