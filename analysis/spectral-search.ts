import type { SlopeBox } from "./centred-form.ts";
import { coarseBound } from "./coarse-bound.ts";
import { Heap } from "./heap.ts";
import type { NodeResult, NodeTask } from "./node-solver.ts";
import { NodeBatches } from "./node-threads.ts";
import { type Iterate, restricted } from "./relaxation.ts";
import type { ScaledForm } from "./scaled-form.ts";
import type { Search } from "./search.ts";
import { freeNeurons, pseudorandomVertex, without, withSlope } from "./slope-box.ts";
import { climb, provedValue, type Vertex } from "./vertex.ts";

interface Node {
  /** [H] each; equal where the search has fixed a neuron. */
  readonly box: SlopeBox;
  /** Certified. */
  readonly upper: number;
  /** What is known of the box itself; null where it was not worked on. */
  readonly result: NodeResult | null;
  /** The part of the box that is a node of its own; null where the node is its whole box. */
  readonly except: SlopeBox | null;
}

/** Starts of the first local search, beside the box's centre. */
const RANDOM_STARTS = 4;
/** Above so many states a local search takes a noticeable time. */
const LARGE = 128;
/** Open nodes that are branched on together: their children can be worked on side by side. */
const BATCH = 4;

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
  private readonly batches: NodeBatches;
  /** Holds for all of the box, and forgets much. */
  private readonly coarse: number;
  private readonly open = new Heap<Node>();
  /** What needs no more work: single vertices, and what overflows. */
  private readonly leaves: { readonly box: SlopeBox; readonly upper: number }[] = [];
  /** Upper bound over all leaves. */
  private settled = Number.NEGATIVE_INFINITY;
  /** Of what is being worked on. */
  private provisional = Number.POSITIVE_INFINITY;
  private started = false;
  private collecting: { readonly above: number; readonly found: (slopes: Float64Array) => void } | null = null;

  constructor(form: ScaledForm, box: SlopeBox) {
    this.form = form;
    this.box = box;
    this.coarse = coarseBound(form, box);
    this.batches = new NodeBatches(form, box);
  }

  /** From now on tells every vertex that a node comes upon with a value above `above`, not only the best. */
  collect(above: number, found: (slopes: Float64Array) => void): void {
    this.collecting = { above, found };
  }

  get upper(): number {
    return Math.max(this.provisional, this.settled, this.open.top);
  }

  get exhausted(): boolean {
    const idle = this.provisional === Number.NEGATIVE_INFINITY;
    return idle && (this.open.size === 0 || this.settled >= this.open.top);
  }

  *advance(goal: number): Generator<void, void, void> {
    if (!this.started) {
      yield* this.start();
      return;
    }
    // What is infinite on both sides leaves no number for a goal: then there is none.
    const aim = Number.isNaN(goal) ? Number.NEGATIVE_INFINITY : goal;
    if (this.exhausted || this.open.top <= aim) return;
    yield* this.replace(this.take(aim), aim);
  }

  private *start(): Generator<void, void, void> {
    const { box } = this;
    // Where the first witness takes long, something is known from above at once; else what multipliers find is waited for.
    if (this.form.states > LARGE) this.provisional = this.coarse;
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
    for (let k = 0; k < RANDOM_STARTS && this.form.states <= LARGE; k++) {
      this.offer(climb(this.form, box, pseudorandomVertex(box, k)));
      yield;
    }
    this.push({ box, upper: this.provisional, result: null, except: null });
    this.provisional = Number.NEGATIVE_INFINITY;
    this.started = true;
  }

  private offer(vertex: Vertex): void {
    if (vertex.value <= this.lower) return;
    this.learn({ slopes: vertex.slopes, value: provedValue(this.form, vertex) });
  }

  private learn(witness: NodeResult["witness"]): void {
    if (witness && this.collecting && witness.value > this.collecting.above) this.collecting.found(witness.slopes);
    if (!witness || !(witness.value > this.lower)) return;
    this.lower = witness.value;
    this.slopes = witness.slopes;
  }

  /** The open nodes to be replaced next. */
  private take(goal: number): Node[] {
    const nodes: Node[] = [];
    while (nodes.length < BATCH && this.open.top > Math.max(goal, this.settled)) nodes.push(this.open.pop()!);
    return nodes;
  }

  private *replace(nodes: readonly Node[], goal: number): Generator<void, void, void> {
    this.provisional = nodes[0]!.upper;
    let finished = false;
    try {
      const tasks = nodes.flatMap((node) => this.tasksOf(node, goal));
      const results = yield* this.solve(tasks);
      for (const node of nodes) if (node.except) this.divide(node, node.except);
      tasks.forEach((task, k) => {
        this.settle(task, results[k]!);
      });
      finished = true;
      yield;
    } finally {
      // Whoever drives the search may leave in the middle: nothing that was open may be forgotten.
      if (!finished) for (const node of nodes) this.push({ ...node, upper: Math.min(node.upper, this.provisional) });
      this.provisional = Number.NEGATIVE_INFINITY;
    }
  }

  private *solve(tasks: readonly NodeTask[]): Generator<void, NodeResult[], void> {
    const steps = this.batches.solve(tasks);
    try {
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        // While the root is worked on, nothing else is open: what is found is known of the whole.
        if (step.value !== null) this.provisional = step.value;
        yield;
      }
    } finally {
      steps.return([]);
    }
  }

  private tasksOf(node: Node, goal: number): NodeTask[] {
    if (node.except) return [];
    const { box, upper, result } = node;
    const common = {
      known: Math.min(upper, this.coarse),
      goal,
      lower: Math.min(this.lower, this.collecting?.above ?? this.lower),
      isRoot: box === this.box && !result,
    };
    if (!result?.branch || !result.tight) return [{ ...common, box, warm: result?.iterate ?? null }];
    const { neuron, upperFirst } = result.branch;
    const parent = { free: Int32Array.from(freeNeurons(box)) };
    const ends = upperFirst ? [box.upper, box.lower] : [box.lower, box.upper];
    return ends.map((end) => {
      const child = withSlope(box, neuron, end[neuron]!);
      return { ...common, box: child, warm: restricted(result.warm as Iterate, parent, child) };
    });
  }

  private settle({ box, known, goal }: NodeTask, result: NodeResult): void {
    this.nodes++;
    this.learn(result.witness);
    if (!result.iterate) {
      this.settled = Math.max(this.settled, result.upper);
      this.leaves.push({ box, upper: result.upper });
      return;
    }
    this.push({ box: result.kept ?? box, upper: result.upper, result, except: null });
    // What was cut off is below this goal; a later goal may be lower.
    if (result.kept) this.push({ box, upper: Math.min(goal, known), result: null, except: result.kept });
  }

  /** Makes nodes of what lies outside of `kept`. */
  private divide({ box, upper }: Node, kept: SlopeBox): void {
    for (const part of without(box, kept)) this.push({ box: part, upper, result: null, except: null });
  }

  private push(node: Node): void {
    this.open.push(node.upper, node);
  }

  /** Boxes that hold every vertex whose logarithmic norm is not known to be at most `bound`. */
  *above(bound: number): Generator<SlopeBox, void, void> {
    if (this.provisional > bound) yield this.box;
    for (const { box, upper } of this.leaves) if (upper > bound) yield box;
    for (const { box, upper } of this.open.items()) if (upper > bound) yield box;
  }
}
