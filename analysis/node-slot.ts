import type { SlopeBox } from "./centred-form.ts";
import type { NodeResult, NodeTask } from "./node-solver.ts";
import type { Iterate } from "./relaxation.ts";

/** Numbers of a slot beside the multipliers. */
const SCALARS = 16;

/** How many numbers a slot takes, beside 3 H bytes. */
export function slotNumbers(H: number): number {
  return SCALARS + 3 * H;
}

/** One task and its result: boxes and vertices as sides of the root's box, multipliers of the free neurons. */
export class Slot {
  private readonly values: Float64Array;
  private readonly task: Int8Array;
  private readonly kept: Int8Array;
  private readonly witness: Int8Array;
  private readonly lambdas: readonly [Float64Array, Float64Array, Float64Array];

  constructor(values: Float64Array, sides: Int8Array, H: number) {
    this.values = values;
    this.task = sides.subarray(0, H);
    this.kept = sides.subarray(H, 2 * H);
    this.witness = sides.subarray(2 * H);
    const lambda = (k: number) => values.subarray(SCALARS + k * H, SCALARS + (k + 1) * H);
    this.lambdas = [lambda(0), lambda(1), lambda(2)];
  }

  writeTask({ box, known, warm, goal, lower, isRoot }: NodeTask, root: SlopeBox): void {
    writeBox(box, root, this.task);
    this.values.set([known, goal, lower, isRoot ? 1 : 0]);
    this.writeIterate(0, warm);
  }

  readTask(root: SlopeBox): NodeTask {
    const [known, goal, lower, isRoot] = this.values;
    const box = readBox(this.task, root);
    return { box, known: known!, goal: goal!, lower: lower!, isRoot: isRoot === 1, warm: this.readIterate(0, box) };
  }

  writeResult({ upper, kept, iterate, warm, branch, tight, witness }: NodeResult, root: SlopeBox): void {
    if (kept) writeBox(kept, root, this.kept);
    this.values[15] = kept ? 1 : 0;
    if (witness) writeBox({ lower: witness.slopes, upper: witness.slopes }, root, this.witness);
    this.values[0] = upper;
    this.values[1] = tight ? 1 : 0;
    this.values[2] = branch ? branch.neuron : -1;
    this.values[3] = branch?.upperFirst ? 1 : 0;
    this.values[4] = witness ? 1 : 0;
    this.values[5] = witness?.value ?? 0;
    this.writeIterate(1, iterate);
    this.writeIterate(2, warm);
  }

  readResult(root: SlopeBox): NodeResult {
    const [upper, tight, neuron, upperFirst, hasWitness, value] = this.values;
    const kept = this.values[15] === 1 ? readBox(this.kept, root) : null;
    const box = kept ?? readBox(this.task, root);
    return {
      upper: upper!,
      kept,
      iterate: this.readIterate(1, box),
      warm: this.readIterate(2, box),
      branch: neuron! < 0 ? null : { neuron: neuron!, upperFirst: upperFirst === 1 },
      tight: tight === 1,
      witness: hasWitness === 1 ? { slopes: readBox(this.witness, root).lower, value: value! } : null,
    };
  }

  private writeIterate(which: 0 | 1 | 2, iterate: Iterate | null): void {
    const at = 6 + 3 * which;
    this.values[at] = iterate ? 1 : 0;
    if (!iterate) return;
    this.values[at + 1] = iterate.u;
    this.values[at + 2] = iterate.mu;
    this.lambdas[which].set(iterate.lambda);
  }

  private readIterate(which: 0 | 1 | 2, { lower, upper }: SlopeBox): Iterate | null {
    const at = 6 + 3 * which;
    if (this.values[at] !== 1) return null;
    let free = 0;
    for (let i = 0; i < lower.length; i++) if (lower[i] !== upper[i]) free++;
    return { u: this.values[at + 1]!, mu: this.values[at + 2]!, lambda: this.lambdas[which].slice(0, free) };
  }
}

function writeBox(box: SlopeBox, root: SlopeBox, sides: Int8Array): void {
  for (let i = 0; i < sides.length; i++) {
    sides[i] = box.lower[i] !== box.upper[i] ? 0 : box.upper[i] === root.upper[i] ? 1 : -1;
  }
}

function readBox(sides: Int8Array, root: SlopeBox): SlopeBox {
  const lower = Float64Array.from(root.lower);
  const upper = Float64Array.from(root.upper);
  sides.forEach((side, i) => {
    if (side > 0) lower[i] = upper[i]!;
    else if (side < 0) upper[i] = lower[i]!;
  });
  return { lower, upper };
}
