import type { Method } from "./method.ts";

/**
 * So many steps in which h times the field's derivative was not small, and the explicit method may be labouring (after Hairer
 * and Wanner, Solving ODEs II, section IV.2, who wait until it is at the edge of its stability, at about 3.3; but a slow
 * solution beside a fast decay may cost many steps before that).
 */
const LABOURED = 15;
const CALM = 6;
const EDGE = 1;
/** Fewer steps than these are not worth a trial. */
const FEW_STEPS = 50;
/** The stiff method is judged by so many of its steps. */
const TRIAL = 10;
/** Below this the explicit method takes steps as long. */
const EASY = 1;

/** Which method goes on, by what the steps say: the stiff one as long as its steps are longer by more than they cost. */
export class MethodChoice {
  /** What a step of the stiff method costs, in explicit ones. */
  private readonly cost: number;
  private labour = 0;
  private calm = 0;
  /** Of the explicit method, when it was given up. */
  private explicitStep = 0;
  private stiffSteps = 0;
  private patience = LABOURED;

  /** @param n components of a state */
  constructor(n: number) {
    this.cost = 1 + n / 8;
  }

  /** After a step of length h with this much time left. */
  next({ kind, stiffness }: Method, h: number, left: number): Method["kind"] {
    return kind === "explicit" ? this.afterExplicit(stiffness, h, left) : this.afterStiff(stiffness, h);
  }

  private afterExplicit(stiffness: number, h: number, left: number): Method["kind"] {
    const isHard = stiffness > EDGE;
    this.calm = isHard ? 0 : this.calm + 1;
    if (isHard) this.labour++;
    else if (this.calm >= CALM) this.labour = 0;
    if (this.labour < this.patience || left < FEW_STEPS * this.cost * h) return "explicit";
    this.explicitStep = h;
    this.stiffSteps = 0;
    this.calm = 0;
    return "stiff";
  }

  private afterStiff(stiffness: number, h: number): Method["kind"] {
    this.stiffSteps++;
    this.calm = stiffness < EASY ? this.calm + 1 : 0;
    const hasFailed = this.stiffSteps === TRIAL && h < this.cost * this.explicitStep;
    if (hasFailed) this.patience *= 2;
    if (!hasFailed && this.calm < TRIAL) return "stiff";
    this.labour = 0;
    this.calm = 0;
    return "explicit";
  }
}
