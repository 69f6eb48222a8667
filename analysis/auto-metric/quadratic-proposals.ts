import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { vertices } from "../slope-box.ts";
import { CommonMetric } from "./common-metric.ts";
import { type Loop, loopOf } from "./loop.ts";
import { LyapunovBlock } from "./lyapunov-block.ts";
import { type Excess, type Forms, type Proposals, rounded } from "./proposals.ts";

/**
 * Matrices P for the norm sqrt(z^T P z). First the P that is best for the multipliers' bound over the whole box
 * (docs/mathematics.md, section 6). Where that is not enough: the best for those slopes, finitely many, at which a P that was tried
 * was exceeded, again and again; these are fewer conditions than the truth, so what they do not allow, nothing allows.
 */
export class QuadraticProposals implements Proposals {
  below = Number.NEGATIVE_INFINITY;
  isInterim = false;
  private readonly scale: number;
  private readonly n: number;
  private readonly forms: readonly LinearFractionalForm[];
  private readonly box: SlopeBox;
  private readonly whole: CommonMetric;
  private cuts: CommonMetric | null = null;
  private readonly known: Excess[] = [];
  /** The last proposal, and the rate at which slopes are no news for it. */
  private proposed: { readonly P: Float64Array; readonly rate: number } | null = null;
  /** Goals from here on have had their proposal from the whole box. */
  private tried = Number.POSITIVE_INFINITY;
  private hasLearnt = false;

  constructor({ forms, box }: Forms) {
    this.n = forms[0]!.states;
    this.forms = forms;
    this.box = box;
    const size = Math.max(...forms.map((form) => sizeOf(form)));
    // A power of two: what comes back is what went in.
    this.scale = size > 0 && size < Number.POSITIVE_INFINITY ? 2 ** -Math.floor(Math.log2(size)) : 1;
    this.whole = new CommonMetric(this.n, identity(this.n));
    for (const form of forms) this.whole.add(loopOf(form, box, this.scale));
  }

  get steps(): number {
    return this.whole.steps + (this.cuts?.steps ?? 0);
  }

  private get mostCuts(): number {
    return this.n <= SMALL ? MOST_CUTS : MOST_CUTS / 4;
  }

  learn({ form, slopes }: Excess): void {
    if (!this.proposed || this.known.length >= this.mostCuts) return;
    if (this.known.some((other) => other.form === form && other.slopes.every((d, i) => d === slopes[i]))) return;
    const rate = new LyapunovBlock(this.fixed({ form, slopes })).leastRate(this.proposed.P, new Float64Array(0));
    if (!(rate > this.proposed.rate + NEWS)) return;
    if (!this.cuts) {
      this.cuts = new CommonMetric(this.n, this.whole.P);
      // All there are, where they are few.
      for (const vertex of vertices(this.box, this.mostCuts / this.forms.length) ?? []) {
        for (const each of this.forms) this.cut({ form: each, slopes: vertex });
      }
    }
    this.cut({ form, slopes });
    this.hasLearnt = true;
  }

  *propose(goal: number, known: number): Generator<void, Float64Array | null, void> {
    const fromWhole = goal < this.tried;
    const source = fromWhole ? this.whole : this.cuts;
    if (!source || (!fromWhole && !this.hasLearnt)) return null;
    const target = goal * this.scale;
    const margin = MARGIN * Math.max(1, Math.abs(target));
    const from = source.steps;
    this.isInterim = false;
    while (!source.finished && source.rate > target - margin && !this.isInterim) {
      yield* source.advance();
      yield;
      this.isInterim = fromWhole && source.steps - from >= INTERIM && source.rate < known * this.scale - PROGRESS;
    }
    if (!(source.rate < Number.POSITIVE_INFINITY)) return null;
    const reaches = source.rate <= target - margin;
    if (this.isInterim && !reaches && !source.finished) {
      return normalised(source.P, this.n).P;
    }
    this.isInterim = false;
    if (reaches) yield* source.centre(target);
    else if (!fromWhole) this.below = Math.max(this.below, source.rate / this.scale);
    if (fromWhole) this.tried = reaches ? goal : Number.NEGATIVE_INFINITY;
    else this.hasLearnt = false;
    const most = reaches ? target - margin / 2 : source.rate + LOSS * Math.max(1, Math.abs(source.rate));
    const { P, unit } = normalised(source.P, this.n);
    const sizes = P.map((_, k) =>
      Math.sqrt(P[(k % this.n) * (this.n + 1)]! * P[Math.floor(k / this.n) * (this.n + 1)]!),
    );
    const few = yield* rounded(P, sizes, (values) => source.rateAt(values.map((v) => v * unit)) <= most);
    // The rate of the whole box is a bound that no slopes need reach: any that come close to it tell something.
    const rate = fromWhole ? Number.NEGATIVE_INFINITY : Math.max(source.rate, source.rateAt(few.map((v) => v * unit)));
    this.proposed = { P: few, rate };
    return few;
  }

  private cut(excess: Excess): void {
    this.known.push(excess);
    this.cuts!.add(this.fixed(excess));
  }

  private fixed({ form, slopes }: Excess): Loop {
    return loopOf(form, { lower: slopes, upper: slopes }, this.scale);
  }
}

/** What a proposal is better than the goal by, relative: proofs cost a little. */
const MARGIN = 1e-9;
/** What fewer digits may cost where the goal is out of reach, relative. */
const LOSS = 1e-6;
/** By how much slopes have to exceed what was known, to count as news. */
const NEWS = 1e-8;
const MOST_CUTS = 64;
/** Steps after which a metric on the way is proposed, and by how much it has to be better than the last, in the loops' units. */
const INTERIM = 12;
const PROGRESS = 0.02;
/** Beyond that many states there are fewer cuts: each costs a time that grows with their cube. */
const SMALL = 24;

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
}

/** About the size of the Jacobian. */
function sizeOf({ L, B, C }: LinearFractionalForm): number {
  const largest = (X: Float64Array) => X.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return Math.max(largest(L), largest(B) * largest(C));
}

/** P in units of its smallest diagonal entry, symmetric. */
function normalised(P: Float64Array, n: number): { P: Float64Array; unit: number } {
  let unit = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) unit = Math.min(unit, P[i * n + i]!);
  return { P: P.map((v, k) => (v + P[(k % n) * n + Math.floor(k / n)]!) / 2 / unit), unit };
}
