/**
 * A branch-and-bound search for a maximum over the slope box. At every moment lower <= maximum <= upper; what happens
 * between two resumptions of `advance` is short (one Newton step at most), so that a host can stop, report and go on.
 */
export interface Search {
  readonly lower: number;
  readonly upper: number;
  /** Slopes that reach `lower`, [H]. */
  readonly slopes: Float64Array | null;
  /** Relaxations solved so far. */
  readonly nodes: number;
  /**
   * Works on the open nodes above `goal` until one of them has been replaced; below `goal` nothing needs to be known.
   * Does nothing where upper <= goal already, or where the bounds cannot be brought closer.
   */
  advance(goal: number): Generator<void, void, void>;
  /** True where the open nodes are single vertices: what is left between the bounds is rounding. */
  readonly exhausted: boolean;
}
