// Generated from simulate.schema.json by scripts/check-json.mjs: change that file, not this one.

/** One run. */
export interface SimulateDocument {
  /** Of this format: a change that breaks a reader raises it. */
  readonly version: 1;
  /** Its name. */
  readonly model: string;
  /** The state's name. */
  readonly state: string;
  /** n, the components of the state. */
  readonly states: number;
  /** Of the integration. */
  readonly tolerance: Tolerance;
  /** One for each `simulate` in the order of the file; with `--from` one. */
  readonly simulations: readonly Simulation[];
}

/** A step's error in each component is at most absolute + relative · |x|, in the root mean square. Errors of all steps together are larger. */
export interface Tolerance {
  /** That of `--tolerance`. */
  readonly relative: number;
  /** A thousandth of it. */
  readonly absolute: number;
}

/** One `simulate` statement. */
export interface Simulation {
  /** The neighbours' 2-distance from their trajectory at the first time; null without neighbours. */
  readonly spread: number | null;
  /** At which there are states: 201, evenly spaced, the first and the last time among them. */
  readonly times: readonly number[];
  /** One for each initial state. */
  readonly trajectories: readonly Trajectory[];
}

/** From a stated initial state. */
export interface Trajectory {
  /** Of n components each, at the first of the times: at all of them unless it stopped. */
  readonly states: readonly (readonly number[])[];
  /** null where it went on to the last time. */
  readonly stopped: Stopped | null;
  /** From around the initial state; empty without a spread. */
  readonly neighbours: readonly Neighbour[];
}

/** A trajectory from beside another one. */
export interface Neighbour {
  /** As for the trajectory. */
  readonly states: readonly (readonly number[])[];
  /** null where it went on to the last time. */
  readonly stopped: Stopped | null;
  /** From the trajectory at each of the times that both reached, by norm: `1`, `2` and `inf`. */
  readonly distances: Readonly<Record<string, readonly number[]>>;
}

/** Where the integration could not go on. */
export interface Stopped {
  /** The time of the last state. */
  readonly t: number;
  /** Why. */
  readonly reason: Reason;
}

export type Reason = "overflow" | "singularity" | "steps";
