import { formAt } from "../../model/evaluate.ts";
import { dotRows } from "../dense.ts";
import type { Constraint, Violation } from "./constraint.ts";
import { LeastDistance } from "./least-distance.ts";
import { Pairing } from "./pairing.ts";
import type { Variables } from "./variables.ts";

/** One half-space of changes z: <gradient, z> <= bound, the bound falling by `scale` with each unit of margin. */
interface Cut {
  readonly gradient: Float64Array;
  readonly bound: number;
  readonly scale: number;
  /** null for the bound on an entry's change. */
  readonly from: { readonly constraint: Constraint; readonly violation: Violation } | null;
}

/** What no change can mend: a violation that the variables do not enter. */
export interface Stuck {
  readonly constraint: Constraint;
  readonly violation: Violation;
}

/** A bound on the rounding of a sum, relative to the sum of its terms' sizes: thousands of roundings, and functions of time. */
const ROUNDING = 2 ** -40;
/** What a form's radius may be of its coefficients, for `lower`: more than this is not rounding. */
const EXACT = 2 ** -44;
/** Places at which a search begins, at most. */
const HOLDING = 64;
/** A gradient this small beside the sizes of what it is made of is 0. */
const NOTHING = 1e-13;

/**
 * The half-spaces that changes of the variables have to lie in, as far as they are known, and the least change in all of them:
 * cutting planes (docs/mathematics.md, section 9).
 */
export class CutPool {
  /** Where a violation was found that the variables do not enter. */
  stuck: Stuck | null = null;
  private readonly variables: Variables;
  private readonly isAffine: boolean;
  private readonly pairings = new Map<number, Pairing>();
  private distance: LeastDistance;
  private cuts: Cut[] = [];
  /** Where the half-spaces were made: of no matter where the Jacobian is affine in the variables. */
  private at: Float64Array;

  constructor(variables: Variables, isAffine: boolean) {
    this.variables = variables;
    this.isAffine = isAffine;
    this.distance = new LeastDistance(variables.size);
    this.at = new Float64Array(variables.size);
  }

  get size(): number {
    return this.cuts.length;
  }

  add(constraint: Constraint, violation: Violation): void {
    const { pair, t, slopes } = violation;
    const { value, gradient } = this.pairing(t).at(pair.u, pair.w, slopes);
    this.variables.restrict(gradient);
    const { limit } = constraint.aim;
    const length = norm(gradient);
    if (this.isNothing(length, violation)) {
      const isOver = pair.value > limit + NOTHING * Math.max(1, Math.abs(limit));
      if (constraint.isMet && !isOver) constraint.share = 0;
      else if (this.isAffine) this.stuck ??= { constraint, violation };
      return;
    }
    const bound = limit * pair.scale - pair.fixed - value + dotRows(gradient, 0, this.at, 0, gradient.length);
    this.push({ gradient, bound, scale: constraint.share * pair.scale, from: { constraint, violation } });
  }

  /** Whether a gradient of this length is rounding, beside the sizes of what it is the sum of. */
  private isNothing(length: number, { pair, t, slopes }: Violation): boolean {
    const most = norm(pair.u) * norm(pair.w);
    // Eigenvectors are exact to 1e-16 in each entry: what two such entries make is none of theirs.
    if (length > 1e-6 * most || length <= 1e-24 * most) return length <= 1e-24 * most;
    const sizes = new Pairing(this.variables, this.variables.model, t, true);
    const { gradient } = sizes.at(pair.sizes.u, pair.w.map(Math.abs), slopes.map(Math.abs));
    return length <= NOTHING * norm(gradient);
  }

  /** The slopes at times that hold up the least change, those that do most. */
  holding(constraint: Constraint): Violation[] {
    const x = this.distance.multipliers();
    const holding = [...this.cuts.keys()].filter((k) => x[k]! > 0 && this.cuts[k]!.from?.constraint === constraint);
    holding.sort((a, b) => x[b]! - x[a]!);
    const places = new Map<string, Violation>();
    for (const k of holding) {
      const { violation } = this.cuts[k]!.from!;
      places.set(`${violation.t} ${violation.slopes.join()}`, violation);
      if (places.size === HOLDING) break;
    }
    return [...places.values()];
  }

  /** The least change in all half-spaces, moved inwards by the margin. */
  solve(margin: number, tolerance: number): Float64Array {
    const { most } = this.variables;
    for (let round = 0; ; round++) {
      const z = this.distance.solve(
        this.cuts.map(({ bound, scale }) => bound - margin * scale),
        tolerance,
      );
      const over = [...z.keys()].filter((i) => Math.abs(z[i]!) > most * (1 + 1e-9));
      if (over.length === 0 || round === 50) {
        this.forget();
        return z.map((v) => Math.max(-most, Math.min(most, v)));
      }
      for (const i of over) {
        const gradient = new Float64Array(this.variables.size);
        gradient[i] = Math.sign(z[i]!);
        this.variables.restrict(gradient);
        // What the restrictions leave of a unit vector still picks the entry: <gradient, z> is its size.
        this.push({ gradient, bound: most, scale: 0, from: null });
      }
    }
  }

