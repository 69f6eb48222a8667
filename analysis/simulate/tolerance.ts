/**
 * What a step may be wrong by in each component: absolute + relative · |x|, in the root mean square over the components
 * of a state. Of many states that are integrated together, all have to be that accurate.
 */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/**
 * Finer than any picture. Distances are as accurate, relative to themselves, since neighbours take the same steps (see
 * `advance`); the absolute part is for what is left of a spread of 0.1 after a decay by e^-10.
 */
export const DEFAULT_TOLERANCE: Tolerance = { relative: 1e-6, absolute: 1e-9 };

/** The tolerance whose absolute part is to the relative one as that of the default is. */
export function toleranceOf(relative: number): Tolerance {
  return { relative, absolute: relative * (DEFAULT_TOLERANCE.absolute / DEFAULT_TOLERANCE.relative) };
}

/** Beyond it numbers count as overflown: what a step adds up from them stays finite. */
export const LARGEST = 1e300;

/**
 * The largest norm of the rows of `error`, [count, n], each component relative to the tolerance at states `before` and
 * `after`; infinite where numbers overflow, never NaN.
 */
export function errorNorm(
  error: Float64Array,
  before: Float64Array,
  after: Float64Array,
  { count, n }: { readonly count: number; readonly n: number },
  { relative, absolute }: Tolerance,
  each: Float64Array,
): number {
  let worst = 0;
  for (let r = 0, k = 0; r < count; r++) {
    let squares = 0;
    let holds = true;
    for (const end = k + n; k < end; k++) {
      const x = Math.abs(before[k]!);
      const y = Math.abs(after[k]!);
      if (!(y < LARGEST)) holds = false;
      const e = error[k]! / (absolute + relative * Math.max(x, y));
      squares += e * e;
    }
    const norm = Math.sqrt(squares / n);
    each[r] = holds && norm < Number.POSITIVE_INFINITY ? norm : Number.POSITIVE_INFINITY;
    if (each[r]! > worst) worst = each[r]!;
  }
  return worst;
}
