import type { Tensor, TensorEntry } from "../model/tensor.ts";

/** An opened weight file: its directory has been read and checked, its tensors are decoded when asked for. */
export type WeightFile =
  /** One tensor that has no name: .npy, .csv, a .json of nested arrays. */
  | {
      readonly kind: "single";
      readonly read: () => Tensor;
      /** The file's bytes with other elements in the tensor. */
      readonly write: (change: Change) => Uint8Array;
    }
  | {
      readonly kind: "named";
      readonly names: readonly string[];
      /** What is known of a tensor without decoding it, by its index in `names`; null where it is damaged. */
      readonly entry: (index: number) => TensorEntry | null;
      readonly read: (index: number) => Tensor;
      /** The file's bytes with other elements in some tensors, each at most once; all other bytes are the same. */
      readonly write: (changes: readonly Change[]) => Uint8Array;
    };

/** Other elements for a tensor that has been read. */
export interface Change {
  /** In `names`; 0 where the tensor has no name. */
  readonly index: number;
  /** The elements that the file holds, row-major. */
  readonly before: Float64Array;
  /** As many, each of them one that the file's type of element can hold. */
  readonly after: Float64Array;
}
