import { stringAt } from "./strict-json.ts";

const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Calls `visit` for each number of a valid JSON text, in order, with its span and the name under which the text's
 * outermost object holds it (null where the text is no object).
 */
export function visitJsonNumbers(text: string, visit: (name: string | null, start: number, end: number) => void): void {
  let depth = 0;
  let name: string | null = null;
  for (let i = 0; i < text.length; ) {
    const char = text[i];
    if (char === '"') {
      const string = stringAt(text, i);
      if (depth === 1 && string.name !== null) name = string.name;
      i = string.end;
    } else if (char === "-" || (char >= "0" && char <= "9")) {
      number.lastIndex = i;
      number.test(text);
      visit(name, i, number.lastIndex);
      i = number.lastIndex;
    } else {
      if (char === "{" || char === "[") depth++;
      else if (char === "}" || char === "]") depth--;
      i++;
    }
  }
}
