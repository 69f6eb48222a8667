import { codes, LoadError, quote } from "./failure.ts";

/** `JSON.parse`, except that a name given twice in one object is an error. `what` begins the message. */
export function parseStrictJson(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Python's json writes these, and people know what to do about them once told.
    const hint = /\b(NaN|Infinity)\b/.test(text) ? " (JSON has no NaN and no Infinity)" : "";
    throw new LoadError(codes.malformed, `${what} is not valid JSON${hint}: ${(error as Error).message}`);
  }
  const name = duplicateName(text);
  if (name !== null) throw new LoadError(codes.malformed, `${what} has the name ${quote(name)} twice`);
  return value;
}

/** A name that some object of the valid JSON text holds twice, or null. JSON.parse would keep the last silently. */
function duplicateName(text: string): string | null {
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "{") open.push(new Set());
    else if (char === "}") open.pop();
    else if (char === '"') {
      const { end, name } = stringAt(text, i);
      i = end - 1;
      if (name === null) continue;
      const names = open.at(-1)!;
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return null;
}

/** The string that begins at `start` of a valid JSON text: where it ends, and what it says where it is a name. */
export function stringAt(text: string, start: number): { end: number; name: string | null } {
  let end = start + 1;
  while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  end++;
  let after = end;
  while (" \t\r\n".includes(text[after] ?? "?")) after++;
  return { end, name: text[after] === ":" ? (JSON.parse(text.slice(start, end)) as string) : null };
}
