import { children } from "./children.ts";
import type { Expression } from "./tree.ts";

/** How deep parentheses, brackets and operators may nest. */
export const DEEPEST = 256;

/** Whether parentheses, brackets and operators nest more than 256 deep. Without recursion: that is what it guards. */
export function isTooDeep(expression: Expression): boolean {
  let level: readonly Expression[] = [expression];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap(children);
  }
  return false;
}
