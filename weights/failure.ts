import type { LoadFailure } from "../model/tensor.ts";

/** Every problem that a weight file can have, by the code under which it is reported (docs/diagnostics). */
export const codes = {
  /** The file is missing or cannot be read: made by the host that reads files. */
  unreadable: "CX301",
  /** The file's extension is not one of a weight file. */
  unknownFormat: "CX302",
  /** A PyTorch checkpoint, which only PyTorch can read. */
  pytorch: "CX303",
  /** The bytes are not what the format says: truncated, a header that lies, ragged rows. */
  malformed: "CX304",
  /** Well-formed, but of a kind that is not read: complex numbers, Python objects, encrypted archives. */
  unsupported: "CX305",
  /** No tensor of that name, a name where none belongs, or none where one is needed. */
  noSuchTensor: "CX306",
  /** A number that is not finite, or an integer that is not exactly a double. */
  badNumber: "CX307",
  /** More than the limits of limits.ts. */
  tooLarge: "CX308",
  /** The tensor in the file cannot hold the numbers that are to be written into it. */
  notHeld: "CX309",
} as const;

export type LoadCode = (typeof codes)[keyof typeof codes];

/**
 * Thrown by the decoders and turned into a `LoadFailure` in source.ts, which knows the file and the tensor:
 * the message is the rest of the sentence that begins with their names.
 */
export class LoadError extends Error {
  readonly code: LoadCode;

  constructor(code: LoadCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A `LoadFailure` that names its place: `"w.npz", tensor "A": …`. */
export function loadFailure(code: LoadCode, file: string, tensor: string | null, problem: string): LoadFailure {
  const place = tensor === null ? quote(file) : `${quote(file)}, tensor ${quote(tensor)}`;
  return { code, message: `${place}: ${problem}` };
}

/** In double quotes, control characters escaped, cut to a length that a person reads: names come from files. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
