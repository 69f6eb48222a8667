import { activations } from "./activations.ts";
import { activationRange } from "./functions.ts";
import type { Activation, SlopeInterval } from "./model.ts";
import { nextDown, nextUp } from "./rounding.ts";

interface Kink {
  readonly at: number;
  /** The slopes on its two sides. */
  readonly left: number;
  readonly right: number;
}

/** How the slope of a built-in activation runs: monotone between its kinks and the two places below. */
interface Course {
  /** The slope's limits at -inf and inf. */
  readonly limits: (a: number) => readonly [number, number];
  /** Where the slope is the least, and the greatest, of its interval over all reals. */
  readonly least?: number;
  readonly greatest?: number;
  readonly kinks?: (a: number) => readonly Kink[];
  /** Piecewise linear: slopes are known without rounding. */
  readonly linear?: boolean;
  /** A bound on the second derivative of the slope, away from kinks. */
  readonly bend: (a: number) => number;
  /** A place where that derivative jumps though the slope does not. */
  readonly corner?: number;
  /** Where the value is the least, rounded down; absent where the activation is monotone or may be. */
  readonly bottom?: { readonly at: number; readonly value: number };
}

const flat = () => 0;
const kinks = (...all: Kink[]) => ({ kinks: () => all, linear: true, bend: flat });
const bump = (bend: number): Course => ({ limits: () => [0, 0], greatest: 0, bend: () => bend });
/** max |sigma''|, rounded up: 1 / (6 sqrt 3). */
const SIGMOID_BEND = 0.0962251;
const leaky: Course = {
  limits: (a) => [a, 1],
  kinks: (a) => [{ at: 0, left: a, right: 1 }],
  linear: true,
  bend: flat,
};

/** Places and values to 10 digits or more, bends rounded up, computed to 40 digits. */
const courses: Readonly<Record<string, Course>> = {
  identity: { limits: () => [1, 1], linear: true, bend: flat },
  relu: { limits: () => [0, 1], ...kinks({ at: 0, left: 0, right: 1 }) },
  relu6: { limits: () => [0, 0], ...kinks({ at: 0, left: 0, right: 1 }, { at: 6, left: 1, right: 0 }) },
  hardtanh: { limits: () => [0, 0], ...kinks({ at: -1, left: 0, right: 1 }, { at: 1, left: 1, right: 0 }) },
  hardsigmoid: {
    limits: () => [0, 0],
    ...kinks({ at: -3, left: 0, right: 0.16666666666666669 }, { at: 3, left: 0.16666666666666669, right: 0 }),
    linear: false,
  },
  leaky_relu: leaky,
  prelu: leaky,
  tanh: bump(2),
  atan: bump(2),
  softsign: { ...bump(6), corner: 0 },
  sigmoid: bump(0.125),
  softplus: { limits: () => [0, 1], bend: (beta) => SIGMOID_BEND * beta * beta * (1 + 1e-12) },
  elu: {
    limits: () => [0, 1],
    kinks: (a) => [{ at: 0, left: a, right: 1 }],
    bend: (a) => Math.abs(a),
  },
  celu: { limits: () => [0, 1], bend: (a) => (1 / (a * a)) * (1 + 1e-12), corner: 0 },
  selu: {
    limits: () => [0, 1.0507009873554805],
    kinks: () => [{ at: 0, left: 1.758099340847377, right: 1.0507009873554805 }],
    bend: () => 1.7581,
  },
  gelu: {
    limits: () => [0, 1],
    least: -Math.SQRT2,
    greatest: Math.SQRT2,
    bend: () => 0.79,
    bottom: { at: -0.7517915246935645, value: -0.1699712074799037 },
  },
  gelu_tanh: {
    limits: () => [0, 1],
    least: -1.4185040087908,
    greatest: 1.4185040087908,
    bend: () => 0.79,
    bottom: { at: -0.752461422071016, value: -0.1700407505712541 },
  },
  silu: {
    limits: () => [0, 1],
    least: -2.3993572805154,
    greatest: 2.3993572805154,
    bend: () => 0.31,
    bottom: { at: -1.278464542761074, value: -0.278464542761074 },
  },
  mish: {
    limits: () => [0, 1],
    least: -2.2563763963607,
    greatest: 1.4905711794854,
    bend: () => 0.6,
    bottom: { at: -1.192431214515496, value: -0.3088434130172505 },
  },
  smooth_leaky_relu: { limits: (a) => [a, 1], bend: (a) => Math.abs(1 - a) * SIGMOID_BEND * (1 + 1e-12) },
};

