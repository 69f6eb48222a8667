import { type Affine, firstLayer, one, state } from "../../model/affine.ts";
import { toDense } from "../../model/coefficient.ts";
import { blockOf, type CoefficientBlock } from "./coefficient-block.ts";

/** The blocks of a linear fractional form by layers: those that are 0 are absent. */
export interface LayeredCoefficients {
  readonly L: CoefficientBlock | null;
  /** By layer. */
  readonly B: readonly (CoefficientBlock | null)[];
  readonly C: readonly (CoefficientBlock | null)[];
  /** Of each layer, those of the layers before it. */
  readonly N: readonly (readonly (CoefficientBlock | null)[])[];
  readonly a: Float64Array;
  /** By layer. */
  readonly b: readonly Float64Array[];
}

/** @param values the layers' arguments and, last, the flow */
export function layeredCoefficients(values: readonly Affine[]): LayeredCoefficients {
  const layers = values.slice(0, -1);
  const flow = values[values.length - 1]!;
  return {
    L: part(flow, state),
    B: layers.map((_, l) => part(flow, firstLayer + l)),
    C: layers.map((argument) => part(argument, state)),
    N: layers.map((argument, l) => layers.slice(0, l).map((_, k) => part(argument, firstLayer + k))),
    a: constantPart(flow),
    b: layers.map(constantPart),
  };
}

/** Of all blocks, what they keep. */
export function numbersOf({ L, B, C, N }: LayeredCoefficients): number {
  return [L, ...B, ...C, ...N.flat()].reduce(
    (sum, block) => sum + (block?.kind === "dense" ? block.entries.length : 0),
    0,
  );
}

function part({ parts }: Affine, source: number): CoefficientBlock | null {
  const coefficient = parts.get(source);
  return coefficient === undefined ? null : blockOf(coefficient);
}

function constantPart({ rows, parts }: Affine): Float64Array {
  const coefficient = parts.get(one);
  return coefficient === undefined ? new Float64Array(rows) : toDense(coefficient).entries.mid;
}
