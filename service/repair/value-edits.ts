import type { ChangedParam, Restrictions } from "../../analysis/repair/problem.ts";
import type { ModelTree } from "../../grammar/tree.ts";
import type { LoadFailure, TensorSource } from "../../model/tensor.ts";
import { quote } from "../../weights/failure.ts";
import { representable } from "../../weights/representable.ts";
import { withTensors } from "../../weights/with-tensors.ts";
import type { SpanEdit } from "../text-edits.ts";
import { type Piece, piecesOf } from "./param-places.ts";
import { decimalsFor, numberEdits } from "./piece-edits.ts";
import type { Digits, NewFile } from "./repair.ts";

/** What a document is written from. */
export interface Sources {
  readonly text: string;
  /** Of the model. */
  readonly tree: ModelTree;
  readonly source: TensorSource;
  /** The weight files' bytes, by their names in `load`. */
  readonly files: ReadonlyMap<string, Uint8Array | LoadFailure>;
  /** The name, as in `load`, of the file that takes the place of one. */
  readonly newName: (file: string) => string;
}

export interface ValueEdits {
  readonly edits: readonly SpanEdit[];
  readonly files: readonly NewFile[];
  /** Of each changed param. */
  readonly written: ReadonlyMap<string, "inline" | "file">;
}

/**
 * Puts the params' new entries down where the old ones stand: numbers in their places in the text, tensors in a new file
 * for each old one, to which the `load`s of these params are pointed. A string says why that cannot be.
 */
export function valueEdits(
  sources: Sources,
  changes: readonly ChangedParam[],
  digits: Digits,
  restrictions: Restrictions = {},
): ValueEdits | string {
  const tensors = new ChangedTensors(sources, restrictions.most);
  const placed: { param: string; place: Piece; values: Float64Array }[] = [];
  for (const { param, pieces } of changes) {
    const places = piecesOf(sources.tree, param);
    if (places === null || places.length !== pieces.length) {
      return `the entries of ${param} are computed by an expression`;
    }
    placed.push(...places.map((place, i) => ({ param, place, values: pieces[i] })));
  }
  // One unit for all: what counts is the norm of all changes together.
  const largest = placed.map(({ place, values }) => largestChange(sources, tensors, place, values));
  const unit = decimalsFor(Math.max(0, ...largest), digits);
  const edits: SpanEdit[] = [];
  const written = new Map<string, "inline" | "file">();
  for (const { param, place, values } of placed) {
    if (place.kind === "load") {
      const problem = tensors.change(place, values);
      if (problem !== null) return problem;
    } else edits.push(...numberEdits(sources.text, place.places, values, unit, restrictions));
    if (written.get(param) !== "file") written.set(param, place.kind === "load" ? "file" : "inline");
  }
  const files = tensors.write();
  return typeof files === "string" ? files : { edits: [...edits, ...tensors.edits], files, written };
}

function largestChange({ text }: Sources, tensors: ChangedTensors, place: Piece, values: Float64Array): number {
  const loaded = place.kind === "load" ? tensors.old(place) : null;
  const old = (k: number) =>
    place.kind === "load" ? (loaded?.[k] ?? 0) : Number(text.slice(place.places[2 * k], place.places[2 * k + 1]));
  return values.reduce((most, value, k) => Math.max(most, Math.abs(value - old(k))), 0);
}

type LoadPiece = Extract<Piece, { kind: "load" }>;

/** The tensors that get other numbers, by file. */
class ChangedTensors {
  /** Of the loads that are pointed at new files. */
  readonly edits: SpanEdit[] = [];
  private readonly sources: Sources;
  private readonly byFile = new Map<string, Map<string | null, Float64Array>>();

  private readonly most: number;

  /** @param most by which an entry may change */
  constructor(sources: Sources, most = Number.POSITIVE_INFINITY) {
    this.sources = sources;
    this.most = most;
  }

  /** The numbers that a piece has; null where they cannot be had. */
  old({ load, part }: LoadPiece): Float64Array | null {
    const tensor = this.sources.source.tensor(load.file, load.tensor);
    return "code" in tensor ? null : tensor.data.subarray(...rangeOf(tensor.data.length, part));
  }

  /** @returns why the piece cannot be changed so; else null */
  change({ load, part }: LoadPiece, values: Float64Array): string | null {
    const { file, tensor: name, fileSpan } = load;
    const tensor = this.sources.source.tensor(file, name);
    if ("code" in tensor) return tensor.message;
    const tensors = this.byFile.get(file) ?? new Map<string | null, Float64Array>();
    this.byFile.set(file, tensors);
    const whole = tensors.get(name) ?? tensor.data.slice();
    const [from, to] = rangeOf(whole.length, part);
    if (to - from !== values.length)
      return `${quote(file)} holds ${to - from} numbers where ${values.length} are written`;
    const before = tensor.data;
    for (const [k, wanted] of values.entries()) {
      const at = from + k;
      const value = withinMost(tensor.dtype, before[at], wanted, this.most);
      if (whole[at] !== before[at] && whole[at] !== value) {
        const what = name === null ? quote(file) : `tensor ${quote(name)} of ${quote(file)}`;
        return `${what} is loaded more than once, and would have to hold different numbers: only one of its params can change`;
      }
      whole[at] = value;
    }
    tensors.set(name, whole);
    const text = JSON.stringify(this.sources.newName(file));
    if (!this.edits.some(({ span }) => span.start === fileSpan.start)) this.edits.push({ span: fileSpan, text });
    return null;
  }

  /** @returns why some file cannot hold the numbers, or the new files */
  write(): NewFile[] | string {
    const files: NewFile[] = [];
    for (const [from, tensors] of this.byFile) {
      const old = this.sources.files.get(from);
      if (!(old instanceof Uint8Array)) return old?.message ?? `${quote(from)}: the file has not been read`;
      const bytes = withTensors(from, old, tensors);
      if (!(bytes instanceof Uint8Array)) return bytes.message;
      files.push({ file: this.sources.newName(from), from, bytes });
    }
    return files;
  }
}

/** A number that the file's rounding takes no farther than `most` from the old one. */
function withinMost(dtype: string, old: number, wanted: number, most: number): number {
  const farther = (value: number) => {
    const stored = representable(dtype, Float64Array.of(value));
    return stored !== null && Math.abs(stored[0] - old) > most;
  };
  for (let k = 32; k > 0 && farther(wanted); k -= 4) {
    const nearer = old + (wanted - old) * (1 - 2 ** -k);
    if (!farther(nearer)) return nearer;
  }
  return farther(wanted) ? old : wanted;
}

function rangeOf(length: number, part: LoadPiece["part"]): [number, number] {
  if (part === null) return [0, length];
  const size = length / part.count;
  return [part.index * size, (part.index + 1) * size];
}