/**
 * What `derivative` of activations.ts may be wrong by, relative to the largest slope or 1: eight times the largest error
 * found against 60 digits (test/model/slope-range.test.ts).
 */
const SLOPE_ERROR = 2 ** -43;
/** Places above are met from so far. */
const NEAR = 1e-9;

/**
 * An interval that holds the slopes of an activation over arguments in [lower, upper], either end of which may be infinite.
 * At a kink that is the whole interval between the slopes on its sides; at an end, where `closed` is false and the
 * interval is more than one point, only the slope on the side of the interval.
 */
export function slopeRange(activation: Activation, lower: number, upper: number, closed: boolean): SlopeInterval {
  const { slopes } = activation;
  const course = courses[activation.builtin];
  if (course === undefined || Number.isNaN(lower) || Number.isNaN(upper)) return slopes;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  const error = errorOf(activation, course);
  const meet = (slope: number, by: number) => {
    least = Math.min(least, slope - by);
    greatest = Math.max(greatest, slope + by);
  };
  const whole = closed || lower === upper;
  for (const { at, left, right } of kinksOf(activation)) {
    if (at < lower || at > upper) continue;
    if (at > lower || whole) meet(left, error);
    if (at < upper || whole) meet(right, error);
  }
  meet(...slopeNear(activation, course, lower, "right"));
  meet(...slopeNear(activation, course, upper, whole && lower === upper ? "right" : "left"));
  if (lower <= course.least! + NEAR && upper >= course.least! - NEAR) least = slopes.lower;
  if (lower <= course.greatest! + NEAR && upper >= course.greatest! - NEAR) greatest = slopes.upper;
  return { lower: Math.max(least, slopes.lower), upper: Math.min(greatest, slopes.upper) };
}

function errorOf({ slopes }: Activation, { linear }: Course): number {
  return linear ? 0 : SLOPE_ERROR * Math.max(1, Math.abs(slopes.lower), Math.abs(slopes.upper));
}

/** The slope on one side of a place, its limit at an infinite one, and by how much it may be wrong. */
function slopeNear(activation: Activation, course: Course, x: number, side: "left" | "right"): [number, number] {
  const { builtin, arguments: args, slopes } = activation;
  if (!Number.isFinite(x)) return [course.limits(args[0])[x > 0 ? 1 : 0], errorOf(activation, course)];
  if (x === 0 && course.greatest === 0) return [slopes.upper, 0];
  const kink = kinksOf(activation).find(({ at }) => at === x);
  return [kink ? kink[side] : activations[builtin].derivative(x, ...args), errorOf(activation, course)];
}

/** Where the slope jumps, ascending; none for what is known by its slopes only. */
export function kinksOf({ builtin, arguments: args }: Activation): readonly Kink[] {
  return courses[builtin]?.kinks?.(args[0]) ?? [];
}

/**
 * The slope over [lower, upper], finite, as a linear function but for an error: it lies within `radius` of
 * `middle` + `rise` (x - (lower + upper) / 2). The chord, whose error is at most a square of the width.
 */
export interface Chord {
  readonly middle: number;
  readonly rise: number;
  readonly radius: number;
}

