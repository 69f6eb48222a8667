import { compute } from "../../model/fold.ts";
import type { Model } from "../../model/model.ts";
import { entries } from "../../model/shape.ts";
import { operands, type Term } from "../../model/term.ts";
import { pullBack, type Setting, weightsAt } from "./adjoints.ts";
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
  private readonly plain: Pairing | null;
  /** Terms that do not depend on the state, by their values. */
  private readonly constants = new Map<Term, Float64Array>();
  private readonly dependsOnState = new Map<Term, boolean>();
  private readonly dependsOnVariables = new Map<Term, boolean>();
  /** Of every root: what lies below it, operands first. */
  private readonly orders: readonly (readonly Term[])[];
  private readonly places: ReadonlyMap<Term, number>;

  /** @param model the variables' model, perhaps changed by some of their values */
  constructor(variables: Variables, model: Model, t: number, absolute = false) {
    this.variables = variables;
    this.model = model;
    this.t = t;
    this.plain = absolute ? new Pairing(variables, model, t) : null;
    const changed = new Map<Term, number>();
    for (const { param, offset } of variables.pieces) {
      const { value } = model.params[param]!;
      const own = variables.pieces.filter((piece) => piece.param === param);
      const terms = value.op === "constant" ? [value] : operands(value);
      const index = own.findIndex((piece) => piece.offset === offset);
      changed.set(terms[index]!, offset);
    }
    this.places = changed;
    this.orders = [...model.layers.map(({ argument }) => argument), model.flow].map((root) => this.orderOf(root));
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
      this.forward(this.orders[k]!, w, outputs, linear);
      const q = this.valueOf(argument, linear);
      inputs.push(q);
      outputs.push(q.map((v, i) => v * slopes[first + i]!));
      first += neurons;
    }
    this.forward(this.orders[layers.length]!, w, outputs, linear);
    const flow = this.valueOf(this.model.flow, linear);
    const value = flow.reduce((sum, v, i) => sum + v * u[i]!, 0);

    const adjoint = new Map<Term, Float64Array>();
    const backwards = outputs.map((p) => new Float64Array(p.length));
    const bySlopes = new Float64Array(slopes.length);
    this.backward(this.orders[layers.length]!, this.model.flow, u, linear, adjoint, backwards);
    for (let k = layers.length - 1; k >= 0; k--) {
      first -= layers[k]!.neurons;
      const s = backwards[k]!;
      for (let i = 0; i < s.length; i++) bySlopes[first + i] = s[i]! * inputs[k]![i]!;
      const seed = s.map((v, i) => v * slopes[first + i]!);
      this.backward(this.orders[k]!, layers[k]!.argument, seed, linear, adjoint, backwards);
    }
    return { value, slopes: bySlopes, gradient: this.gradient(adjoint) };
  }

  private orderOf(root: Term): Term[] {
    const order: Term[] = [];
    const seen = new Set<Term>();
    const stack: { readonly term: Term; readonly left: Term[] }[] = [];
    const visit = (term: Term) => {
      if (seen.has(term)) return;
      seen.add(term);
      stack.push({ term, left: this.below(term) });
    };
    visit(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const next = top.left.pop();
      if (next) visit(next);
      else {
        stack.pop();
        order.push(top.term);
        this.classify(top.term);
      }
    }
    return order;
  }

  private below(term: Term): Term[] {
    return term.op === "param" ? [this.model.params[term.param]!.value] : operands(term);
  }

  private classify(term: Term): void {
    if (this.dependsOnState.has(term)) return;
    const below = this.below(term);
    const onState = term.op === "state" || term.op === "layer" || below.some((one) => this.dependsOnState.get(one));
    this.dependsOnState.set(term, onState);
    this.dependsOnVariables.set(term, this.places.has(term) || below.some((one) => this.dependsOnVariables.get(one)));
    if (!onState) this.constants.set(term, this.constantOf(term, below));
  }

  private constantOf(term: Term, below: readonly Term[]): Float64Array {
    const values = below.map((one) => this.constants.get(one)!);
    switch (term.op) {
      case "constant":
        return this.plain ? term.data.map(Math.abs) : term.data;
      case "time":
        return Float64Array.of(this.plain ? Math.abs(this.t) : this.t);
      case "param":
        return values[0]!;
      case "interpolate":
      case "steps": {
        const out = new Float64Array(entries(term.shape));
        const weights = weightsAt(term, this.t);
        values.forEach((value, k) => {
          if (weights[k] !== 0) for (let i = 0; i < out.length; i++) out[i]! += weights[k]! * value[i]!;
        });
        return out;
      }
      case "apply":
      case "power":
        return this.plain ? this.plain.constants.get(term)!.map(Math.abs) : this.computed(term, below, values);
      case "divide":
        return this.plain ? values[0]!.map((v) => v / values[1]![0]!) : this.computed(term, below, values);
      default:
        return this.computed(term, below, values);
    }
  }

  private computed(term: Term, below: readonly Term[], values: readonly Float64Array[]): Float64Array {
    const op = this.plain && term.op === "subtract" ? "add" : term.op;
    if (this.plain && term.op === "negate") return values[0]!;
    return compute(
      { ...term, op } as Term,
      below.map(({ shape }, k) => ({ shape, data: values[k]! })),
    );
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
      if (!this.dependsOnState.get(term) || linear.has(term)) continue;
      if (term.op === "state") linear.set(term, w);
      else if (term.op === "layer") linear.set(term, outputs[term.layer]!);
      else {
        const below = operands(term);
        const isFactor = term.op === "multiply" || term.op === "elementwise" || term.op === "divide";
        const values = below.map(
          (one) => linear.get(one) ?? (isFactor ? this.constants.get(one)! : new Float64Array(entries(one.shape))),
        );
        linear.set(term, this.computed(term, below, values));
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
      if (!adjoint || !this.dependsOnState.get(term)) continue;
      if (term.op === "layer") addTo(backwards[term.layer]!, adjoint);
      else {
        const give = (operand: Term, contribution: () => Float64Array) => {
          const isFactor = !this.dependsOnState.get(operand);
          // A constant that is added takes no part in the Jacobian; one that multiplies may hold variables.
          if (isFactor && (!isProduct(term) || !this.dependsOnVariables.get(operand))) return;
          accumulate(isFactor ? constants : own, operand, contribution());
        };
        pullBack(
          term,
          adjoint,
          this.setting((operand) => linear.get(operand) ?? this.constants.get(operand)!),
          give,
        );
      }
    }
  }

  private gradient(adjoint: Map<Term, Float64Array>): Float64Array {
    const out = new Float64Array(this.variables.size);
    const order = this.orders.flat();
    const done = new Set<Term>();
    for (let k = order.length - 1; k >= 0; k--) {
      const term = order[k]!;
      const value = adjoint.get(term);
      if (!value || done.has(term)) continue;
      done.add(term);
      const place = this.places.get(term);
      if (place !== undefined) for (let i = 0; i < value.length; i++) out[place + i]! += value[i]!;
      const setting = this.setting((operand) => this.constants.get(operand)!);
      pullBack(term, value, setting, (operand, contribution) => {
        if (this.dependsOnVariables.get(operand)) accumulate(adjoint, operand, contribution());
      });
    }
    return out;
  }

  private setting(value: (operand: Term) => Float64Array): Setting {
    return {
      t: this.t,
      absolute: this.plain !== null,
      value,
      plainValue: (operand) => (this.plain ?? this).constants.get(operand)!,
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
