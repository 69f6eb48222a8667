import type { LabelledImages } from "../classify/images.ts";
import { crc32 } from "../weights/crc32.ts";

/** The same for the same images and labels. */
export function checksum({ images, labels }: LabelledImages): number {
  const bytes = (numbers: Float64Array | Int32Array) =>
    new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return (crc32(bytes(images)) ^ crc32(bytes(labels))) >>> 0;
}
