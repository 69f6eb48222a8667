import type { TensorEntry } from "../model/tensor.ts";

/** A tensor of doubles, row-major. */
export interface NewTensor extends Pick<TensorEntry, "name" | "shape"> {
  readonly values: Float64Array;
}

/** A safetensors file of tensors, their names distinct (https://github.com/huggingface/safetensors, "Format"). */
export function newSafetensors(tensors: readonly NewTensor[]): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const begin = end;
    end += values.length * 8;
    return [name, { dtype: "F64", shape, data_offsets: [begin, end] }] as const;
  });
  const encoded = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  // Spaces behind the header put the numbers at a multiple of 8 bytes, where others can map them into memory.
  const length = Math.ceil(encoded.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(encoded, 8);
  let at = 8 + length;
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  }
  return bytes;
}
