/**
 * A proof that a logarithmic norm is at most some bound over a box of slopes, as a tree (docs/certificate.md). It is checked by
 * verify/, which shares no code with what finds it.
 */
export type Proof = Branch | Settled | Leaf;

/** The neuron's slope fixed at either end. */
export interface Branch {
  readonly neuron: number;
  readonly lower: Proof;
  readonly upper: Proof;
}

/** The neuron's slope fixed at one end: the other one cannot be worse. */
export interface Settled {
  readonly neuron: number;
  readonly at: "lower" | "upper";
  readonly rest: Proof;
}

/** p = 2: multipliers of the neurons that are still free, in the form's own units; p = 1 and inf: intervals prove it. */
export type Leaf = { readonly multipliers: Float64Array } | "interval";

/** What may be spent on finding proofs. */
export interface Budget {
  /** Nodes that are left. */
  nodes: number;
  /** performance.now() at which to give up. */
  readonly deadline: number;
}

export function isSpent({ nodes, deadline }: Budget): boolean {
  return nodes <= 0 || performance.now() > deadline;
}
