import type { Model, Param } from "../../model/model.ts";
import type { Term } from "../../model/term.ts";
import type { Restrictions } from "./problem.ts";

type Constant = Extract<Term, { op: "constant" }>;

/** One constant that changes: a param's value, or one value of its `interpolate` or `steps`. */
export interface Piece {
  /** Its place in Model.params. */
  readonly param: number;
  /** What the params' terms are made of, by identity. */
  readonly term: Constant;
  /** Of its first entry among all variables. */
  readonly offset: number;
}

/** A change of all variables, and its Euclidean norm. */
export interface FoundChange {
  readonly z: Float64Array;
  readonly length: number;
}

/** The entries of the params that may change, as one vector z of differences from the values they have. */
export class Variables {
  readonly model: Model;
  readonly pieces: readonly Piece[];
  readonly size: number;
  private readonly restrictions: Restrictions;

  /** @param params names of params with values as `changeable` says. */
  constructor(model: Model, params: readonly string[], restrictions: Restrictions = {}) {
    this.model = model;
    this.restrictions = restrictions;
    const pieces: Piece[] = [];
    let offset = 0;
    for (const [param, { name, value }] of model.params.entries()) {
      if (!params.includes(name)) continue;
      for (const term of constantsOf(value) ?? []) {
        pieces.push({ param, term, offset });
        offset += term.data.length;
      }
    }
    this.pieces = pieces;
    this.size = offset;
  }

  /** The model with the params changed by z. */
  changed(z: Float64Array): Model {
    const params = this.model.params.map((param, index) => {
      const own = this.pieces.filter((piece) => piece.param === index);
      if (own.length === 0) return param;
      const terms = own.map((piece): Constant => ({ ...piece.term, data: this.valueOf(piece, z) }));
      const { value } = param;
      const changed: Term = value.op === "constant" ? terms[0]! : ({ ...value, values: terms } as Term);
      return { ...param, value: changed };
    });
    return { ...this.model, params };
  }

  valueOf({ term, offset }: Piece, z: Float64Array): Float64Array {
    return term.data.map((v, k) => v + z[offset + k]!);
  }

  /** The orthogonal projection of a vector of variables on those that the restrictions leave, in place. */
  restrict(z: Float64Array): void {
    const { sparsity, rows, diagonal, symmetric, constant } = this.restrictions;
    const chosen = rows && new Set(rows);
    if (constant) this.average(z);
    for (const { term, offset, param } of this.pieces) {
      const columns = term.shape[1] ?? 1;
      const height = term.data.length / columns;
      const together = constant ? this.pieces.filter((piece) => piece.param === param) : [{ term }];
      const isZero = (k: number) => together.some((piece) => piece.term.data[k] === 0);
      const isFixed = (i: number, j: number) =>
        (sparsity && isZero(i * columns + j)) || (chosen && !chosen.has(i)) || (diagonal && i !== j);
      const mirror = symmetric && height === columns;
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < columns; j++) {
          const k = offset + i * columns + j;
          const across = offset + j * columns + i;
          if (isFixed(i, j) || (mirror && isFixed(j, i))) z[k] = 0;
          else if (mirror && j < i) z[k] = z[across] = (z[k]! + z[across]!) / 2;
        }
      }
    }
  }

  /** The same for all pieces of a param. */
  private average(z: Float64Array): void {
    for (const param of new Set(this.pieces.map((piece) => piece.param))) {
      const own = this.pieces.filter((piece) => piece.param === param);
      for (let k = 0; k < own[0]!.term.data.length; k++) {
        const mean = own.reduce((sum, { offset }) => sum + z[offset + k]!, 0) / own.length;
        for (const { offset } of own) z[offset + k] = mean;
      }
    }
  }

  /** Whether some entries may not change. */
  get isRestricted(): boolean {
    const { sparsity, rows, diagonal, symmetric, constant } = this.restrictions;
    return Boolean(sparsity || rows || diagonal || symmetric || constant);
  }

  /** The bound on each entry's change; infinite where there is none. */
  get most(): number {
    return this.restrictions.most ?? Number.POSITIVE_INFINITY;
  }
}

/** The constants that a param's value is made of, if it is one, or an `interpolate` or `steps` of such; else null. */
function constantsOf(value: Term): Constant[] | null {
  if (value.op === "constant") return [value];
  if (value.op !== "interpolate" && value.op !== "steps") return null;
  return value.values.every((one): one is Constant => one.op === "constant") ? (value.values as Constant[]) : null;
}

/** Whether a param of a model that keeps it has entries that can change one by one. */
export function changeable({ value }: Param): boolean {
  return constantsOf(value) !== null;
}
