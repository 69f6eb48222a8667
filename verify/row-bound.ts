import { absolute, larger } from "./dyadic.ts";
import type { ExactForm } from "./exact-form.ts";
import { shift } from "./exact-matrix.ts";
import type { Slopes } from "./tree.ts";
import type { Weights } from "./weights.ts";

/** Slopes of chords are multiples of 2^-CHORD: any in [-1, 1] will do. */
const CHORD = 64n;

interface Interval {
  readonly low: bigint;
  readonly high: bigint;
  readonly e: number;
}

/**
 * Row i of J is L_i + sum of e_k C_k, e_k = d_k b_k, b_k = B_ik + sum over l > k of e_l N_lk. Intervals of the e_k give
 * intervals [l, u] of the entries; where 0 is inside, |y| is at most its chord s y + max(-l - s l, u - s u). What is left is
 * linear in the e_k, each of which is put at the end of its interval that is worse.
 * @param signs of the entries: where one is fixed, the entry counts with it instead of |y|
 * @returns a bound, m 2^e
 */
export function rowBound(
  form: ExactForm,
  row: number,
  weights: Weights,
  slopes: readonly Slopes[],
  signs: readonly Slopes[],
): { m: bigint; e: number } {
  const { states: n, neurons: H, L, C } = form;
  const { factors, e: eFactors } = coefficients(form, row, slopes);
  const e = Math.min(L.e, C.e + eFactors);
  const [byL, byC] = [shift(L.e - e), shift(C.e + eFactors - e)];
  const used = Array.from({ length: H }, (_, k) => k).filter((k) => factors[k].low !== 0n || factors[k].high !== 0n);
  const chords: bigint[] = [];
  let sum = 0n;
  for (let j = 0; j < n; j++) {
    let low = L.mid[row * n + j] << byL;
    let high = low;
    let away = (L.radius?.[row * n + j] ?? 0n) << byL;
    for (const k of used) {
      const { low: a, high: b } = factors[k];
      const c = C.mid[k * n + j] << byC;
      low += c > 0n ? c * a : c * b;
      high += c > 0n ? c * b : c * a;
      if (C.radius) away += (C.radius[k * n + j] << byC) * most(a, b);
    }
    low -= away;
    high += away;
    let s = 1n << CHORD;
    let above = 0n;
    const { fixed } = signs[j];
    if (fixed) s *= fixed.m;
    else if (low < 0n) {
      if (high <= 0n) s = -s;
      else {
        s = ((high + low) << CHORD) / (high - low);
        above = larger(-((low << CHORD) + s * low), (high << CHORD) - s * high);
      }
    }
    chords.push(s);
    sum += weights.values[j] * (s * (L.mid[row * n + j] << byL) + above + (away << CHORD));
  }
  for (const k of used) {
    let w = 0n;
    for (let j = 0; j < n; j++) w += weights.values[j] * chords[j] * C.mid[k * n + j];
    sum += larger(factors[k].low * w, factors[k].high * w) << byC;
  }
  return { m: sum, e: e - Number(CHORD) + weights.e };
}

/** Intervals of the e_k, over one power of two. */
function coefficients(form: ExactForm, row: number, slopes: readonly Slopes[]): { factors: Interval[]; e: number } {
  const { neurons: H, B, N } = form;
  const factors: Interval[] = new Array(H);
  for (let k = H - 1; k >= 0; k--) {
    const parts: number[] = [];
    let e = B.e;
    for (let l = k + 1; l < H; l++) {
      if (N.mid[l * H + k] === 0n && !N.radius?.[l * H + k]) continue;
      parts.push(l);
      e = Math.min(e, factors[l].e + N.e);
    }
    const away = (B.radius?.[row * H + k] ?? 0n) << shift(B.e - e);
    let low = (B.mid[row * H + k] << shift(B.e - e)) - away;
    let high = low + 2n * away;
    for (const l of parts) {
      const { low: a, high: b, e: own } = factors[l];
      const by = shift(own + N.e - e);
      const w = N.mid[l * H + k] << by;
      const r = ((N.radius?.[l * H + k] ?? 0n) << by) * most(a, b);
      low += (w > 0n ? w * a : w * b) - r;
      high += (w > 0n ? w * b : w * a) + r;
    }
    factors[k] = product(slopes[k], low, high, e);
  }
  let e = 0;
  for (const { low, high, e: own } of factors) if (low !== 0n || high !== 0n) e = Math.min(e, own);
  return {
    factors: factors.map((f) => {
      if (f.low === 0n && f.high === 0n) return { ...f, e };
      const by = shift(f.e - e);
      return { low: f.low << by, high: f.high << by, e };
    }),
    e,
  };
}

/** The interval of d b, d a slope, b in [low, high] 2^e. */
function product({ lower, upper, fixed }: Slopes, low: bigint, high: bigint, e: number): Interval {
  const [from, to] = fixed ? [fixed, fixed] : [lower, upper];
  const least = Math.min(from.e, to.e);
  const [m, M] = [from.m << shift(from.e - least), to.m << shift(to.e - least)];
  const all = [m * low, m * high, M * low, M * high];
  return {
    low: -all.map((v) => -v).reduce(larger),
    high: all.reduce(larger),
    e: e + least,
  };
}

function most(low: bigint, high: bigint): bigint {
  return larger(absolute(low), absolute(high));
}
