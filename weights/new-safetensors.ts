import type { TensorEntry } from "../model/tensor.ts";

/** A safetensors file of one tensor of doubles, [..shape], row-major (https://github.com/huggingface/safetensors, "Format"). */
export function newSafetensors({ name, shape }: Pick<TensorEntry, "name" | "shape">, values: Float64Array): Uint8Array {
  const entry = { dtype: "F64", shape, data_offsets: [0, values.length * 8] };
  const header = JSON.stringify({ [name]: entry });
  const encoded = new TextEncoder().encode(header);
  // Spaces behind the header put the numbers at a multiple of 8 bytes, where others can map them into memory.
  const length = Math.ceil(encoded.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + values.length * 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(encoded, 8);
  for (const [i, value] of values.entries()) view.setFloat64(8 + length + 8 * i, value, true);
  return bytes;
}
