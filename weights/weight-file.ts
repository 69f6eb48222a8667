import type { Tensor, TensorEntry } from "../model/tensor.ts";

/** An opened weight file: its directory has been read and checked, its tensors are decoded when asked for. */
export type WeightFile =
  /** One tensor that has no name: .npy, .csv, a .json of nested arrays. */
  | { readonly kind: "single"; readonly read: () => Tensor }
  | {
      readonly kind: "named";
      readonly names: readonly string[];
      /** What is known of a tensor without decoding it, by its index in `names`; null where it is damaged. */
      readonly entry: (index: number) => TensorEntry | null;
      readonly read: (index: number) => Tensor;
    };
