import type { Tensor } from "../model/tensor.ts";
import { tensorSource } from "../weights/source.ts";
import type { NewFile } from "./repair/repair.ts";
import { numberText } from "./rounding.ts";

/** Significant digits of what a change costs. */
const digits = 3;

/**
 * What a new weight file is beside the one that it takes the place of:
 * `w.contracted.npz is w.npz but for A [2, 2]: ‖Δ‖ = 0.809 (28.6 %), largest change 0.607 at [1, 1]`
 */
export function weightChangesText({ file, from, bytes }: NewFile, old: Uint8Array): string {
  const source = tensorSource(
    new Map([
      [from, old],
      [file, bytes],
    ]),
  );
  const names = source.entries(from).map(({ name }) => name);
  const changes = (names.length > 0 ? names : [null]).flatMap((name) => {
    const [before, after] = [source.tensor(from, name), source.tensor(file, name)];
    // What cannot be read (too many dimensions) is not what a model was made of.
    if ("code" in before || "code" in after) return [];
    return changeText(name, before, after) ?? [];
  });
  return `${file} is ${from} but for ${changes.join("; ")}`;
}

/** Null where nothing differs. */
function changeText(name: string | null, before: Tensor, after: Tensor): string | null {
  let [squares, size, largest] = [0, 0, 0];
  for (const [k, value] of before.data.entries()) {
    const change = after.data[k] - value;
    squares += change ** 2;
    size += value ** 2;
    if (Math.abs(change) > Math.abs(after.data[largest] - before.data[largest])) largest = k;
  }
  if (squares === 0) return null;
  const short = (x: number) => numberText(Number(x.toPrecision(digits)));
  const share = size > 0 ? ` (${short(100 * Math.sqrt(squares / size))} %)` : "";
  const shape = before.shape.length > 0 ? ` [${before.shape.join(", ")}]` : "";
  const place = before.shape.length > 0 ? ` at [${placeOf(largest, before.shape).join(", ")}]` : "";
  const most = short(after.data[largest] - before.data[largest]);
  return `${name ?? "its numbers"}${shape}: ‖Δ‖ = ${short(Math.sqrt(squares))}${share}, largest change ${most}${place}`;
}

/** Indices from 1, of an element of a row-major array. */
function placeOf(element: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = element;
  for (const size of shape.toReversed()) {
    place.unshift((rest % size) + 1);
    rest = Math.floor(rest / size);
  }
  return place;
}
