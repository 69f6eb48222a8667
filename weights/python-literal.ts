/** What the header of a .npy file may hold; tuples and lists both become arrays. */
export type PythonValue = string | number | boolean | null | PythonValue[] | Map<PythonValue, PythonValue>;

const token = /\s*(?:([{}()[\],:])|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([+-]?\d+)L?|([A-Za-z_]+))/y;
const words: ReadonlyMap<string, PythonValue> = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
]);
const maxDepth = 32;

/**
 * A Python literal of dicts, tuples, lists, strings, integers, True, False and None; null where the text is
 * anything else. A name that a dict holds twice is refused too.
 */
export function parsePythonLiteral(text: string): { readonly value: PythonValue } | null {
  let position = 0;
  let depth = 0;

  /** The next token, or null at the end of the text and where none begins. */
  function next(): RegExpExecArray | null {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match !== null) position = token.lastIndex;
    return match;
  }

  function accept(mark: string): boolean {
    const before = position;
    if (next()?.[1] === mark) return true;
    position = before;
    return false;
  }

  /** Undefined where no value stands. */
  function value(): PythonValue | undefined {
    const match = next();
    if (match === null || depth > maxDepth) return undefined;
    const [, mark, single, double, integer, word] = match;
    if (single !== undefined || double !== undefined) return (single ?? double).replace(/\\(.)/gs, "$1");
    if (integer !== undefined) return Number(integer);
    if (word !== undefined) return words.get(word);
    depth++;
    const result = mark === "{" ? dict() : mark === "(" ? sequence(")") : mark === "[" ? sequence("]") : undefined;
    depth--;
    return result;
  }

  function sequence(close: ")" | "]"): PythonValue | undefined {
    const items: PythonValue[] = [];
    let comma = true;
    while (!accept(close)) {
      const item = comma ? value() : undefined;
      if (item === undefined) return undefined;
      items.push(item);
      comma = accept(",");
    }
    // (3) is a number in parentheses, (3,) a tuple.
    return close === ")" && items.length === 1 && !comma ? items[0] : items;
  }

  function dict(): PythonValue | undefined {
    const items = new Map<PythonValue, PythonValue>();
    let comma = true;
    while (!accept("}")) {
      const key = comma ? value() : undefined;
      if (key === undefined || items.has(key) || !accept(":")) return undefined;
      const item = value();
      if (item === undefined) return undefined;
      items.set(key, item);
      comma = accept(",");
    }
    return items;
  }

  const result = value();
  return result === undefined || text.slice(position).trim() !== "" ? null : { value: result };
}
