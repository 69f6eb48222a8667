import { type CentredForm, centredForm, type SlopeBox } from "./centred-form.ts";
import { certified } from "./certify.ts";
import { dotRows } from "./dense.ts";
import type { Curvature } from "./newton.ts";
import { leastDirection, withoutHopelessSides } from "./one-sided.ts";
import { type Iterate, Relaxation, restricted } from "./relaxation.ts";
import type { ScaledForm } from "./scaled-form.ts";
import { Schur } from "./schur.ts";
import { topEigenpair } from "./top-eigenpair.ts";
import { climb, provedValue } from "./vertex.ts";
import { acquireWorkspace, releaseWorkspace, type Workspace } from "./workspace.ts";

/** One box of slopes to be bounded. */
export interface NodeTask {
  readonly box: SlopeBox;
  /** A bound that is known already. */
  readonly known: number;
  /** Feasible multipliers, a parent's restricted to this box, or null. */
  readonly warm: Iterate | null;
  /** Below it nothing needs to be known. */
  readonly goal: number;
  /** The best witness so far. */
  readonly lower: number;
  /** Of the whole search: solved with more care. */
  readonly isRoot: boolean;
}

export interface NodeResult {
  /** Certified for all of the box. */
  readonly upper: number;
  /** What is left of the box where single ends of slopes are proved to be at or below the goal; null: all of it. */
  readonly kept: SlopeBox | null;
  /** For this box again, and for children; null where there are no multipliers: at a vertex, or where numbers overflow. */
  readonly iterate: Iterate | null;
  readonly warm: Iterate | null;
  /** The neuron to branch on, and whether its upper end is likelier to hold the largest value; null with `iterate`. */
  readonly branch: { readonly neuron: number; readonly upperFirst: boolean } | null;
  /** True where more steps would not bring the bound below the goal. */
  readonly tight: boolean;
  /** A vertex of the root's box with a value that it is proved to reach, where it is above `lower`. */
  readonly witness: { readonly slopes: Float64Array; readonly value: number } | null;
}

/** Relative to the size of the form, 1: gaps below it are rounding. */
const FINEST_GAP = 1e-11;
/** Newton steps that a node takes before it is branched on, where they do not tell whether it is worth while. */
const STEPS = 10;
const ROOT_STEPS = 80;
const ROOT_LOOSE = 0.03;

/** Bounds the boxes of one search, one after the other. Depends on nothing but its arguments, and yields between steps. */
export class NodeSolver {
  private readonly form: ScaledForm;
  private readonly root: SlopeBox;

  constructor(form: ScaledForm, root: SlopeBox) {
    this.form = form;
    this.root = root;
  }

  /** @yields a certified bound of the box where there is a new one, while the root is worked on */
  *solve(task: NodeTask): Generator<number, NodeResult, void> {
    const { states, neurons, N } = this.form;
    const work = acquireWorkspace(states, neurons, N !== null);
    try {
      const form = centredForm(this.form, task.box, work);
      if (form.free.length === 0) return this.vertex(form, work, task);
      const relaxation = Relaxation.begin(form, task.warm, work);
      if (!relaxation) return { ...DEAD_END, upper: task.known };
      return yield* this.relax(relaxation, task);
    } finally {
      releaseWorkspace(work);
    }
  }

  private vertex(form: CentredForm, work: Workspace, { box, known, lower }: NodeTask): NodeResult {
    const { value, vector } = topEigenpair(form.L.slice(0, form.states ** 2), form.states);
    const proved = provedValue(this.form, { slopes: box.lower, vector, value, gradient: box.lower });
    const schur = new Schur(form, work);
    const upper = certified(schur, { u: value, lambda: new Float64Array(0) }, known, [], work.factors[0]);
    return { ...DEAD_END, upper, witness: proved > lower ? { slopes: box.lower, value: proved } : null };
  }

  private *relax(relaxation: Relaxation, task: NodeTask): Generator<number, NodeResult, void> {
    const { box, known, goal, lower, isRoot } = task;
    const { form } = relaxation;
    let upper = known;
    if (isRoot) yield (upper = this.certified(relaxation, known));
    const gap = Math.max(FINEST_GAP, 0.1 * Math.max(0, goal - lower), 1e-3 * Math.max(0, upper - lower));
    let steps = 0;
    const finest = Number.isFinite(gap) ? gap : 1e-6;
    for (const _ of isRoot
      ? relaxation.tighten(goal, finest, ROOT_STEPS, ROOT_LOOSE)
      : relaxation.tighten(goal, finest, STEPS)) {
      if (isRoot && ++steps % 4 === 0) upper = this.certified(relaxation, upper);
      yield upper;
    }
    upper = this.certified(relaxation, upper);
    const { iterate, warm } = relaxation;
    if (upper <= goal) return { ...DEAD_END, upper, iterate, warm };
    const curvature = relaxation.curvature ?? relaxation.measure();
    const witness = this.round(form, curvature, task);
    const rest = withoutHopelessSides(relaxation, this.form, box, goal);
    if (!rest) return { ...DEAD_END, upper: Math.min(upper, goal), iterate, warm, witness };
    const kept = rest === box ? null : rest;
    const inside = (from: Iterate) => (kept ? restricted(from, form, kept) : from);
    const branch = branchingNeuron(form, curvature, iterate.lambda, rest);
    return { upper, kept, iterate: inside(iterate), warm: inside(warm), branch, tight: true, witness };
  }

  /** A certified bound from the present multipliers, the barrier's distance from the boundary taken away. */
  private certified({ schur, iterate, factors, spare, curvature }: Relaxation, known: number): number {
    if (!curvature || iterate.u !== factors.u) return certified(schur, iterate, known, [], spare);
    const n = schur.form.states;
    const v = leastDirection(schur.work.routines, schur.work.Y, n);
    let least = 0;
    for (let i = 0; i < n; i++) least += v[i]! * dotRows(factors.S, i * n, v, 0, n);
    // v is about the eigenvector of S's least eigenvalue, which is at most its Rayleigh quotient.
    return certified(schur, iterate, known, [iterate.u - 0.99 * least, iterate.u - 0.8 * least], spare);
  }

  /** A new witness from the signs of E q_i s_i, climbed from. */
  private round({ free }: CentredForm, { qs }: Curvature, { box, lower }: NodeTask): NodeResult["witness"] {
    const slopes = box.lower.slice();
    free.forEach((i, k) => {
      if (qs[k]! > 0) slopes[i] = box.upper[i]!;
    });
    const vertex = climb(this.form, this.root, slopes);
    if (vertex.value <= lower) return null;
    const value = provedValue(this.form, vertex);
    return value > lower ? { slopes: vertex.slopes, value } : null;
  }
}

const DEAD_END = { kept: null, iterate: null, warm: null, branch: null, tight: false, witness: null } as const;

/** Where E (q - s)^2 E (q + s)^2 is largest, weighted: it is 0 where the slope is decided already. */
function branchingNeuron(
  { free }: CentredForm,
  { qq, qs, ss }: Curvature,
  lambda: Float64Array,
  kept: SlopeBox,
): NodeResult["branch"] {
  let best = Number.NEGATIVE_INFINITY;
  let branch: NodeResult["branch"] = null;
  free.forEach((neuron, k) => {
    if (kept.lower[neuron] === kept.upper[neuron]) return;
    const undecided = (qq[k]! + ss[k]!) ** 2 - 4 * qs[k]! ** 2;
    const score = lambda[k]! * Math.sqrt(Math.max(0, undecided));
    if (score > best) {
      best = score;
      branch = { neuron, upperFirst: qs[k]! > 0 };
    }
  });
  return branch;
}
