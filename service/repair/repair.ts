import type { Question } from "../../analysis/question.ts";
import type { OneNumber } from "../../analysis/repair/one-number.ts";
import type { ChangedParam, Restrictions } from "../../analysis/repair/problem.ts";
import type { Model } from "../../model/model.ts";
import type { SpanEdit } from "../text-edits.ts";

/**
 * A kind of change that can make a model meet what is required of it (docs/mathematics.md, section 9):
 *
 * - `min-norm`: the params' entries change, by as little as possible in the Frobenius norm
 * - `clip`: the param's singular values are cut, in closed form
 * - `shift`: the param W becomes W - value I
 * - `rescale`: W becomes value W
 * - `decay`: the flow f becomes f - value x
 * - `activation`: the activations' least slope becomes value, the margin m*
 */
export type Repair =
  | { readonly kind: "min-norm"; readonly params: readonly string[]; readonly restrictions?: Restrictions }
  | { readonly kind: "clip"; readonly param: string }
  | NumberRepair;

/** One that has one number in it. */
export type NumberRepair = OneNumber | { readonly kind: "activation" };

/** What has to hold: the answer to the question is at most the limit. A `Requirement` is one. */
export interface Goal extends Question {
  /** `lognorm(2) <= 0` */
  readonly text: string;
  readonly limit: number;
}

/** What a search for a repair has found: one number, or the params' new entries. */
export type Found =
  | { readonly kind: "number"; readonly value: number }
  | {
      readonly kind: "values";
      readonly changes: readonly ChangedParam[];
      /** A lower bound on the Frobenius norm of any change of these params that does; null where none is known. */
      readonly leastDistance: number | null;
      /** Why it is null, a clause; else null. */
      readonly reason: string | null;
    };

/** Why there is no repair: a clause each, for people. */
export interface NoRepair {
  readonly kind: "none";
  readonly reason: string;
  /** What would work; null where nothing is known to. */
  readonly instead: string | null;
}

/**
 * How finely numbers are written: so many significant digits of the largest change, at least 1, or each double in the
 * fewest digits that read back as itself.
 */
export type Digits = number | "shortest";

/** A weight file to be written. */
export interface NewFile {
  /** As it stands in `load`. */
  readonly file: string;
  /** As the one that it takes the place of stands in `load`: the bytes are its, but for the tensors that changed. */
  readonly from: string;
  readonly bytes: Uint8Array;
}

/** What became of a param, as it is written. */
export interface WrittenChange {
  readonly param: string;
  /** Frobenius norm of what is written less what was, rounded up; null where its value is an expression of time. */
  readonly frobenius: number | null;
  /** The same divided by the norm of what was; null where that is 0. */
  readonly relative: number | null;
  readonly written: "inline" | "file" | "expression";
}

/** A repair put down in a document. */
export interface WrittenRepair {
  readonly kind: "written";
  readonly edits: readonly SpanEdit[];
  readonly files: readonly NewFile[];
  /** What the edited text says with these files. */
  readonly model: Model;
  /** Of the params that differ; none for changes of the flow or of activations. */
  readonly changes: readonly WrittenChange[];
  /** The number that stands in the text, of repairs by one number. */
  readonly value: string | null;
}

/** A repair as it is written, whose model was analysed and found to meet the goals. */
export interface ProvedRepair {
  readonly kind: "proved";
  readonly repair: Repair;
  readonly found: Found;
  readonly digits: Digits;
  /** Of the repaired model: the one that the proof is about. */
  readonly fingerprint: string;
  readonly changes: readonly WrittenChange[];
  readonly value: string | null;
  /** Encloses the least Frobenius norm of a change of these params that does; `lower` is null where it is not known. */
  readonly distance: { readonly lower: number | null; readonly upper: number } | null;
  readonly goals: readonly Goal[];
  /** Those that were proved before and are not any more. */
  readonly lost: readonly Goal[];
  /** The files, as they stand in `load`, in whose place new ones are written. */
  readonly replaces: readonly string[];
}
