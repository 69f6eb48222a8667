import type { Model } from "../../model/model.ts";
import { entries } from "../../model/shape.ts";
import { operands, type Term } from "../../model/term.ts";
import { pullBack, type Setting } from "./adjoints.ts";
import { TermOrder } from "./term-order.ts";
import type { Variables } from "./variables.ts";

/** u^T J w at some slopes, with what it changes by. */
export interface Paired {
  readonly value: number;
  /** By the slopes, [H]. */
  readonly slopes: Float64Array;
  /** By the variables, [Variables.size]. */
  readonly gradient: Float64Array;
}

/**
 * The pairing u^T J(t, D) w of a model's Jacobian with two vectors, and its derivatives by the slopes and by the entries of
 * params: the terms of layers and flow are evaluated at the state w, but for what does not depend on it, and differentiated
 * backwards. In rounded arithmetic.
 *
 * In `absolute` arithmetic every constant is its absolute value and every difference a sum: what comes out bounds the sizes
 * of all that is added up, and so what rounding can do to the ordinary results.
 */
export class Pairing {
  private readonly variables: Variables;
  private readonly model: Model;
  private readonly t: number;
  private readonly terms: TermOrder;

  /** @param model the variables' model, perhaps changed by some of their values */
  constructor(variables: Variables, model: Model, t: number, absolute = false) {
    this.variables = variables;
    this.model = model;
    this.t = t;
    this.terms = new TermOrder(variables, model, t, absolute);
  }

  /**
   * @param w [n], @param u [n]
   * @param slopes [H], in absolute arithmetic their absolute values, as for u and w
   */
  at(u: Float64Array, w: Float64Array, slopes: Float64Array): Paired {
    const { layers } = this.model;
    const linear = new Map<Term, Float64Array>();
    const outputs: Float64Array[] = [];
    const inputs: Float64Array[] = [];
    let first = 0;
    for (const [k, { neurons, argument }] of layers.entries()) {
      this.forward(this.terms.orders[k]!, w, outputs, linear);
      const q = this.valueOf(argument, linear);
      inputs.push(q);
      outputs.push(q.map((v, i) => v * slopes[first + i]!));
      first += neurons;
    }
    this.forward(this.terms.orders[layers.length]!, w, outputs, linear);
    const flow = this.valueOf(this.model.flow, linear);
    const value = flow.reduce((sum, v, i) => sum + v * u[i]!, 0);

    const adjoint = new Map<Term, Float64Array>();
    const backwards = outputs.map((p) => new Float64Array(p.length));
    const bySlopes = new Float64Array(slopes.length);
    this.backward(this.terms.orders[layers.length]!, this.model.flow, u, linear, adjoint, backwards);
    for (let k = layers.length - 1; k >= 0; k--) {
      first -= layers[k]!.neurons;
      const s = backwards[k]!;
      for (let i = 0; i < s.length; i++) bySlopes[first + i] = s[i]! * inputs[k]![i]!;
      const seed = s.map((v, i) => v * slopes[first + i]!);
      this.backward(this.terms.orders[k]!, layers[k]!.argument, seed, linear, adjoint, backwards);
    }
    return { value, slopes: bySlopes, gradient: this.gradient(adjoint) };
  }

  /** Zero for what does not depend on the state: it takes no part in the Jacobian. */
  private valueOf(term: Term, linear: Map<Term, Float64Array>): Float64Array {
    return linear.get(term) ?? new Float64Array(entries(term.shape));
  }

  private forward(
    order: readonly Term[],
    w: Float64Array,
    outputs: readonly Float64Array[],
    linear: Map<Term, Float64Array>,
  ): void {
    for (const term of order) {
      if (!this.terms.dependsOnState.get(term) || linear.has(term)) continue;
      if (term.op === "state") linear.set(term, w);
      else if (term.op === "layer") linear.set(term, outputs[term.layer]!);
      else {
        const below = operands(term);
        const isFactor = term.op === "multiply" || term.op === "elementwise" || term.op === "divide";
        const values = below.map(
          (one) =>
            linear.get(one) ?? (isFactor ? this.terms.constants.get(one)! : new Float64Array(entries(one.shape))),
        );
        linear.set(term, this.terms.computed(term, below, values));
      }
    }
  }

  /** Adds what the root's adjoint makes of those below it; those of layers' outputs go to `backwards`. */
  private backward(
    order: readonly Term[],
    root: Term,
    seed: Float64Array,
    linear: Map<Term, Float64Array>,
    constants: Map<Term, Float64Array>,
    backwards: readonly Float64Array[],
  ): void {
    const own = new Map<Term, Float64Array>([[root, seed]]);
    for (let k = order.length - 1; k >= 0; k--) {
      const term = order[k]!;
      const adjoint = own.get(term);
      if (!adjoint || !this.terms.dependsOnState.get(term)) continue;
      if (term.op === "layer") addTo(backwards[term.layer]!, adjoint);
      else {
        const give = (operand: Term, contribution: () => Float64Array) => {
          const isFactor = !this.terms.dependsOnState.get(operand);
          // A constant that is added takes no part in the Jacobian; one that multiplies may hold variables.
          if (isFactor && (!isProduct(term) || !this.terms.dependsOnVariables.get(operand))) return;
          accumulate(isFactor ? constants : own, operand, contribution());
        };
        pullBack(
          term,
          adjoint,
          this.setting((operand) => linear.get(operand) ?? this.terms.constants.get(operand)!),
          give,
        );
      }
    }
  }

  private gradient(adjoint: Map<Term, Float64Array>): Float64Array {
    const out = new Float64Array(this.variables.size);
    // Each term once, in its first place: operands stay before what is made of them in any layer.
    const order = [...new Set(this.terms.orders.flat())];
    for (const term of order.toReversed()) {
      const value = adjoint.get(term);
      if (!value) continue;
      const place = this.terms.places.get(term);
      if (place !== undefined) for (let i = 0; i < value.length; i++) out[place + i]! += value[i]!;
      const setting = this.setting((operand) => this.terms.constants.get(operand)!);
      pullBack(term, value, setting, (operand, contribution) => {
        if (this.terms.dependsOnVariables.get(operand)) accumulate(adjoint, operand, contribution());
      });
    }
    return out;
  }

  private setting(value: (operand: Term) => Float64Array): Setting {
    return {
      t: this.t,
      absolute: this.terms.plain !== null,
      value,
      plainValue: (operand) => (this.terms.plain ?? this.terms).constants.get(operand)!,
      paramValue: (index) => this.model.params[index]!.value,
    };
  }
}

function isProduct({ op }: Term): boolean {
  return op === "multiply" || op === "elementwise" || op === "divide";
}

function accumulate(into: Map<Term, Float64Array>, term: Term, contribution: Float64Array): void {
  const known = into.get(term);
  if (known)
    into.set(
      term,
      known.map((v, i) => v + contribution[i]!),
    );
  else into.set(term, contribution);
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}
