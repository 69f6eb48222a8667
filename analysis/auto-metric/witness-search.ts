import { formAt } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import type { SlopeBox } from "../centred-form.ts";
import type { Witness } from "../report.ts";
import { pseudorandomVertex } from "../slope-box.ts";
import { climbAbscissa } from "./abscissa-climb.ts";
import { provedAbscissa } from "./proved-abscissa.ts";

/** Where a climb begins. */
interface Start {
  readonly t: number;
  readonly slopes: Float64Array;
}

/**
 * The largest spectral abscissa of an admissible Jacobian that is found by local climbs, proved: below it no metric's
 * logarithmic norm can be.
 */
export class WitnessSearch {
  /** Proved. */
  lower = Number.NEGATIVE_INFINITY;
  witness: Witness | null = null;
  climbs = 0;
  private readonly model: Model;
  private readonly box: SlopeBox;
  private readonly waiting: Start[];
  private highest = Number.NEGATIVE_INFINITY;

  constructor(model: Model, box: SlopeBox, times: readonly number[]) {
    this.model = model;
    this.box = box;
    const centre = box.lower.map((lo, i) => lo / 2 + box.upper[i]! / 2);
    const random = Array.from({ length: model.states <= SMALL ? RANDOM : 2 }, (_, k) => pseudorandomVertex(box, k));
    const starts = [centre, box.upper, box.lower, ...random];
    const unlike = starts.filter(
      (slopes, k) => starts.findIndex((other) => other.every((d, i) => d === slopes[i])) === k,
    );
    this.waiting =
      model.states > LARGEST
        ? []
        : unlike.flatMap((slopes, k) => (k < 3 ? times : [times[k % times.length]!]).map((t) => ({ t, slopes })));
  }

  get isDone(): boolean {
    return this.waiting.length === 0;
  }

  /** Slopes that look bad for other reasons. */
  suggest({ t, slopes }: Witness): void {
    if (this.model.states <= LARGEST && this.climbs + this.waiting.length < MOST_CLIMBS)
      this.waiting.push({ t, slopes });
  }

  /** One climb; what it reaches is proved where it is higher than what was. */
  *advance(): Generator<void, void, void> {
    const start = this.waiting.shift();
    if (!start) return;
    this.climbs++;
    const form = formAt(this.model, start.t);
    const peak = yield* climbAbscissa(form, this.box, start.slopes);
    if (!peak || !(peak.abscissa > this.highest)) return;
    const proved = yield* provedAbscissa(form, peak.slopes, peak.abscissa);
    if (!(proved > this.lower)) return;
    this.highest = peak.abscissa;
    this.lower = proved;
    this.witness = { t: start.t, x: null, slopes: peak.slopes };
  }
}

const SMALL = 16;
const RANDOM = 8;
const MOST_CLIMBS = 60;
/** Beyond that many states one step of a proof takes too long. */
const LARGEST = 400;
