import type { TimeInterval, Times } from "./certificate.ts";

/**
 * Where the Jacobian at fixed slopes is affine in time between knots, its logarithmic norm is convex there and largest at
 * one of the ends: forms are needed at t0, at each knot from both sides, and at t1. Else they have to cover all times.
 * @param forms when each of them holds
 * @returns what is missing, null where nothing is
 */
export function uncoveredTime(time: TimeInterval | null, forms: readonly (Times | null)[]): string | null {
  if (time === null) {
    return forms.some((times) => times !== null) ? "the model has no time, but a form has" : null;
  }
  const pieces = forms.filter((times) => times !== null);
  if (pieces.length < forms.length) return "a form does not say at which times it holds";
  const { from, to, knots, affine } = time;
  const holdsAt = (t: number) => pieces.some((p) => p.from === t && (p.to > t || !p.before));
  if (!holdsAt(to)) return `no form holds at time ${to}`;
  if (affine) {
    const start = [from, ...knots].find((t) => !holdsAt(t));
    if (start !== undefined) return `no form holds at time ${start}`;
    const end = [...knots, to].find((t) => !pieces.some((p) => p.to === t && (p.from < t || p.before)));
    return end === undefined ? null : `no form holds just before time ${end}`;
  }
  const cells = pieces.filter((p) => p.from < p.to).sort((a, b) => a.from - b.from);
  let covered = from;
  for (const cell of cells) {
    if (cell.from > covered) break;
    covered = Math.max(covered, cell.to);
  }
  return covered >= to ? null : `no form holds from time ${covered} on`;
}
