import type { SlopeBox } from "./centred-form.ts";

export function withSlope(box: SlopeBox, neuron: number, slope: number): SlopeBox {
  const lower = box.lower.slice();
  const upper = box.upper.slice();
  lower[neuron] = slope;
  upper[neuron] = slope;
  return { lower, upper };
}

/** The vertices of `box` that are not in `kept`, a face of it, as disjoint boxes. */
export function without(box: SlopeBox, kept: SlopeBox): SlopeBox[] {
  const boxes: SlopeBox[] = [];
  let rest = box;
  box.lower.forEach((lo, i) => {
    const hi = box.upper[i]!;
    if (lo === hi || kept.lower[i] !== kept.upper[i]) return;
    boxes.push(withSlope(rest, i, kept.lower[i] === lo ? hi : lo));
    rest = withSlope(rest, i, kept.lower[i]!);
  });
  return boxes;
}

/** The neurons whose slopes are not fixed, ascending. */
export function freeNeurons(box: SlopeBox): number[] {
  const free: number[] = [];
  for (let i = 0; i < box.lower.length; i++) if (box.lower[i] !== box.upper[i]) free.push(i);
  return free;
}

/** All vertices of a box, null where they are more than `most`. */
export function vertices(box: SlopeBox, most: number): Float64Array[] | null {
  const free = freeNeurons(box);
  if (2 ** free.length > most) return null;
  return Array.from({ length: 2 ** free.length }, (_, k) => {
    const slopes = box.lower.slice();
    free.forEach((i, bit) => {
      if ((k >> bit) & 1) slopes[i] = box.upper[i]!;
    });
    return slopes;
  });
}

/** The k-th vertex of a fixed pseudorandom sequence (a linear congruential generator): the same on every machine. */
export function pseudorandomVertex(box: SlopeBox, k: number): Float64Array {
  let state = (12345 + 7919 * k) >>> 0;
  return box.lower.map((lo, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 31 ? box.upper[i]! : lo;
  });
}
