import { nextDown, nextUp, productError, sumError } from "../model/rounding.ts";

/** A sum of products of coefficients with intervals, rounded outwards; exact as long as nothing was rounded. */
export class IntervalSum {
  private low = 0;
  private high = 0;
  private error = 0;

  /** Adds (w ± radius) [lower, upper]; the coefficient is finite, the ends of the interval may be infinite. */
  add(w: number, radius: number, lower: number, upper: number): void {
    if ((w === 0 && radius === 0) || (lower === 0 && upper === 0)) return;
    let from = w === 0 ? 0 : w > 0 ? w * lower : w * upper;
    let to = w === 0 ? 0 : w > 0 ? w * upper : w * lower;
    if (w !== 0) {
      const [a, b] = w > 0 ? [lower, upper] : [upper, lower];
      // An overflow of finite numbers is an infinite error.
      if (Number.isFinite(a)) this.error += productError(w, a, from);
      if (Number.isFinite(b)) this.error += productError(w, b, to);
    }
    if (radius !== 0) {
      const spread = nextUp(radius * Math.max(Math.abs(lower), Math.abs(upper)));
      from = nextDown(from - spread);
      to = nextUp(to + spread);
    }
    this.low = this.plus(this.low, from);
    this.high = this.plus(this.high, to);
  }

  get lower(): number {
    if (this.error === 0) return Number.isNaN(this.low) ? Number.NEGATIVE_INFINITY : this.low;
    const low = nextDown(this.low - this.slack);
    // A sum that overflowed upwards is at least the largest double.
    return Number.isNaN(low) ? Number.NEGATIVE_INFINITY : Math.min(low, Number.MAX_VALUE);
  }

  get upper(): number {
    if (this.error === 0) return Number.isNaN(this.high) ? Number.POSITIVE_INFINITY : this.high;
    const high = nextUp(this.high + this.slack);
    return Number.isNaN(high) ? Number.POSITIVE_INFINITY : Math.max(high, -Number.MAX_VALUE);
  }

  private get slack(): number {
    // The errors were themselves added in rounded arithmetic.
    return this.error * (1 + 1e-9);
  }

  private plus(sum: number, term: number): number {
    const next = sum + term;
    if (Number.isFinite(next)) this.error += sumError(sum, term, next);
    else if (Number.isFinite(sum) && Number.isFinite(term)) this.error = Number.POSITIVE_INFINITY;
    return next;
  }
}
