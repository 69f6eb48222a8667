import type { Model } from "../../model/model.ts";
import type { Question } from "../question.ts";

/** What a repaired model has to meet: the answer to the question is at most the limit. */
export interface Aim {
  readonly question: Question;
  readonly limit: number;
}

/** What a change of weights leaves alone: linear restrictions, each of which keeps the problem convex. */
export interface Restrictions {
  /** Entries that are 0 stay 0. */
  readonly sparsity?: boolean;
  /** Only these rows change, from 0. */
  readonly rows?: readonly number[];
  /** Only the diagonal changes. */
  readonly diagonal?: boolean;
  /** The change is a symmetric matrix. */
  readonly symmetric?: boolean;
  /** A param that depends on time changes by one constant matrix, not by another one at each knot. */
  readonly constant?: boolean;
  /** No entry changes by more than this. */
  readonly most?: number;
}

/** A search for new weights. Plain data: it can be posted to a worker. */
export interface ChangeProblem {
  /** With `params` kept (`compileKeeping`), so that its form follows their values. */
  readonly model: Model;
  /** Names of the params that may change. */
  readonly params: readonly string[];
  readonly aims: readonly Aim[];
  readonly restrictions?: Restrictions;
  /** Relative distance between the bounds on the least change at which the search ends. */
  readonly precision: number;
  readonly seconds: number;
}

/** A param's new value, strictly inside of what meets the aims, so that it can be written in fewer digits. */
export interface ChangedParam {
  readonly param: string;
  /** Row-major: one piece, or one for each value of an `interpolate` or `steps`. */
  readonly pieces: readonly Float64Array[];
}

export type ChangeOutcome =
  | {
      readonly kind: "found";
      readonly changes: readonly ChangedParam[];
      /**
       * Encloses the least Frobenius norm of a change of these params that meets the aims; `lower` is null where the
       * set of such changes is not convex, and so nothing is known of what is smaller.
       */
      readonly distance: { readonly lower: number | null; readonly upper: number };
      /** Why `lower` is null, a clause: "A is used twice on the way from the state to the flow"; else null. */
      readonly reason: string | null;
    }
  /** No change of these params meets the aims (proved, where the reason says so), or none was found. */
  | { readonly kind: "none"; readonly reason: string; readonly instead: string | null };