  /** Where the Jacobian is not affine in the variables: the half-spaces that the violations make at another change. */
  moveTo(z: Float64Array): void {
    const x = this.distance.multipliers();
    const held = this.cuts.filter((_, k) => x[k]! > 0);
    this.at = z;
    this.pairings.clear();
    this.cuts = [];
    this.distance = new LeastDistance(this.variables.size);
    for (const { from } of held) if (from) this.add(from.constraint, from.violation);
  }

  /**
   * No change that meets the aims is shorter than this, in real arithmetic: with any multipliers x >= 0, every change in all
   * half-spaces has <sum x g, z> <= sum x r, and so |z| >= -(sum x r) / |sum x g|. null where functions of time are not
   * enclosed closely enough to tell.
   */
  lowerBound(): number | null {
    const { model } = this.variables;
    const { x, sum, reach } = this.pull();
    let error = 0;
    let errorOfSum = 0;
    const absolute = new Map<number, Pairing>();
    for (const [k, { from }] of this.cuts.entries()) {
      if (!(x[k]! > 0) || !from) continue;
      const { pair, t, slopes } = from.violation;
      if (!absolute.has(t)) {
        if (!isClose(model, t)) return null;
        absolute.set(t, new Pairing(this.variables, model, t, true));
      }
      const sizes = absolute.get(t)!.at(pair.sizes.u, pair.w.map(Math.abs), slopes.map(Math.abs));
      const limit = Math.abs(from.constraint.aim.limit);
      error += x[k]! * (sizes.value + limit * pair.sizes.scale + pair.sizes.fixed);
      errorOfSum += x[k]! * norm(sizes.gradient);
    }
    const length = norm(sum) + ROUNDING * (errorOfSum + norm(sum));
    const low = (reach - ROUNDING * (error + Math.abs(reach))) / length;
    return low > 0 ? low * (1 - 1e-12) : 0;
  }

  /** What `lowerBound` is but for rounding. */
  least(): number {
    const { sum, reach } = this.pull();
    return reach / norm(sum);
  }

  /**
   * Why the half-spaces, moved inwards by the margin, leave nothing: nothing within a distance of `most`, or nothing inside
   * however small the margin is; null where they leave something.
   * @param z the least change that was found in them
   */
  hopeless(z: Float64Array, margin: number, most: number): "far" | "on the limit" | null {
    if (norm(z) > most || (this.isAffine && this.least() > most)) return "far";
    // Each unit of margin costs more than anything that could be paid.
    return this.isAffine && this.slope() * margin > most ? "on the limit" : null;
  }

  /** d (least distance) / d margin. */
  slope(): number {
    const { x, sum } = this.pull();
    const length = norm(sum);
    return length > 0 ? this.cuts.reduce((total, { scale }, k) => total + x[k]! * scale, 0) / length : 0;
  }

  /** The multipliers x, sum x g and -sum x r: see `lowerBound`. */
  private pull(): { readonly x: readonly number[]; readonly sum: Float64Array; readonly reach: number } {
    const x = this.distance.multipliers();
    const sum = new Float64Array(this.variables.size);
    let reach = 0;
    for (const [k, { gradient, bound }] of this.cuts.entries()) {
      if (!(x[k]! > 0)) continue;
      reach -= x[k]! * bound;
      for (let i = 0; i < sum.length; i++) sum[i]! += x[k]! * gradient[i]!;
    }
    return { x, sum, reach };
  }

  private push(cut: Cut): void {
    this.distance.add(cut.gradient);
    this.cuts.push(cut);
  }

  private forget(): void {
    this.cuts = this.distance.prune().map((k) => this.cuts[k]!);
  }

  private pairing(t: number): Pairing {
    const known = this.pairings.get(t) ?? new Pairing(this.variables, this.variables.changed(this.at), t);
    this.pairings.set(t, known);
    return known;
  }
}

/** Whether the form at t is what it should be but for rounding. */
function isClose(model: Variables["model"], t: number): boolean {
  const { radius, ...form } = formAt(model, t);
  if (!radius) return true;
  return (["L", "B", "C", "N"] as const).every((name) => {
    const most = form[name].reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    return radius[name].every((r) => r <= EXACT * most);
  });
}

export function norm(z: Float64Array): number {
  return Math.sqrt(dotRows(z, 0, z, 0, z.length));
}
