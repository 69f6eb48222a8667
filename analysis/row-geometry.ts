import type { ScaledForm } from "./scaled-form.ts";

/** What the rows of a form's Jacobian share: where C is not 0, and how large its rows and their errors are. */
export interface RowGeometry {
  readonly form: ScaledForm;
  /** The columns where row k of C is not 0, and what stands there: places start[k] … start[k + 1] - 1. */
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly entry: Float64Array;
  /** Bound on the sum over j of the errors of one row of L. */
  readonly errorL: number;
  /** The same of each row of C, [H]. */
  readonly errorC: Float64Array;
}

export function rowGeometry(form: ScaledForm): RowGeometry {
  const { states: n, neurons: H, C } = form;
  const start = new Int32Array(H + 1);
  const column: number[] = [];
  const entry: number[] = [];
  for (let k = 0; k < H; k++) {
    for (let j = 0; j < n; j++) {
      const c = C[k * n + j]!;
      if (c === 0) continue;
      column.push(j);
      entry.push(c);
    }
    start[k + 1] = column.length;
  }
  // |.|_1 <= sqrt(n) |.|_2
  const root = Math.sqrt(n) * (1 + 2 ** -50);
  return {
    form,
    start,
    column: Int32Array.from(column),
    entry: Float64Array.from(entry),
    errorL: form.error.L * root,
    errorC: form.error.CN.map((e) => e * root),
  };
}
