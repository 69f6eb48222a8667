import { formAt, slopeBox } from "../model/evaluate.ts";
import type { Domain, Model } from "../model/model.ts";
import type { Box } from "./preactivations.ts";
import type { Witness } from "./report.ts";
import { type Asked, StateWitness } from "./state-witness.ts";

/** Relative: what a state may show beyond what is proved of it. */
const SEEN_GAP = 1e-11;
/** States that the search starts from, beside the domain's centre (fewer where they have many components), and times. */
const STARTS = 12;
const FEWEST_STARTS = 8;
const MANY = 4;
const MOST_TIMES = 16;
/** Times whose forms are kept. */
const MOST_KEPT = 64;

/** The best state and time that were found yet, over all times; what is reported is proved. */
export class WitnessHunt {
  lower = Number.NEGATIVE_INFINITY;
  witness: Witness | null = null;
  /** Slopes for the neurons that are known by their slopes only: every state may have them. */
  free: Float64Array;
  private readonly model: Model;
  private readonly domain: Domain;
  private readonly asked: Asked;
  /** States at which no more than that shows are not looked at. */
  private seen = Number.NEGATIVE_INFINITY;
  private readonly witnesses = new Map<number, StateWitness>();

  constructor(model: Model, domain: Domain, asked: Asked) {
    this.model = model;
    this.domain = domain;
    this.asked = asked;
    this.free = slopeBox(model).upper;
  }

  /** From states all over the domain, at some times. */
  *start(times: readonly number[]): Generator<void, void, void> {
    const { lower, upper } = this.domain;
    const starts = Math.max(FEWEST_STARTS, Math.round(STARTS / Math.max(1, lower.length / MANY)));
    for (const t of times.slice(0, MOST_TIMES)) {
      for (let k = 0; k <= starts; k++) {
        const x = lower.map((low, j) => pointBetween(low, upper[j], k === 0 ? 0.5 : halton(k, j)));
        yield* this.climb(x, t);
      }
    }
  }

  /** Looks at a state of a box, and climbs from it where it is better than what is known. */
  *look(box: Box, t: number): Generator<void, void, void> {
    const x = box.lower.map((low, j) => pointBetween(low, box.upper[j], 0.5));
    const { value } = this.witnessAt(t).at(x, this.free);
    if (value > this.seen) yield* this.climb(x, t);
  }

  private *climb(from: Float64Array, t: number): Generator<void, void, void> {
    const witnesses = this.witnessAt(t);
    const place = yield* witnesses.climb(from, this.free);
    if (!(place.value > this.seen)) return;
    const proved = witnesses.prove(place);
    yield;
    if (!proved || !(proved.value > this.lower)) return;
    this.lower = proved.value;
    this.witness = proved.witness;
    this.seen = proved.value + SEEN_GAP * Math.max(1, Math.abs(proved.value));
  }

  private witnessAt(t: number): StateWitness {
    const known = this.witnesses.get(t);
    if (known) return known;
    if (this.witnesses.size > MOST_KEPT) this.witnesses.clear();
    const made = new StateWitness(this.model, this.domain, formAt(this.model, t), t, this.asked);
    this.witnesses.set(t, made);
    return made;
  }
}

/** A place in an interval: its part s, or one of a sensible size where the interval is infinite. */
function pointBetween(lower: number, upper: number, s: number): number {
  const low = Math.max(lower, Math.min(upper - 8, -4));
  const high = Math.min(upper, Math.max(lower + 8, 4));
  const finite = Number.isFinite(upper - lower);
  const [a, b] = finite ? [lower, upper] : [low, high];
  return Math.min(Math.max(a + s * b - s * a, lower), upper);
}

/** The k-th of a sequence that fills the unit interval evenly, a different one for each coordinate (Halton). */
function halton(k: number, coordinate: number): number {
  const base = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29][coordinate % 10];
  let s = 0;
  let part = 1;
  for (let i = k + 7 * Math.floor(coordinate / 10); i > 0; i = Math.floor(i / base)) {
    part /= base;
    s += part * (i % base);
  }
  return s;
}
