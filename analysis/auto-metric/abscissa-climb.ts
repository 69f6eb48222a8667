import { jacobian } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { type ComplexVector, type Rightmost, rightmost } from "./rightmost.ts";
import { backward, forward } from "./sweeps.ts";

/** Slopes and the spectral abscissa of the Jacobian there, in rounded arithmetic. */
export interface Peak {
  readonly slopes: Float64Array;
  readonly abscissa: number;
}

const MOST_STEPS = 60;
/** Parts of the way to the vertex that the gradient points at. */
const FRACTIONS = [1, 0.5, 0.25, 0.1, 0.03];

/**
 * Climbs from given slopes to a local maximum of the spectral abscissa, which is not convex in the slopes: it may lie
 * inside the box. Yields between short pieces of work; null where eigenvalues cannot be computed.
 */
export function* climbAbscissa(
  form: LinearFractionalForm,
  box: SlopeBox,
  start: Float64Array,
): Generator<void, Peak | null, void> {
  const n = form.states;
  let slopes = start;
  let at = yield* rightmost(jacobian(form, slopes), n);
  if (!at) return null;
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = slopeGradient(form, slopes, at);
    const target = slopes.map((d, i) => (gradient[i]! > 0 ? box.upper[i]! : gradient[i]! < 0 ? box.lower[i]! : d));
    let next: Rightmost | null = null;
    let there = target;
    for (const fraction of FRACTIONS) {
      there = fraction === 1 ? target : slopes.map((d, i) => between(d, target[i]!, fraction));
      const tried = yield* rightmost(jacobian(form, there), n);
      if (!tried || !(tried.abscissa > at.abscissa + 1e-12 * Math.abs(at.abscissa))) continue;
      next = tried;
      break;
    }
    if (!next) break;
    slopes = there;
    at = next;
  }
  return { slopes, abscissa: at.abscissa };
}

/** Between a and b, ends included, whatever the rounding. */
function between(a: number, b: number, fraction: number): number {
  const x = a + fraction * (b - a);
  return Math.min(Math.max(x, Math.min(a, b)), Math.max(a, b));
}

/** d Re lambda / d d_k = Re (y^H b_k)(c_k x) / (y^H x), with C and B swept through the layers, [H]. */
function slopeGradient(form: LinearFractionalForm, slopes: Float64Array, { right, left }: Rightmost): Float64Array {
  const inner = (u: Float64Array, v: Float64Array) => u.reduce((sum, x, i) => sum + x * v[i]!, 0);
  // y^H x
  const re = inner(left.re, right.re) + inner(left.im, right.im);
  const im = inner(left.re, right.im) - inner(left.im, right.re);
  const q: ComplexVector = { re: forward(form, slopes, right.re), im: forward(form, slopes, right.im) };
  const b: ComplexVector = { re: backward(form, slopes, left.re), im: backward(form, slopes, left.im) };
  const square = re * re + im * im;
  return q.re.map((qr, k) => {
    const [qi, br, bi] = [q.im[k]!, b.re[k]!, -b.im[k]!];
    const pr = qr * br - qi * bi;
    const pi = qr * bi + qi * br;
    // A defective eigenvalue has no gradient: the direction of its numerator is as good as any.
    return square > 0 ? (pr * re + pi * im) / square : pr;
  });
}
