import { fromBase64, toBase64 } from "./base64.ts";
import type { Packed } from "./preview-messages.ts";

// Typed arrays in JSON: `{ "float64": base64 }`. Every machine that runs this is little-endian.

export function pack<T>(value: T): Packed<T> {
  return packed(value) as Packed<T>;
}

/** The other way, of what `pack` made; an array that is no base64 is empty. */
export function unpack<T>(value: Packed<T>): T {
  return unpacked(value) as T;
}

function packed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Float64Array) return { float64: bytesOf(value) };
  if (value instanceof Float32Array) return { float32: bytesOf(value) };
  if (Array.isArray(value)) return value.map(packed);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, packed(inner)]));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): string {
  return toBase64(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
}

function unpacked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpacked);
  if ("float64" in value) return new Float64Array(numbers(value.float64, 8));
  if ("float32" in value) return new Float32Array(numbers(value.float32, 4));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpacked(inner)]));
}

function numbers(base64: unknown, size: number): ArrayBuffer {
  const bytes = typeof base64 === "string" ? fromBase64(base64) : null;
  if (bytes === null) return new ArrayBuffer(0);
  return bytes.buffer.slice(0, bytes.length - (bytes.length % size)) as ArrayBuffer;
}
