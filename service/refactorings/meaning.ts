import type { Layer, Model } from "../../model/model.ts";
import { operands, type Term } from "../../model/term.ts";

/**
 * What a model states, whatever its params and layers are called, in which order they stand, and which expressions have
 * names: two models of one meaning have the same vector field term by term, the same layers of neurons, and the same
 * requirements. (A `fingerprint` depends on the names of layers, which messages show.)
 */
export function meaning(model: Model): string {
  const { name, stateName, states, time, domain, classifier } = model;
  const field = new Field(model).table();
  const numbers = (values: Float64Array) => numbersKey(values);
  return JSON.stringify([
    ...[name, stateName, states, time, field],
    domain && [numbers(domain.lower), numbers(domain.upper)],
    classifier && [
      ...[classifier.inputName, classifier.inputs, classifier.outputName],
      classifier.range && [numbers(classifier.range.lower), numbers(classifier.range.upper)],
      ...[classifier.encode, classifier.output].flatMap(({ weight, bias }) => [numbers(weight), numbers(bias)]),
    ],
    model.requirements.map(({ kind, norm, metric, h, limit }) => [
      ...[kind, norm, h, limit],
      metric && (metric.kind === "auto" ? "auto" : numbers(metric.values)),
    ]),
    model.simulations.map(({ from, spread, until }) => [from.map(numbers), spread, until]),
  ]);
}

/** The vector field as a list of distinct terms, each by what it is made of. */
class Field {
  readonly #model: Model;
  readonly #rows: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<Term, number>();
  /** A layer by its place in this list: two layers that compute the same have slopes of their own. */
  readonly #layers = new Map<Layer, number>();

  constructor(model: Model) {
    this.#model = model;
  }

  table(): string[] {
    this.#number(this.#model.flow);
    return this.#rows;
  }

  /** Terms nest at most a thousand deep (model/checker.ts), layers as deep as there are. */
  #number(root: Term): number {
    const stack: Term[] = [root];
    while (stack.length > 0) {
      const term = stack[stack.length - 1];
      const missing = this.#parts(term).filter((part) => !this.#known.has(part));
      if (missing.length > 0) stack.push(...missing.reverse());
      else {
        stack.pop();
        if (!this.#known.has(term)) this.#known.set(term, this.#add(term));
      }
    }
    return this.#known.get(root)!;
  }

  #parts(term: Term): Term[] {
    if (term.op === "param") return [this.#model.params[term.param].value];
    if (term.op === "layer") return [this.#model.layers[term.layer].argument];
    return operands(term);
  }

  #add(term: Term): number {
    const parts = this.#parts(term).map((part) => this.#known.get(part)!);
    // A param stands for its value.
    if (term.op === "param") return parts[0];
    const key = JSON.stringify([term.op, term.shape, this.#detail(term), parts]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#rows.push(key);
    this.#numbers.set(key, this.#rows.length);
    return this.#rows.length;
  }

  #detail(term: Term): unknown {
    switch (term.op) {
      case "constant":
        return numbersKey(term.data);
      case "apply":
        return [term.function, term.arguments];
      case "slice":
        return [term.rows, term.columns];
      case "blocks":
        return term.rows.map((row) => row.length);
      case "interpolate":
      case "steps":
        return numbersKey(term.times);
      case "layer": {
        const layer = this.#model.layers[term.layer];
        if (!this.#layers.has(layer)) this.#layers.set(layer, this.#layers.size);
        const { builtin, arguments: args, slopes } = layer.activation;
        return [this.#layers.get(layer), builtin, args, slopes.lower, slopes.upper];
      }
      default:
        return null;
    }
  }
}

/** JSON has no infinities; the sign of a zero means nothing. */
function numbersKey(values: Float64Array): string {
  return values.map((value) => value + 0).join();
}
