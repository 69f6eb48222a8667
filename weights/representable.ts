import { type ElementType, float64 } from "./element-type.ts";
import { npyTypes } from "./npy.ts";
import { safetensorsTypes } from "./safetensors.ts";

/**
 * What numbers become in a file whose elements are of this type: rounded to the nearest ones for floats, ties to even;
 * themselves in text. Null where some cannot be held: in whole numbers and bools what is none of them, in floats what
 * is beyond the largest, in an unknown type anything.
 * @param dtype as a `Tensor` has it: `F32`, `<f4`, `json`
 */
export function representable(dtype: string, values: Float64Array): Float64Array | null {
  const rounded = rounding(dtype, values);
  return rounded.some(Number.isNaN) ? null : rounded;
}

/** The same number by number, with NaN for each that cannot be held. */
export function rounding(dtype: string, values: Float64Array): Float64Array {
  const type = elementType(dtype);
  return values.map((value) => type?.round(value) ?? Number.NaN);
}

function elementType(dtype: string): ElementType | undefined {
  if (dtype === "json" || dtype === "csv") return float64;
  // A byte order stands before NumPy's types.
  return safetensorsTypes.get(dtype) ?? npyTypes.get(dtype.slice(1));
}
