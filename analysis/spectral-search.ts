import { type CentredForm, centredForm, type SlopeBox } from "./centred-form.ts";
import { certified, certify } from "./certify.ts";
import { coarseBound } from "./coarse-bound.ts";
import { Heap } from "./heap.ts";
import type { Curvature } from "./newton.ts";
import { type Iterate, Relaxation, restricted } from "./relaxation.ts";
import type { ScaledForm } from "./scaled-form.ts";
import type { Search } from "./search.ts";
import { pseudorandomVertex, without, withSlope } from "./slope-box.ts";
import { topEigenpair } from "./top-eigenpair.ts";
import { climb, provedValue, type Vertex } from "./vertex.ts";

interface Node {
  /** [H] each; equal where the search has fixed a neuron. */
  readonly box: SlopeBox;
  /** Certified. */
  readonly upper: number;
  /** Where the relaxation was left: a start for its own further tightening and for its children; null at a vertex. */
  readonly iterate: Iterate | null;
  readonly curvature: Curvature | null;
  /** True where tightening further would not bring it below the goal it was last tightened for. */
  readonly tight: boolean;
  /** The part of the box that is a node of its own; null where the node is its whole box. */
  readonly except: SlopeBox | null;
}

/** A node that nothing was found out about yet. */
const FRESH = { iterate: null, curvature: null, tight: false, except: null } as const;
/** Starts of the first local search, beside the box's centre. */
const RANDOM_STARTS = 10;
/** Relative to the size of the form, 1: gaps below it are rounding. */
const FINEST_GAP = 1e-11;

/**
 * The largest 2-logarithmic norm of a scaled form's Jacobian over a slope box: local search below, multipliers above,
 * branching on single neurons between (docs/mathematics.md, sections 2 to 4).
 */
export class SpectralSearch implements Search {
  lower = Number.NEGATIVE_INFINITY;
  slopes: Float64Array | null = null;
  nodes = 0;
  private readonly form: ScaledForm;
  private readonly box: SlopeBox;
  private readonly open = new Heap<Node>();
  /** What needs no more work: single vertices, and what overflows. */
  private readonly leaves: { readonly box: SlopeBox; readonly upper: number }[] = [];
  /** Upper bound over all leaves. */
  private settled = Number.NEGATIVE_INFINITY;
  private provisional = Number.POSITIVE_INFINITY;
  private started = false;
  private readonly tried = new Set<string>();

  constructor(form: ScaledForm, box: SlopeBox) {
    this.form = form;
    this.box = box;
  }

  get upper(): number {
    return Math.max(this.provisional, this.settled, this.open.top);
  }

  get exhausted(): boolean {
    return this.nodes > 0 && (this.open.size === 0 || this.settled >= this.open.top);
  }

  *advance(goal: number): Generator<void, void, void> {
    if (!this.started) {
      yield* this.start();
      return;
    }
    const root = this.nodes === 0;
    if (!root && (this.exhausted || this.open.top <= goal)) return;
    const node = root ? null : this.open.pop()!;
    let finished = false;
    try {
      if (!node) yield* this.evaluate(this.box, coarseBound(this.form, this.box), null, goal);
      else {
        this.provisional = node.upper;
        if (node.except) this.divide(node, node.except);
        else if (!node.tight) yield* this.evaluate(node.box, node.upper, node.iterate, goal);
        else yield* this.branch(node, goal);
      }
      finished = true;
      yield;
    } finally {
      // Whoever drives the search may leave in the middle: nothing that was open may be forgotten.
      if (!finished) {
        this.push(node ?? { ...FRESH, box: this.box, upper: this.provisional });
      }
      this.provisional = Number.NEGATIVE_INFINITY;
    }
  }

  private *start(): Generator<void, void, void> {
    const { box } = this;
    this.offer(
      climb(
        this.form,
        box,
        box.lower.map((lo, i) => lo / 2 + box.upper[i]! / 2),
      ),
    );
    yield;
    this.offer(climb(this.form, box, box.upper.slice()));
    yield;
    for (let k = 0; k < RANDOM_STARTS && this.form.states <= 128; k++) {
      this.offer(climb(this.form, box, pseudorandomVertex(box, k)));
      yield;
    }
    this.started = true;
  }

  private offer(vertex: Vertex): void {
    if (vertex.value <= this.lower) return;
    const proved = provedValue(this.form, vertex);
    if (!(proved > this.lower)) return;
    this.lower = proved;
    this.slopes = vertex.slopes;
  }

