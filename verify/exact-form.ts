import type { Claim, Form } from "./certificate.ts";
import { dyadic } from "./dyadic.ts";
import { type ExactMatrix, exactMatrix } from "./exact-matrix.ts";

/** A form in exact arithmetic: what a claim asks the logarithmic norm of. */
export interface ExactForm {
  readonly states: number;
  readonly neurons: number;
  readonly L: ExactMatrix;
  readonly B: ExactMatrix;
  readonly C: ExactMatrix;
  readonly N: ExactMatrix;
}

/**
 * The form whose logarithmic norm the claim bounds: the form itself, or for a step of size h that of
 * [[0, c X], [0, 0]], X = I + h J, c = 2 for p = 2 and 1 else, whose logarithmic p-norm is the p-norm of X.
 */
export function formOfClaim(form: Form, claim: Claim): ExactForm {
  return claim.quantity === "step" ? stepForm(form, claim.h!, claim.norm === "2" ? 2n : 1n) : exactForm(form);
}

function exactForm(form: Form): ExactForm {
  const { states: n, neurons: H, radius } = form;
  return {
    states: n,
    neurons: H,
    L: exactMatrix(form.L, radius?.L ?? null, n),
    B: exactMatrix(form.B, radius?.B ?? null, H),
    C: exactMatrix(form.C, radius?.C ?? null, n),
    N: exactMatrix(form.N, radius?.N ?? null, H),
  };
}

function stepForm(form: Form, h: number, factor: bigint): ExactForm {
  const { states: n, neurons: H, L, B, C, N } = exactForm(form);
  const step = dyadic(h);
  const size = step.m < 0n ? -step.m : step.m;
  const e = Math.min(0, L.e + step.e);
  const one = 1n << BigInt(-e);
  const raised = BigInt(L.e + step.e - e);
  const X = L.mid.map((v, k) => factor * (((v * step.m) << raised) + (k % (n + 1) === 0 ? one : 0n)));
  const radius = L.radius?.map((r) => factor * ((r * size) << raised)) ?? null;
  const rightOf = (values: readonly bigint[]) => placed(values, n, n, 2 * n, n);
  const below = (values: readonly bigint[]) => [...values, ...values.map(() => 0n)];
  return {
    states: 2 * n,
    neurons: H,
    L: {
      mid: [...rightOf(X), ...zeros(2 * n * n)],
      radius: radius && [...rightOf(radius), ...zeros(2 * n * n)],
      e,
      columns: 2 * n,
    },
    B: {
      mid: below(B.mid.map((v) => factor * v * step.m)),
      radius: B.radius && below(B.radius.map((r) => factor * r * size)),
      e: B.e + step.e,
      columns: H,
    },
    C: {
      mid: placed(C.mid, H, n, 2 * n, n),
      radius: C.radius && placed(C.radius, H, n, 2 * n, n),
      e: C.e,
      columns: 2 * n,
    },
    N,
  };
}

function zeros(count: number): bigint[] {
  return new Array<bigint>(count).fill(0n);
}

/** A [rows, columns] matrix in a [rows, width] one, from a column on. */
function placed(values: readonly bigint[], rows: number, columns: number, width: number, from: number): bigint[] {
  const out = zeros(rows * width);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * width + from + j] = values[i * columns + j];
  return out;
}

/** The form of J^T: its neurons are in reverse order, so that N stays lower triangular. */
export function transposed({ states: n, neurons: H, L, B, C, N }: ExactForm): ExactForm {
  const moved = (X: ExactMatrix, rows: number, columns: number, from: (i: number, j: number) => number) => {
    const take = (values: readonly bigint[]) =>
      Array.from({ length: rows * columns }, (_, k) => values[from(Math.floor(k / columns), k % columns)]);
    return { mid: take(X.mid), radius: X.radius && take(X.radius), e: X.e, columns };
  };
  return {
    states: n,
    neurons: H,
    L: moved(L, n, n, (i, j) => j * n + i),
    B: moved(C, n, H, (i, j) => (H - 1 - j) * n + i),
    C: moved(B, H, n, (i, j) => j * H + (H - 1 - i)),
    N: moved(N, H, H, (i, j) => (H - 1 - j) * H + (H - 1 - i)),
  };
}
