import { evaluateAll, type Problem } from "./method.ts";

/**
 * The length of a first step from `states`, [count, n], at t, at most `longest` (Hairer, Nørsett and Wanner, Solving ODEs I,
 * section II.4).
 */
export function* initialStep(
  { field, count, tolerance }: Problem,
  states: Float64Array,
  t: number,
  longest: number,
): Generator<void, number, void> {
  const n = field.states;
  /** The largest norm of the rows of `of`, relative to the tolerance. */
  const norm = (of: (k: number) => number) => {
    let worst = 0;
    for (let r = 0, k = 0; r < count; r++) {
      let squares = 0;
      for (const end = k + n; k < end; k++) {
        squares += (of(k) / (tolerance.absolute + tolerance.relative * Math.abs(states[k]!))) ** 2;
      }
      worst = Math.max(worst, Math.sqrt(squares / n));
    }
    return worst;
  };
  const slope = new Float64Array(states.length);
  yield* evaluateAll(field, t, states, count, slope);
  const size = norm((k) => states[k]!);
  const speed = norm((k) => slope[k]!);
  if (!(speed < Number.POSITIVE_INFINITY)) return longest * 1e-6;
  const small = Math.min(longest, size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * (size / speed));
  const moved = states.map((x, k) => x + small * slope[k]!);
  const later = new Float64Array(states.length);
  yield* evaluateAll(field, t + small / 2, moved, count, later);
  const bend = norm((k) => later[k]! - slope[k]!) / small;
  const largest = Math.max(speed, bend);
  const next = largest <= 1e-15 ? Math.max(1e-6, small * 1e-3) : (0.01 / largest) ** (1 / 5);
  return Number.isFinite(next) ? Math.min(100 * small, next, longest) : small;
}
