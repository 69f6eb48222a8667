import type { LoadFailure } from "../model/tensor.ts";
import { codes, LoadError } from "./failure.ts";
import { failing, openWeightFile, type Selection, select } from "./open.ts";
import { rounding } from "./representable.ts";
import { placeText, shapeText } from "./shape.ts";
import type { Change } from "./weight-file.ts";

/**
 * A weight file with other numbers in some of its tensors. They keep their names, shapes and types: a number becomes
 * what `representable` says. Every other byte is the same (in an archive, where members stand and their checksums
 * follow the changes), and so is a number that is what the file holds already, to its last bit or digit.
 *
 * Or why that cannot be: the tensor cannot be read, has another number of elements, or is of a type that cannot hold
 * the numbers.
 * @param file by its path as written in `load`: its extension says what it is, and messages name it
 * @param changed row-major, by the tensor's name, which is null in a file of one tensor without a name
 */
export function withTensors(
  file: string,
  bytes: Uint8Array,
  changed: ReadonlyMap<string | null, Float64Array>,
): Uint8Array | LoadFailure {
  const opened = failing(file, null, () => openWeightFile(file, bytes));
  if ("code" in opened) return opened;
  const changes: Change[] = [];
  for (const [name, values] of changed) {
    const change = failing(file, name, () => changeOf(select(opened, name), values));
    if ("code" in change) return change;
    // What stays is not even packed again.
    if (change.after.some((value, i) => !Object.is(value, change.before[i]))) changes.push(change);
  }
  const [first] = changes;
  if (first === undefined) return new Uint8Array(bytes);
  return failing(file, null, () => (opened.kind === "single" ? opened.write(first) : opened.write(changes)));
}

function changeOf({ index, read }: Selection, values: Float64Array): Change {
  const { shape, dtype, data: before } = read();
  if (values.length !== before.length) {
    const found = `the file holds ${before.length} (${shapeText(shape)})`;
    throw new LoadError(codes.notHeld, `${values.length} numbers are to be written, ${found}`);
  }
  const after = rounding(dtype, values);
  const refused = after.findIndex(Number.isNaN);
  if (refused >= 0) {
    const number = `${values[refused]}${placeText(shape, refused)}`;
    if (!Number.isFinite(values[refused])) {
      throw new LoadError(codes.badNumber, `expected finite numbers to write, found ${number}`);
    }
    const remedy = "save the tensor as 64-bit floats first";
    throw new LoadError(codes.notHeld, `its elements are ${dtype}, which cannot hold ${number}: ${remedy}`);
  }
  return { index, before, after };
}
