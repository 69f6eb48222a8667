import type { Model } from "./model.ts";
import { operands, type Term } from "./term.ts";

/**
 * 32 hexadecimal digits that depend on a model's meaning only: not on layout, comments, places in the text, or params
 * that change nothing. A checksum against accidents (changed weights, a changed requirement), not against forgery.
 */
export function fingerprint(model: Model): string {
  const hash = new Hash();
  const { name, stateName, states, time, domain, classifier } = model;
  hash.text(JSON.stringify([name, stateName, states, time]));
  const terms = new Terms(hash, model);
  for (const layer of model.layers) {
    const { text, builtin, arguments: args, slopes } = layer.activation;
    hash.text(JSON.stringify([layer.name, layer.neurons, layer.weight, text, builtin, slopes.lower, slopes.upper]));
    hash.numbers(Float64Array.from(args));
    terms.add(layer.argument);
  }
  terms.add(model.flow);
  hash.text(domain === null ? "everywhere" : "domain");
  if (domain !== null) for (const bound of [domain.lower, domain.upper]) hash.numbers(bound);
  if (classifier !== null) {
    const { inputName, outputName, range, encode, output } = classifier;
    hash.text(JSON.stringify([inputName, outputName, range !== null]));
    const parts = [encode.weight, encode.bias, output.weight, output.bias];
    for (const part of range === null ? parts : [...parts, range.lower, range.upper]) hash.numbers(part);
  }
  for (const { text, limit, h, metric } of model.requirements) {
    hash.text(JSON.stringify([text, limit, h, metric?.kind ?? null]));
    if (metric?.kind === "given") hash.numbers(metric.values);
  }
  for (const { from, spread, until } of model.simulations) {
    hash.text(JSON.stringify(["simulate", spread, until]));
    for (const start of from) hash.numbers(start);
  }
  return hash.digest();
}

/** The same of what decides bounds and requirements alone: neither what a picture starts from nor what a classifier reads and says. */
export function analysisFingerprint(model: Model): string {
  return fingerprint({ ...model, classifier: null, simulations: [] });
}

/** Hashes terms as they hang together: a shared part once, then by its number. */
class Terms {
  private readonly numbers = new Map<Term, number>();
  private readonly hash: Hash;
  private readonly model: Model;

  constructor(hash: Hash, model: Model) {
    this.hash = hash;
    this.model = model;
  }

  add(root: Term): void {
    const stack = [root];
    for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
      const known = this.numbers.get(term);
      if (known !== undefined) {
        this.hash.text(`#${known}`);
        continue;
      }
      this.numbers.set(term, this.numbers.size);
      this.hash.text(describe(term));
      if (term.op === "constant") this.hash.numbers(term.data);
      if (term.op === "apply") this.hash.numbers(Float64Array.from(term.arguments));
      if (term.op === "interpolate" || term.op === "steps") this.hash.numbers(term.times);
      if (term.op === "param") stack.push(this.model.params[term.param].value);
      stack.push(...operands(term));
    }
  }
}

function describe(term: Term): string {
  const shape = `${term.op}[${term.shape}]`;
  switch (term.op) {
    case "layer":
      return `${shape} ${term.layer}`;
    case "apply":
      return `${shape} ${term.function}`;
    case "slice":
      return `${shape} ${term.rows} ${term.columns}`;
    case "blocks":
      return `${shape} ${term.rows.map((row) => row.length)}`;
    default:
      return shape;
  }
}

/** Four lanes of 32 bits, each mixing every word by its own odd multiplier. */
class Hash {
  private readonly lanes = Uint32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667);

  private word(word: number): void {
    const { lanes } = this;
    for (let i = 0; i < 4; i++) {
      const mixed = Math.imul(lanes[i] ^ word ^ Math.imul(lanes[(i + 1) % 4], 0x85ebca6b), multipliers[i]);
      lanes[i] = mixed ^ (mixed >>> 15);
    }
  }

  text(text: string): void {
    this.word(text.length);
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
  }

  numbers(values: Float64Array): void {
    this.word(values.length);
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    for (let i = 0; i < words.length; i++) this.word(words[i]);
  }

  digest(): string {
    for (let i = 0; i < 8; i++) this.word(i);
    return [...this.lanes].map((lane) => lane.toString(16).padStart(8, "0")).join("");
  }
}

const multipliers = [0x2c1b3c6d, 0x297a2d39, 0x1b873593, 0xcc9e2d51] as const;
