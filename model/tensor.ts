/** A dense tensor of finite doubles, row-major whatever the order of the file it came from. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** The element type in the file, for hovers and for writing back: "F32", "<f4", "json", … */
  readonly dtype: string;
}

/** Why a tensor cannot be had: one sentence that names the file and the tensor, and says what was expected. */
export interface LoadFailure {
  /** CX3xx */
  readonly code: string;
  readonly message: string;
}

/** What a weight file offers, for completion and for near names. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Where `load("file", "tensor")` finds its tensors: injected by the host, synchronous (the host has read the files). */
export interface TensorSource {
  /** @param name null where the call names no tensor (.npy, .csv). */
  tensor(file: string, name: string | null): Tensor | LoadFailure;
  /** Empty when the file cannot be read. */
  entries(file: string): readonly TensorEntry[];
}
