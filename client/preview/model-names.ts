/**
 * The model that a place in a text is in: that whose header is the last one before it, else the first one of the text. For
 * telling whether the cursor has gone to another model; the server knows better.
 *
 * @param line from 0
 */
export function modelAt(text: string, line: number): string | null {
  let first: string | null = null;
  let found: string | null = null;
  let number = 0;
  for (const one of text.split("\n")) {
    const name = /^\s*model\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(one)?.[1] ?? null;
    if (name !== null) {
      first ??= name;
      if (number <= line) found = name;
    }
    number++;
  }
  return found ?? first;
}