export function slopeChord(activation: Activation, lower: number, upper: number, closed: boolean): Chord {
  const { lower: least, upper: greatest } = slopeRange(activation, lower, upper, closed);
  const constant = { middle: least / 2 + greatest / 2, rise: 0, radius: nextUp((greatest - least) / 2 + 2 ** -1070) };
  const course = courses[activation.builtin];
  const width = upper - lower;
  if (course === undefined || course.linear || !(width > 0) || !(width < 1e6)) return constant;
  const inside = (at: number) => (at > lower && at < upper) || (closed && (at === lower || at === upper));
  if (kinksOf(activation).some(({ at }) => inside(at))) return constant;
  if (course.corner !== undefined && course.corner > lower && course.corner < upper) return constant;
  const [low, error] = slopeNear(activation, course, lower, "right");
  const [high] = slopeNear(activation, course, upper, "left");
  const rise = (high - low) / width;
  // What the rounded chord leaves the true one by is a few units of the slopes at its ends.
  const rounding =
    (Math.abs(low) + Math.abs(high)) * 2 ** -49 + Math.abs(rise) * (Math.abs(lower) + Math.abs(upper)) * 2 ** -51;
  const radius = nextUp((course.bend(activation.arguments[0]) * width * width * (1 + 1e-12)) / 8 + error + rounding);
  return radius < constant.radius ? { middle: low / 2 + high / 2, rise, radius } : constant;
}

/** Encloses the values over [lower, upper], either end of which may be infinite. */
export function valueRange(activation: Activation, lower: number, upper: number): readonly [number, number] {
  const { builtin, arguments: args, slopes } = activation;
  const course = courses[builtin];
  if (course === undefined || Number.isNaN(lower) || Number.isNaN(upper)) {
    return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
  if (slopes.lower < 0 && course.bottom === undefined) {
    return Number.isFinite(upper - lower)
      ? activationRange(builtin, args, lower, upper)
      : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
  const [lowFrom, lowTo] = valueNear(activation, course, lower);
  const [highFrom, highTo] = valueNear(activation, course, upper);
  const { bottom } = course;
  if (!bottom) return [lowFrom, highTo];
  const met = lower <= bottom.at + NEAR && upper >= bottom.at - NEAR;
  return [met ? bottom.value - 1e-9 : Math.min(lowFrom, highFrom), Math.max(lowTo, highTo)];
}

const EXACT_VALUES = new Set(["identity", "relu", "relu6", "hardtanh"]);

function valueNear({ builtin, arguments: args, slopes }: Activation, course: Course, x: number): [number, number] {
  const { value } = activations[builtin];
  if (!Number.isFinite(x)) {
    const slope = course.limits(args[0])[x > 0 ? 1 : 0];
    if (slope !== 0) return x > 0 ? [Number.MAX_VALUE, x] : [x, -Number.MAX_VALUE];
  }
  const finite = Number.isFinite(x) ? x : 1e300 * Math.sign(x);
  const y = value(finite, ...args);
  if (EXACT_VALUES.has(builtin) || (x === 0 && y === 0)) return [y, y];
  const steepest = Math.max(Math.abs(slopes.lower), Math.abs(slopes.upper));
  // As in `activationRange`; a bounded activation adds no error that grows with its argument.
  const size = slopes.lower === 0 && course.greatest === 0 ? 2 : Math.abs(x) * steepest + 1 + steepest;
  const error = 1e-12 * Math.abs(y) + (Number.isFinite(size) ? size : 1 + steepest) * 2 ** -49;
  const bounded = BOUNDED[builtin];
  const low = nextDown(y - error);
  const high = nextUp(y + error);
  return bounded ? [Math.max(low, bounded[0]), Math.min(high, bounded[1])] : [low, high];
}

/** Values that are never left; a domain of tanh's range is invariant with nothing to spare. */
const BOUNDED: Readonly<Record<string, readonly [number, number]>> = {
  tanh: [-1, 1],
  softsign: [-1, 1],
  sigmoid: [0, 1],
  hardsigmoid: [0, 1],
};
