import type { Model } from "../../model/model.ts";
import type { Term } from "../../model/term.ts";
import type { WrittenChange } from "./repair.ts";

type Size = Pick<WrittenChange, "frobenius" | "relative">;

/** How much a param of one model differs from what it is in another; null where it does not. */
export function changeSize(before: Model, after: Model, param: string): Size | null {
  const [old, now] = [before, after].map(({ params }) => params.find(({ name }) => name === param)?.value);
  if (old === undefined || now === undefined) return null;
  const [was, is] = [constantsOf(old), constantsOf(now)];
  if (was === null || is === null || was.length !== is.length) return { frobenius: null, relative: null };
  const difference = was.flatMap((one, i) => Array.from(one, (v, k) => is[i][k] - v));
  if (difference.every((v) => v === 0)) return null;
  const frobenius = normAbove(difference);
  const size = normBelow(was.flatMap((one) => Array.from(one)));
  return { frobenius, relative: size > 0 ? (frobenius / size) * (1 + 2 ** -52) : null };
}

/**
 * Not less than the Euclidean norm: the rounding of n differences, squares and sums costs at most a factor 1 + (n + 4) u
 * (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), u = 2^-53, and underflow at most the last term.
 */
export function normAbove(values: readonly number[]): number {
  return norm(values) * (1 + (values.length + 8) * 2 ** -53) + values.length * Number.MIN_VALUE;
}

function normBelow(values: readonly number[]): number {
  return norm(values) * (1 - (values.length + 8) * 2 ** -53);
}

/** Scaled, so that no square overflows or is lost. */
function norm(values: readonly number[]): number {
  const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  if (largest === 0) return 0;
  const sum = values.reduce((total, v) => total + (v / largest) ** 2, 0);
  return largest * Math.sqrt(sum);
}

/**
 * The entries of a param's value: of each of its values at knots, where it has some, also after a shift or a factor; null for
 * another expression of time.
 */
export function constantsOf(value: Term): readonly Float64Array[] | null {
  if (value.op === "constant") return [value.data];
  if (value.op === "subtract" && value.right.op === "constant") {
    const { data } = value.right;
    return constantsOf(value.left)?.map((piece) => piece.map((v, k) => v - data[k])) ?? null;
  }
  if (value.op === "multiply" && value.left.op === "constant" && value.left.shape.length === 0) {
    const [factor] = value.left.data;
    return constantsOf(value.right)?.map((piece) => piece.map((v) => factor * v)) ?? null;
  }
  if (value.op !== "interpolate" && value.op !== "steps") return null;
  const pieces = value.values.map((one) => (one.op === "constant" ? one.data : null));
  return pieces.includes(null) ? null : (pieces as Float64Array[]);
}
