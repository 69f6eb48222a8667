import { compute } from "../../model/fold.ts";
import type { Model } from "../../model/model.ts";
import { entries } from "../../model/shape.ts";
import { operands, type Term } from "../../model/term.ts";
import { weightsAt } from "./adjoints.ts";
import type { Variables } from "./variables.ts";

/**
 * What lies below a model's layers and flow at a time: in which order it is evaluated, what of it depends on the state and
 * on the variables, and the values of what does not depend on the state.
 *
 * In `absolute` arithmetic every constant is its absolute value and every difference a sum.
 */
export class TermOrder {
  /** Of every layer and the flow: what lies below it, operands first. */
  readonly orders: readonly (readonly Term[])[];
  readonly dependsOnState = new Map<Term, boolean>();
  readonly dependsOnVariables = new Map<Term, boolean>();
  /** Terms that do not depend on the state, by their values. */
  readonly constants = new Map<Term, Float64Array>();
  /** The constants that are variables, by the place of their first entry. */
  readonly places: ReadonlyMap<Term, number>;
  /** The same in ordinary arithmetic; null where this one is. */
  readonly plain: TermOrder | null;
  private readonly model: Model;
  private readonly t: number;

  /** @param model the variables' model, perhaps changed by some of their values */
  constructor(variables: Variables, model: Model, t: number, absolute: boolean) {
    this.model = model;
    this.t = t;
    this.plain = absolute ? new TermOrder(variables, model, t, false) : null;
    this.places = placesOf(variables, model);
    this.orders = [...model.layers.map(({ argument }) => argument), model.flow].map((root) => this.orderOf(root));
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

  /** A term's value from those of its operands. */
  computed(term: Term, below: readonly Term[], values: readonly Float64Array[]): Float64Array {
    const op = this.plain && term.op === "subtract" ? "add" : term.op;
    if (this.plain && term.op === "negate") return values[0]!;
    return compute(
      { ...term, op } as Term,
      below.map(({ shape }, k) => ({ shape, data: values[k]! })),
    );
  }
}

function placesOf(variables: Variables, model: Model): Map<Term, number> {
  const places = new Map<Term, number>();
  for (const { param, offset } of variables.pieces) {
    const { value } = model.params[param]!;
    const own = variables.pieces.filter((piece) => piece.param === param);
    const terms = value.op === "constant" ? [value] : operands(value);
    const index = own.findIndex((piece) => piece.offset === offset);
    places.set(terms[index]!, offset);
  }
  return places;
}
