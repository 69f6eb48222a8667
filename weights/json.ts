import type { Tensor } from "../model/tensor.ts";
import { type NumberEdit, withEditedNumbers } from "./edited-numbers.ts";
import { codes, LoadError } from "./failure.ts";
import { visitJsonNumbers } from "./json-numbers.ts";
import { maxTextBytes } from "./limits.ts";
import { elementCount, placeText } from "./shape.ts";
import { parseStrictJson } from "./strict-json.ts";
import { utf8 } from "./text.ts";
import type { Change, WeightFile } from "./weight-file.ts";

const maxDepth = 3;

/** A .json file: a number or nested arrays (one tensor without a name), or an object of them by name. */
export function openJson(bytes: Uint8Array): WeightFile {
  const text = utf8(bytes, "it", maxTextBytes);
  const value = parseStrictJson(text, "it");
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      kind: "single",
      read: () => nestedArrays(value),
      write: (change) => withEditedNumbers(bytes, text, editsOf(text, new Map([[null, change]]))),
    };
  }
  const values = Object.entries(value);
  return {
    kind: "named",
    names: values.map(([name]) => name),
    entry: (index) => ({ name: values[index][0], shape: leadingShape(values[index][1]), dtype: "json" }),
    read: (index) => nestedArrays(values[index][1]),
    write(changes) {
      const byName = new Map(changes.map((change) => [values[change.index][0], change]));
      return withEditedNumbers(bytes, text, editsOf(text, byName));
    },
  };
}

/** The numbers of a tensor stand in the text one after the other, whatever the arrays around them. */
function editsOf(text: string, changes: ReadonlyMap<string | null, Change>): NumberEdit[] {
  const edits: NumberEdit[] = [];
  const seen = new Map<string | null, number>();
  visitJsonNumbers(text, (name, start, end) => {
    const change = changes.get(name);
    if (change === undefined) return;
    const index = seen.get(name) ?? 0;
    seen.set(name, index + 1);
    const value = change.after[index];
    if (!Object.is(value, change.before[index])) edits.push({ start, end, value });
  });
  return edits;
}

function nestedArrays(value: unknown): Tensor {
  const shape = leadingShape(value);
  if (shape.length > maxDepth) {
    throw new LoadError(codes.unsupported, `its arrays are nested more than ${maxDepth} deep`);
  }
  const data = new Float64Array(elementCount(shape));
  let filled = 0;
  function fill(nested: unknown, axis: number): void {
    if (axis === shape.length) {
      if (typeof nested !== "number") {
        malformed(`expected a number, found ${kindText(nested)}${placeText(shape, filled)}`);
      }
      // A number like 1e999 is valid JSON.
      if (!Number.isFinite(nested)) {
        throw new LoadError(codes.badNumber, `a number${placeText(shape, filled)} is beyond the range of doubles`);
      }
      data[filled++] = nested;
      return;
    }
    if (!Array.isArray(nested) || nested.length !== shape[axis]) {
      const found = Array.isArray(nested) ? `an array of ${nested.length}` : kindText(nested);
      malformed(
        `expected an array of ${shape[axis]} like the ones before it, found ${found}${placeText(shape, filled)}`,
      );
    }
    for (const element of nested) fill(element, axis + 1);
  }
  fill(value, 0);
  return { shape, data, dtype: "json" };
}

/** The lengths of the array, of its first element, of that one's first element, …: one level more than is read. */
function leadingShape(value: unknown): number[] {
  const shape: number[] = [];
  for (let nested = value; Array.isArray(nested) && shape.length <= maxDepth; nested = nested[0]) {
    shape.push(nested.length);
  }
  return shape;
}

function kindText(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function malformed(problem: string): never {
  throw new LoadError(codes.malformed, problem);
}
