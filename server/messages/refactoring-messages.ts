/** The server's command that moves a literal to a weight file; its argument is a `RefactoringReference`. */
export const moveCommand = "contrax.moveToFile";

/** One refactoring at a place in one version of a document: what an editor sends back to have it done. */
export interface RefactoringReference {
  readonly uri: string;
  readonly version: number;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** As it was found there. */
  readonly refactoring: string;
}

/** What an editor sent to name a refactoring; null where that is something else, a repair for instance. */
export function readRefactoring(value: unknown): RefactoringReference | null {
  if (typeof value !== "object" || value === null) return null;
  const { uri, version, start, end, refactoring } = value as Record<keyof RefactoringReference, unknown>;
  const isOne =
    typeof uri === "string" &&
    typeof version === "number" &&
    typeof start === "number" &&
    typeof end === "number" &&
    typeof refactoring === "string";
  return isOne ? { uri, version, start, end, refactoring } : null;
}
