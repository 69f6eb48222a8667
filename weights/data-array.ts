import { codes, LoadError } from "./failure.ts";
import { looksLikeIdx, openIdx } from "./idx.ts";
import { offer, openWeightFile, select } from "./open.ts";

/** An array of a data set, whose first index counts its examples. */
export interface DataArray {
  readonly shape: readonly number[];
  /** In the file's own words: `u1`, `<f4`, `U8`. */
  readonly dtype: string;
  /** The examples from `first` on, row-major. Throws at the first number that is not finite. */
  readonly rows: (first: number, count: number) => Float64Array;
}

/** A data file and the array in it: `data.npz:x_test`, where the part behind the colon may be missing. */
export interface DataPlace {
  readonly file: string;
  readonly name: string | null;
}

/** Reads `FILE` or `FILE:NAME`; a name can only follow the ending of a format that has them. */
export function dataPlace(text: string): DataPlace {
  const [, file, name] = /^(.*?\.(?:npz|safetensors|json)):(.+)$/is.exec(text) ?? [];
  return file === undefined || name === undefined ? { file: text, name: null } : { file, name };
}

/**
 * An IDX file, plain or in gzip, or any weight file's array.
 * @param usual what the array is called where no name is given, in a file that holds several
 */
export function openDataArray({ file, name }: DataPlace, bytes: Uint8Array, usual: string): DataArray {
  if (looksLikeIdx(bytes)) return openIdx(bytes);
  const opened = openWeightFile(file, bytes);
  let chosen = name;
  if (opened.kind === "named" && name === null) {
    const { names } = opened;
    chosen = names.length === 1 ? names[0]! : usual;
    if (!names.includes(chosen)) {
      throw new LoadError(codes.noSuchTensor, `say which array it is, as in ${file}:NAME; ${offer(opened)}`);
    }
  }
  const { shape, dtype, data } = select(opened, chosen).read();
  if (shape.length === 0) throw new LoadError(codes.unsupported, "it is one number, not an array");
  const [, ...inner] = shape;
  const width = inner.reduce((product, size) => product * size, 1);
  return { shape, dtype, rows: (first, count) => data.subarray(first * width, (first + count) * width) };
}
