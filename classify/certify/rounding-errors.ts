import { gamma, UNDERFLOW_SLACK } from "../../analysis/rounding.ts";
import { type FormSizes, type MatrixSizes, product, up, type VectorSizes } from "./sizes.ts";

/** A bound that grows with a size: rate |x| + fixed. */
export interface Growing {
  readonly rate: number;
  readonly fixed: number;
}

export function at({ rate, fixed }: Growing, size: number): number {
  // Where nothing grows, nothing is lost even to what is not bounded.
  return up(product(rate, size) + fixed);
}

/** What rounding does to a map, in the 2-norm, and how large the numbers on the way are. */
export interface MapErrors {
  readonly error: Growing;
  readonly size: Growing;
}

/** Infinite where a number on the way may not be finite. */
export function errorAt({ error, size }: MapErrors, length: number): number {
  return 2 * at(size, length) < Number.POSITIVE_INFINITY ? at(error, length) : Number.POSITIVE_INFINITY;
}

const none: Growing = { rate: 0, fixed: 0 };
const sum = (...parts: readonly Growing[]): Growing => ({
  rate: parts.reduce((total, { rate }) => total + rate, 0),
  fixed: parts.reduce((total, { fixed }) => total + fixed, 0),
});
const times = (factor: number, { rate, fixed }: Growing): Growing => ({
  rate: product(factor, rate),
  fixed: product(factor, fixed),
});

/** What may be wrong with activations' values, relative to q and to the value, and beside that: see `valueRange`. */
const RELATIVE = 2e-12;
const ABSOLUTE = 2 ** -47;

/** What rounding does to one step of forward Euler, in the 2-norm, from a computed state of a given size. */
export interface StepErrors {
  /** On the step's end: its distance to the exact step of the model as meant, from the same state. */
  readonly end: MapErrors;
  /** By layer: on the pre-activations, likewise. */
  readonly preactivations: readonly Growing[];
  /** By layer: how much the pre-activations move at most with the state. */
  readonly slopes: readonly number[];
}

/**
 * The field is a chain of affine maps and activations: of each the sizes that can occur, and from them the rounding
 * errors, are bounded in the order of the computation. All bounds are far above what happens and far below what matters.
 */
export function stepErrors(sizes: FormSizes, width: number): StepErrors {
  const values: Growing[] = [];
  const errors: Growing[] = [];
  const preactivations: Growing[] = [];
  const slopes: number[] = [];
  const met: Growing[] = [];
  const state: Growing = { rate: 1, fixed: 0 };
  const widest = sizes.layers.reduce((total, { neurons }) => total + neurons, sizes.states + 8);
  for (const { ofState, ofLayers, bias, steepest, atZero, neurons } of sizes.layers) {
    const parts = [
      { matrix: ofState, size: state, error: none },
      ...ofLayers.map((matrix, m) => ({ matrix, size: values[m]!, error: errors[m]! })),
    ];
    const { size, error } = affine(parts, bias, widest);
    const value = sum(times(steepest, size), { rate: 0, fixed: atZero });
    met.push(size);
    const own = sum(times(RELATIVE, sum(size, value)), {
      rate: 0,
      fixed: Math.sqrt(neurons) * (1 + steepest) * ABSOLUTE + UNDERFLOW_SLACK,
    });
    preactivations.push(error);
    slopes.push(
      up(ofLayers.reduce((total, { gain }, m) => total + gain * sizes.layers[m]!.steepest * slopes[m]!, ofState.gain)),
    );
    errors.push(sum(times(steepest, error), own));
    values.push(sum(value, own));
  }
  const field = affine(
    [
      { matrix: sizes.ofState, size: state, error: none },
      ...sizes.layers.map(({ toFlow }, l) => ({ matrix: toFlow, size: values[l]!, error: errors[l]! })),
    ],
    sizes.constant,
    widest,
  );
  const moved = sum(state, times(width, field.size));
  const error = sum(times(width, field.error), times(gamma(8), moved), { rate: 0, fixed: UNDERFLOW_SLACK });
  return { end: { error, size: sum(...met, ...values, field.size, moved) }, preactivations, slopes };
}

/** The size and the error of a sum of matrices times vectors and a bias, of so many terms in all. */
function affine(
  parts: readonly { readonly matrix: MatrixSizes; readonly size: Growing; readonly error: Growing }[],
  bias: VectorSizes,
  terms: number,
): MapErrors {
  const size = sum(...parts.map(({ matrix, size }) => times(matrix.frobenius + matrix.radius, size)), {
    rate: 0,
    fixed: bias.length + bias.radius,
  });
  const error = sum(
    times(gamma(terms), size),
    ...parts.map(({ matrix, size }) => times(matrix.radius, size)),
    ...parts.map(({ matrix, error }) => times(matrix.gain, error)),
    { rate: 0, fixed: bias.radius + UNDERFLOW_SLACK },
  );
  return { size, error };
}

/** On an affine map of a vector of a given size, whose entries are sums of so many terms. */
export function affineErrors(matrix: MatrixSizes, bias: VectorSizes, terms: number): MapErrors {
  return affine([{ matrix, size: { rate: 1, fixed: 0 }, error: none }], bias, terms + 8);
}
