import type { LinearFractionalForm } from "../model/form.ts";
import { type CentredForm, centredForm, type SlopeBox } from "./centred-form.ts";
import { certify } from "./certify.ts";
import { EXACT_LIMIT, isAtMost } from "./exact.ts";
import type { Curvature } from "./newton.ts";
import { hopelessSides, UPPER } from "./one-sided.ts";
import { type Budget, isSpent, type Proof } from "./proof.ts";
import { type Iterate, Relaxation, restricted } from "./relaxation.ts";
import { scale, scaleDown } from "./rounding.ts";
import { type ScaledForm, scaledForm } from "./scaled-form.ts";
import { withSlope } from "./slope-box.ts";
import { diagonalValue } from "./structure.ts";
import { acquireWorkspace, releaseWorkspace } from "./workspace.ts";

/** A box whose multipliers do not prove the bound. */
interface Open {
  readonly iterate: Iterate;
  readonly curvature: Curvature;
  /** Of `hopelessSides`. */
  readonly sides: Uint8Array | null;
}

/** How far below the bound multipliers are looked for, relative to the size of the form: so that rounding is paid for. */
const MARGIN = 2e-12;
/** Vertices decided in exact arithmetic, at most. */
const MOST_VERTICES = 4096;

/**
 * Finds a proof that the 2-logarithmic norm is at most a bound over a slope box: down from the whole box, multipliers where
 * they are enough, a branch where they are not (docs/mathematics.md, section 4, with the bound as the goal).
 */
export class SpectralProof {
  private readonly form: LinearFractionalForm;
  private readonly scaled: ScaledForm;
  /** In the scaled form's units. */
  private readonly omega: number;
  private readonly bound: number;
  private readonly budget: Budget;
  private vertices = 0;

  constructor(form: LinearFractionalForm, bound: number, budget: Budget) {
    this.form = form;
    this.scaled = scaledForm(form);
    this.bound = bound;
    this.omega = scaleDown(bound, this.scaled.shift);
    this.budget = budget;
  }

  /** null where none was found. */
  *find(box: SlopeBox, warm: Iterate | null = null): Generator<void, Proof | null, void> {
    if (isSpent(this.budget)) return null;
    this.budget.nodes--;
    const form = centredForm(this.scaled, box);
    if (form.free.length === 0) return this.vertex(form, box);
    const found = yield* this.relax(form, warm, box);
    if (!found || "proof" in found) return found?.proof ?? null;
    return yield* this.branch(form, found, box);
  }

  /** Multipliers for the whole box, or what is to be known to branch; null where numbers overflow. */
  private *relax(
    form: CentredForm,
    warm: Iterate | null,
    box: SlopeBox,
  ): Generator<void, { readonly proof: Proof } | Open | null, void> {
    const { states, neurons, N } = this.scaled;
    const work = acquireWorkspace(states, neurons, N !== null);
    try {
      const relaxation = Relaxation.begin(form, warm, work);
      if (!relaxation) return null;
      const early = this.leaf(form, relaxation.iterate.lambda, box);
      if (early) return { proof: early };
      for (const _ of relaxation.tighten(this.omega - MARGIN, MARGIN)) yield;
      const proof = this.leaf(form, relaxation.iterate.lambda, box);
      if (proof) return { proof };
      const curvature = relaxation.curvature ?? relaxation.measure();
      return { iterate: relaxation.iterate, curvature, sides: hopelessSides(relaxation, this.omega) };
    } finally {
      releaseWorkspace(work);
    }
  }

  private vertex(form: CentredForm, box: SlopeBox): Proof | null {
    const diagonal = diagonalValue(this.form, box, "2");
    const proved =
      certify(form, new Float64Array(0), this.omega) ||
      (diagonal !== null && diagonal <= this.bound) ||
      (this.form.radius === null &&
        Math.max(this.form.states, this.form.neurons) <= EXACT_LIMIT &&
        ++this.vertices <= MOST_VERTICES &&
        isAtMost(this.form, box.lower, "2", this.bound));
    return proved ? { multipliers: new Float64Array(0) } : null;
  }

  /** The multipliers in the form's own units, where they prove the bound and doubles can hold them. */
  private leaf(form: CentredForm, lambda: Float64Array, box: SlopeBox): Proof | null {
    if (!certify(form, lambda, this.omega)) return null;
    const { power, shift } = this.scaled;
    // lambda (q^2 - s^2) with p = c q + r s is lambda / r^2 (p - m q) (M q - p).
    const multipliers = lambda.map((v, k) => {
      const i = form.free[k]!;
      const spread = box.upper[i]! / 2 - box.lower[i]! / 2;
      return scale(v / spread / spread, -2 * power[i]! - shift);
    });
    return multipliers.every((v) => v > 1e-290 && v < 1e290) ? { multipliers } : null;
  }

  private *branch(form: CentredForm, open: Open, box: SlopeBox): Generator<void, Proof | null, void> {
    const { iterate, sides } = open;
    // Where one side is proved by the multipliers at hand, what is left is the other.
    const cut: { neuron: number; side: "lower" | "upper"; proof: Proof }[] = [];
    let rest = box;
    for (const [k, i] of form.free.entries()) {
      if (!sides || sides[k] === 0) continue;
      const side = sides[k]! & UPPER ? "upper" : "lower";
      const part = withSlope(rest, i, box[side][i]!);
      const partForm = centredForm(this.scaled, part);
      const proof = this.leaf(partForm, restricted(iterate, form, part).lambda, part);
      if (!proof) continue;
      cut.push({ neuron: i, side, proof });
      rest = withSlope(rest, i, box[side === "upper" ? "lower" : "upper"][i]!);
      yield;
    }
    const inner =
      cut.length > 0 ? yield* this.find(rest, restricted(iterate, form, rest)) : yield* this.divide(form, open, box);
    return cut.reduceRight<Proof | null>(
      (below, { neuron, side, proof }) =>
        below && { neuron, lower: side === "lower" ? proof : below, upper: side === "upper" ? proof : below },
      inner,
    );
  }

  /** Both sides of the neuron whose slope is decided least (spectral-search.ts). */
  private *divide(
    form: CentredForm,
    { iterate, curvature: { qq, qs, ss } }: Open,
    box: SlopeBox,
  ): Generator<void, Proof | null, void> {
    let best = Number.NEGATIVE_INFINITY;
    let neuron = form.free[0]!;
    for (const [k, i] of form.free.entries()) {
      const score = iterate.lambda[k]! * Math.sqrt(Math.max(0, (qq[k]! + ss[k]!) ** 2 - 4 * qs[k]! ** 2));
      if (score > best) {
        best = score;
        neuron = i;
      }
    }
    const side = (at: "lower" | "upper") => withSlope(box, neuron, box[at][neuron]!);
    // The side that is more likely to fail first.
    const first = qs[form.free.indexOf(neuron)]! > 0 ? "upper" : "lower";
    const second = first === "upper" ? "lower" : "upper";
    const one = yield* this.find(side(first), restricted(iterate, form, side(first)));
    if (!one) return null;
    const other = yield* this.find(side(second), restricted(iterate, form, side(second)));
    if (!other) return null;
    return first === "lower" ? { neuron, lower: one, upper: other } : { neuron, lower: other, upper: one };
  }
}
