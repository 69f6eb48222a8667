import { gamma, UNDERFLOW_SLACK } from "../../analysis/rounding.ts";
import type { Activation } from "../../model/model.ts";
import type { BatchedField, FieldValue } from "../field.ts";
import type { CertifiedStep } from "./euler-certificate.ts";
import { slopesAround } from "./neuron-slopes.ts";
import { at } from "./rounding-errors.ts";
import { length, product, up } from "./sizes.ts";

/**
 * How the states of some images move with their first states, as far as these move by at most `reach`: by a matrix that
 * lies within `error`, in the 2-norm, of a known one.
 */
export interface Tangents {
  /** [images n, n]: for each image n rows, row j the column of its matrix that belongs to component j of the first state. */
  matrices: Float64Array;
  /** [images] */
  errors: Float64Array;
}

/** An image on its way: what is known of it, and how far its neighbours may be. */
export interface Path {
  /** Its row in the batch. */
  readonly row: number;
  readonly reach: number;
  /** See `EulerCertificate.stateErrors`. */
  readonly errors: readonly number[];
  readonly lengths: readonly number[];
}

export function identityTangents(images: number, n: number): Tangents {
  const matrices = new Float64Array(images * n * n);
  for (let at = 0; at < images * n; at++) matrices[at * n + (at % n)] = 1;
  return { matrices, errors: new Float64Array(images) };
}

/**
 * Carries the tangents over step k. Two images' states differ by (I + h J(D)) times what they differed by before, each
 * neuron's slope in D one of those that its activation has between its two arguments. The known matrix M takes the middle
 * of these slopes; what that may be wrong by joins the error, which the step expands by its gain. Slopes count between
 * an image's state x and x + M d only, d what the first states differ by: the step takes x + M d and the neighbour's state
 * M d + r + x, |r| <= error |d|, to places that differ by at most its gain times |r|, whatever slopes lie between these.
 */
export function carry(
  { matrices, errors }: Tangents,
  paths: readonly Path[],
  step: CertifiedStep,
  k: number,
  field: BatchedField,
  value: FieldValue,
): Tangents {
  const n = field.states;
  const rows = paths.length * n;
  const sizes = paths.map((_, b) => length(matrices, b * n * n, (b + 1) * n * n));
  const outputs: Float64Array[] = [];
  /** By layer and image: the 2-norm of what the layer's tangents are wrong by. */
  const wrong: Float64Array[] = [];
  const flow = new Float64Array(rows * n);
  field.ofState?.apply(matrices, rows, flow);
  for (const [l, layer] of field.layers.entries()) {
    const { neurons: h, activation } = layer;
    const tangents = new Float64Array(rows * h);
    layer.ofState?.apply(matrices, rows, tangents);
    for (const [m, map] of layer.ofLayers.entries()) map?.apply(outputs[m]!, rows, tangents);
    const known = step.sizes.layers[l]!;
    const off = new Float64Array(paths.length);
    for (const [b, path] of paths.entries()) {
      const before = up(known.ofLayers.reduce((sum, { gain }, m) => sum + gain * wrong[m]![b]!, 0));
      const rounding = up(step.errors.preactivations[l]!.rate * sizes[b]!);
      const lengths = rowLengths(tangents, b * n, n, h);
      const centres = value.preactivations[l]!.subarray(path.row * h, (path.row + 1) * h);
      const blur = at(step.errors.preactivations[l]!, path.lengths[k]!) + step.errors.slopes[l]! * path.errors[k]!;
      const reaches = lengths.map((own, i) => {
        const inherited = known.ofLayers.reduce((sum, { rows: each }, m) => sum + each[i]! * wrong[m]![b]!, 0);
        return up(product(own + inherited + rounding, path.reach) + blur);
      });
      const spread = scaled(activation, centres, reaches, lengths, tangents, b * n, n);
      off[b] = up(known.steepest * (before + 2 * rounding) + spread) + UNDERFLOW_SLACK;
    }
    outputs.push(tangents);
    wrong.push(off);
    layer.toFlow?.apply(tangents, rows, flow);
  }
  const next = matrices.map((v, i) => v + step.width * flow[i]!);
  const grown = errors.map((error, b) => {
    const fresh = step.sizes.layers.reduce((sum, { toFlow }, l) => sum + toFlow.gain * wrong[l]![b]!, 0);
    return up(step.gain * error + step.width * fresh + step.errors.end.error.rate * sizes[b]!) + UNDERFLOW_SLACK;
  });
  return { matrices: next, errors: grown };
}

/** Of the neurons' rows of one image's tangents: bounds from above on their 2-norms, [h]. */
function rowLengths(tangents: Float64Array, first: number, n: number, h: number): Float64Array {
  const squares = new Float64Array(h);
  for (let j = first; j < first + n; j++) {
    for (let i = 0; i < h; i++) squares[i]! += tangents[j * h + i]! ** 2;
  }
  const relative = 1 + gamma(n + 8);
  // What underflows is made up for.
  return squares.map((sum) => Math.sqrt(sum) * relative + Math.sqrt(n) * 2 ** -500);
}

/** Multiplies one image's tangents by the middles of the slopes; returns a bound on what the slopes' radii are worth. */
function scaled(
  activation: Activation,
  centres: Float64Array,
  reaches: Float64Array,
  lengths: Float64Array,
  tangents: Float64Array,
  first: number,
  n: number,
): number {
  const h = centres.length;
  const slopes = { middle: new Float64Array(h), radius: new Float64Array(h) };
  slopesAround(activation, centres, reaches, slopes);
  for (let j = first; j < first + n; j++) for (let i = 0; i < h; i++) tangents[j * h + i]! *= slopes.middle[i]!;
  return length(slopes.radius.map((radius, i) => radius * lengths[i]!));
}
