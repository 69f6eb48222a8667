import type { TensorEntry } from "../model/tensor.ts";
import type { ElementType } from "./element-type.ts";
import * as types from "./element-type.ts";
import { codes, LoadError, quote } from "./failure.ts";
import { decode, encode, type Layout } from "./layout.ts";
import { maxTextBytes } from "./limits.ts";
import { parseStrictJson } from "./strict-json.ts";
import { utf8 } from "./text.ts";
import type { WeightFile } from "./weight-file.ts";

export const safetensorsTypes: ReadonlyMap<string, ElementType> = new Map([
  ["F64", types.float64],
  ["F32", types.float32],
  ["F16", types.half],
  ["BF16", types.brain],
  ["I64", types.int64],
  ["I32", types.int32],
  ["I16", types.int16],
  ["I8", types.int8],
  ["U64", types.uint64],
  ["U32", types.uint32],
  ["U16", types.uint16],
  ["U8", types.uint8],
  ["BOOL", types.bool],
]);

interface Stored extends TensorEntry {
  /** Bytes [begin, end) of the data that follow the header. */
  readonly begin: number;
  readonly end: number;
}

/**
 * A safetensors file: 8 bytes of header length (little-endian), a JSON header, raw row-major little-endian tensors
 * that fill the rest without gap or overlap (https://github.com/huggingface/safetensors, "Format").
 */
export function openSafetensors(bytes: Uint8Array): WeightFile {
  if (bytes.length < 8) {
    malformed(`it has ${bytes.length} bytes; a safetensors file begins with 8 bytes that state its header's length`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > bytes.length - 8) {
    malformed(`it states a header of ${length} bytes, but ${bytes.length - 8} bytes follow`);
  }
  const headerEnd = 8 + Number(length);
  const header = parseStrictJson(utf8(bytes.subarray(8, headerEnd), "its header", maxTextBytes), "its header");
  if (!isObject(header)) malformed("its header is not a JSON object of tensors by name");
  const data = bytes.subarray(headerEnd);
  const entries: Stored[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") checkMetadata(value);
    else entries.push(storedTensor(name, value, data.length));
  }
  checkCover(entries, data.length);
  return {
    kind: "named",
    names: entries.map(({ name }) => name),
    entry(index) {
      const { name, shape, dtype } = entries[index];
      return { name, shape, dtype };
    },
    read(index) {
      const { shape, dtype, begin, end } = entries[index];
      return { shape, dtype, data: decode(data.subarray(begin, end), elementType(dtype), layout(shape)) };
    },
    write(changes) {
      // Not by `slice`, which in a Buffer of Node.js shares the bytes.
      const written = new Uint8Array(bytes);
      for (const { index, after } of changes) {
        const { shape, dtype, begin, end } = entries[index];
        encode(after, written.subarray(headerEnd + begin, headerEnd + end), elementType(dtype), layout(shape));
      }
      return written;
    },
  };
}

function elementType(dtype: string): ElementType {
  const type = safetensorsTypes.get(dtype);
  if (type !== undefined) return type;
  const known = [...safetensorsTypes.keys()].join(", ");
  throw new LoadError(codes.unsupported, `its elements are ${quote(dtype)}; what is read is ${known}`);
}

function layout(shape: readonly number[]): Layout {
  return { shape, littleEndian: true, fortranOrder: false };
}

function storedTensor(name: string, value: unknown, dataLength: number): Stored {
  const place = `tensor ${quote(name)}`;
  if (!isObject(value)) malformed(`${place}: its header entry is not an object with dtype, shape and data_offsets`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") malformed(`${place}: its dtype is not a string`);
  if (!isSizes(shape)) {
    malformed(`${place}: its shape is not an array of whole numbers >= 0`);
  }
  if (!isSizes(offsets) || offsets.length !== 2) {
    malformed(`${place}: its data_offsets are not two whole numbers >= 0`);
  }
  const [begin, end] = offsets;
  if (begin > end || end > dataLength) {
    malformed(`${place}: its data_offsets are [${begin}, ${end}], but the file holds ${dataLength} bytes of data`);
  }
  const size = safetensorsTypes.get(dtype)?.size;
  // An empty tensor may have other sizes whose product overflows.
  const expected = shape.includes(0) ? 0 : shape.reduce((product, dimension) => product * dimension, size ?? 1);
  if (size !== undefined && expected !== end - begin) {
    malformed(`${place}: ${dtype} [${shape.join(", ")}] takes ${expected} bytes, its data_offsets span ${end - begin}`);
  }
  return { name, shape, dtype, begin, end };
}

/** The tensors must fill the data: no byte twice, none unused. */
function checkCover(entries: readonly Stored[], dataLength: number): void {
  let end = 0;
  let before = "the header";
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const place = `tensor ${quote(entry.name)}`;
    if (entry.begin < end) malformed(`${place}: its data overlap those of ${before}`);
    if (entry.begin > end) malformed(`${place}: its data begin ${entry.begin - end} bytes after the end of ${before}`);
    end = entry.end;
    before = place;
  }
  if (end !== dataLength) malformed(`the header accounts for ${end} bytes of data, the file holds ${dataLength}`);
}

function checkMetadata(value: unknown): void {
  if (!isObject(value) || !Object.values(value).every((text) => typeof text === "string")) {
    malformed("the __metadata__ of its header is not an object of strings");
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function malformed(problem: string): never {
  throw new LoadError(codes.malformed, problem);
}
