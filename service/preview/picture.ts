import type { Norm } from "../../model/model.ts";

/**
 * Everything that the preview draws of one model: plain data with typed arrays, matrices row-major. Times are the model's,
 * states in its own units. What is proved is said to be; all else is computed with an error control, for the eye.
 */
export interface Picture {
  readonly model: string;
  /** n */
  readonly states: number;
  readonly stateName: string;
  /** `t` where the model names none. */
  readonly timeName: string;
  readonly from: number;
  readonly until: number;
  /** The norm, and the metric where the requirement has one, in which distances and the envelope are measured. */
  readonly measure: Measure;
  /** Where the model stands, for a person who looks at the picture alone. */
  readonly verdict: PictureVerdict;
  /** Of the state, from 0: those whose courses are in `Bundle.course`, in its order. */
  readonly components: readonly number[];
  /** Of each initial state. Empty where there is none, or where the model cannot be integrated: `remarks` say why. */
  readonly bundles: readonly Bundle[];
  /** Null where there is one state, or none that can be drawn. */
  readonly plane: Plane | null;
  /** How far two trajectories can draw apart at worst; null while no bound is known. */
  readonly envelope: Envelope | null;
  /** One for each norm that something is known of. */
  readonly norms: readonly NormCourse[];
  /** Null where no worst slopes are known. */
  readonly spectrum: Spectrum | null;
  /** The state after the repair that is compared, at the same initial states; null where none is. */
  readonly repaired: RepairedPicture | null;
  /** Sentences: what could not be had, and what to do about it. */
  readonly remarks: readonly string[];
}

export interface Measure {
  readonly norm: Norm;
  /** A name for people: `2-norm`, `norm of the metric P`. */
  readonly name: string;
}

export interface PictureVerdict {
  readonly state: "proved" | "refuted" | "undecided" | "unknown" | "running" | "stale";
  /** "contracts: lognorm(2) <= -0.11 is proved", "does not contract: lognorm(2) reaches 0.4256 at slopes …" */
  readonly text: string;
}

/** An initial state, its trajectory, and those of its neighbours. */
export interface Bundle {
  /** [n] */
  readonly initial: Float64Array;
  /** 2-distance of the neighbours at the beginning; 0 where there are none. */
  readonly spread: number;
  /** [T], ascending; shorter than asked for where the integration ended early. */
  readonly times: Float64Array;
  /** [T, components] */
  readonly course: Float64Array;
  /** [T, axes of the plane] in the plane's coordinates; empty without a plane. */
  readonly path: Float64Array;
  /** k; the last one starts along the worst direction where `worst` is true. */
  readonly neighbours: number;
  readonly worst: boolean;
  /** [k, T, components] */
  readonly neighbourCourses: Float32Array;
  /** [k, T, axes] */
  readonly neighbourPaths: Float32Array;
  /** [k, T] in the picture's measure; NaN behind a neighbour's own early end. */
  readonly distances: Float64Array;
  /** Why and when the integration ended before `until`; null where it did not. */
  readonly end: { readonly t: number; readonly reason: string } | null;
  /** "explicit", "stiff", "explicit, then stiff" */
  readonly method: string;
}

export interface Plane {
  /** What the two or three axes show: `x[1]`, `x[3]`, or "1st principal direction". */
  readonly labels: readonly string[];
  /** [axes, n], orthonormal; a state's coordinates are directions · (x - origin). */
  readonly directions: Float64Array;
  /** [n]; 0 where the axes are components. */
  readonly origin: Float64Array;
  /** Lower and upper end of each axis: [axes, 2]. */
  readonly box: Float64Array;
  /**
   * Of the vector field at t = `from`, through the origin: [rows, columns, 2], over the box, rows along the second axis from
   * its lower end to its upper one, both included, columns along the first; null with three axes.
   */
  readonly field: { readonly rows: number; readonly columns: number; readonly arrows: Float32Array } | null;
  /** Where the field at `from` vanishes. */
  readonly equilibria: readonly {
    readonly at: Float64Array;
    readonly state: Float64Array;
    readonly stability: Stability;
  }[];
}

export type Stability = "stable" | "unstable" | "saddle" | "undecided";

/** distance(t) <= exp(logFactor(t)) distance(from), proved, while the trajectories stay in the domain where there is one. */
export interface Envelope {
  /** [T] */
  readonly times: Float64Array;
  /** [T] */
  readonly logFactor: Float64Array;
  /** "exp(-0.1134 t)", "exp of the integral of mu(t)" */
  readonly text: string;
  readonly isLocal: boolean;
  /** False where the bound is of the model as it was before the last change. */
  readonly isCurrent: boolean;
}

export interface NormCourse {
  readonly norm: Norm;
  /** `lognorm(2)`, `lognorm(2, metric: P)` */
  readonly name: string;
  /** Of the requirement that is drawn with it; null without one. */
  readonly limit: number | null;
  /** [T] */
  readonly times: Float64Array;
  /** [T] attained; -Infinity where no such value is known, as of a domain whose weights depend on time. */
  readonly lower: Float64Array;
  /** [T] proved at all times between two that follow each other: equal times stand where it steps. */
  readonly upper: Float64Array;
}

export interface Spectrum {
  /** Of the worst slopes: [n, 2], real and imaginary parts. */
  readonly eigenvalues: Float64Array;
  /** Points on the boundary of the numerical range, in order: [m, 2]. */
  readonly range: Float64Array;
  /** Largest real part of the numerical range: the 2-norm's logarithmic norm there. */
  readonly lognorm: number;
  /** "at t = 0, slopes h = [1, 0.5]" */
  readonly text: string;
  /** Unit [n]: the initial difference that grows fastest. */
  readonly direction: Float64Array;
}

/** The same of the repaired model; its components, plane and measure are those of the picture. */
export interface RepairedPicture {
  readonly title: string;
  readonly bundles: readonly Bundle[];
  readonly envelope: Envelope | null;
  readonly norms: readonly NormCourse[];
  readonly spectrum: Spectrum | null;
}

/** What a person has chosen to see. Indices count from 0. */
export interface View {
  /** Of the state, at most `mostComponents`; null: the first ones. */
  readonly components: readonly number[] | null;
  /** Two or three components; null: the two of a model with n = 2, else principal directions. */
  readonly axes: readonly number[] | "principal" | "principal3" | null;
  /** Of the vector field: [axes, 2]; null: around the trajectories. */
  readonly box: readonly number[] | null;
  /** The initial states in place of those of the `simulate` statements, each of n numbers; null: those of the statements. */
  readonly initial: readonly (readonly number[])[] | null;
  /** Null: that of the statements. */
  readonly until: number | null;
  /** Null: that of the first requirement, else 2. */
  readonly norm: Norm | null;
  /** Whether each initial state has a further neighbour, along the worst direction. */
  readonly worst: boolean;
}

export const mostComponents = 8;
export const plainView: View = {
  components: null,
  axes: null,
  box: null,
  initial: null,
  until: null,
  norm: null,
  worst: false,
};
