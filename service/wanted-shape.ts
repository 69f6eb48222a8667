import type { ModelTree } from "../grammar/tree.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { shapesInUse } from "./mistakes/shapes-in-use.ts";

/** A shape some of whose sizes may be anything: null. */
export type WantedShape = readonly (number | null)[];

/** Whether a value of this shape can stand there. */
export function meets(shape: readonly number[], wanted: WantedShape): boolean {
  return shape.length === wanted.length && wanted.every((size, i) => size === null || size === shape[i]);
}

/** `[3, 2]`, `[n, 2]` */
export function wantedText(wanted: WantedShape): string {
  return `[${wanted.map((size) => size ?? "n").join(", ")}]`;
}

/** What the rest of the model asks of a name, or its declared shape: as far as its uses settle it, null where they do not. */
export function wantedShape(model: ModelTree, symbols: readonly ModelSymbol[], name: string): WantedShape | null {
  const others = symbols.filter((symbol) => symbol.name !== name);
  const shape = shapesInUse({ tree: model, symbols: others }).get(name) ?? null;
  return shape?.some((size) => size !== null) ? shape : null;
}