  /** Solves one node's relaxation, as far as `goal` asks, and puts the node back with what was found. */
  private *evaluate(box: SlopeBox, known: number, warm: Iterate | null, goal: number): Generator<void, void, void> {
    this.nodes++;
    const form = centredForm(this.form, box);
    if (form.free.length === 0) {
      this.evaluateVertex(form, box, known);
      return;
    }
    const relaxation = Relaxation.begin(form, warm);
    if (!relaxation) {
      this.settle(box, known);
      return;
    }
    let upper = known;
    // While the root is worked on, nothing else is open: what is found is known of the whole.
    const root = box === this.box;
    if (root) {
      upper = certified(form, relaxation.iterate, known);
      this.provisional = upper;
      yield;
    }
    const gap = Math.max(FINEST_GAP, 0.1 * Math.max(0, goal - this.lower), 1e-3 * Math.max(0, known - this.lower));
    let steps = 0;
    for (const _ of relaxation.tighten(goal, Number.isFinite(gap) ? gap : 1e-6)) {
      if (root && ++steps % 4 === 0) this.provisional = upper = certified(form, relaxation.iterate, upper);
      yield;
    }
    upper = certified(form, relaxation.iterate, upper);
    let kept = box;
    if (upper > goal) {
      this.round(relaxation, box);
      kept = this.fixHopeless(relaxation, form, box, goal);
    }
    if (kept === box) {
      const { iterate, curvature } = relaxation;
      this.push({ box, upper, iterate, curvature, tight: upper > goal, except: null });
      return;
    }
    this.push({ ...FRESH, box: kept, upper, iterate: restricted(relaxation.iterate, form, kept) });
    // What was cut off is below this goal; a later goal may be lower.
    this.push({ ...FRESH, box, upper: Math.min(goal, known), except: kept });
  }

  /** Makes nodes of what lies outside of `kept`. */
  private divide({ box, upper }: Node, kept: SlopeBox): void {
    for (const part of without(box, kept)) this.push({ ...FRESH, box: part, upper });
  }

  private push(node: Node): void {
    this.open.push(node.upper, node);
  }

  private settle(box: SlopeBox, upper: number): void {
    this.settled = Math.max(this.settled, upper);
    this.leaves.push({ box, upper });
  }

  /** Boxes that hold every vertex whose logarithmic norm is not known to be at most `bound`. */
  *above(bound: number): Generator<SlopeBox, void, void> {
    if (this.provisional > bound) yield this.box;
    for (const { box, upper } of this.leaves) if (upper > bound) yield box;
    for (const { box, upper } of this.open.items()) if (upper > bound) yield box;
  }

  private evaluateVertex(form: CentredForm, box: SlopeBox, known: number): void {
    const { value, vector } = topEigenpair(form.L, form.states);
    this.offer({ slopes: box.lower, vector, value, gradient: box.lower });
    this.settle(box, certified(form, { u: value, lambda: new Float64Array(0) }, known));
  }

  /** New witnesses from the signs of E q_i s_i, climbed from. */
  private round(relaxation: Relaxation, box: SlopeBox): void {
    const { qs } = relaxation.curvature!;
    const slopes = box.lower.slice();
    relaxation.form.free.forEach((i, k) => {
      if (qs[k]! > 0) slopes[i] = box.upper[i]!;
    });
    const key = slopes.map((d, i) => (d === this.box.upper[i] ? 1 : 0)).join("");
    if (this.tried.has(key)) return;
    this.tried.add(key);
    this.offer(climb(this.form, this.box, slopes));
  }

  /** Fixes the neurons one of whose sides the present multipliers already bring below the goal, each certified. */
  private fixHopeless(relaxation: Relaxation, form: CentredForm, box: SlopeBox, goal: number): SlopeBox {
    let kept = box;
    const sides = relaxation.hopelessSides(goal);
    form.free.forEach((i, k) => {
      if (sides[k] === 0) return;
      const hopelessUpper = (sides[k]! & 2) !== 0;
      const cut = withSlope(kept, i, hopelessUpper ? box.upper[i]! : box.lower[i]!);
      const cutForm = centredForm(this.form, cut);
      if (!certify(cutForm, restricted(relaxation.iterate, form, cut).lambda, goal)) return;
      kept = withSlope(kept, i, hopelessUpper ? box.lower[i]! : box.upper[i]!);
    });
    return kept;
  }

  private *branch(node: Node, goal: number): Generator<void, void, void> {
    const free: number[] = [];
    node.box.lower.forEach((lo, i) => {
      if (lo !== node.box.upper[i]) free.push(i);
    });
    const { lambda } = node.iterate!;
    const { qq, qs, ss } = node.curvature!;
    let best = Number.NEGATIVE_INFINITY;
    let place = free[0]!;
    for (let k = 0; k < free.length; k++) {
      // E (q - s)^2 E (q + s)^2: 0 where the slope is decided already.
      const undecided = (qq[k]! + ss[k]!) ** 2 - 4 * qs[k]! ** 2;
      const score = lambda[k]! * Math.sqrt(Math.max(0, undecided));
      if (score > best) {
        best = score;
        place = free[k]!;
      }
    }
    const form = { free: Int32Array.from(free) };
    const first = qs[free.indexOf(place)]! > 0 ? [node.box.upper, node.box.lower] : [node.box.lower, node.box.upper];
    for (const side of first) {
      const box = withSlope(node.box, place, side[place]!);
      yield* this.evaluate(box, node.upper, restricted(node.iterate!, form, box), goal);
    }
  }
}
