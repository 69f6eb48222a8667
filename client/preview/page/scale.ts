import type { Axis, Interval } from "./figure.ts";

/** From an axis' units to pixels and back. */
export interface Scale {
  readonly kind: Axis["kind"];
  readonly interval: Interval;
  /** NaN for what a logarithmic axis has no place for. */
  toPixel(value: number): number;
  toValue(pixel: number): number;
}

/** @param from pixel of the interval's lower end @param to of its upper end */
export function scale(kind: Axis["kind"], interval: Interval, from: number, to: number): Scale {
  const [low, high] = [straight(kind, interval[0]), straight(kind, interval[1])];
  const slope = (to - from) / (high - low);
  if (kind === "linear") {
    return {
      kind,
      interval,
      toPixel: (value) => from + (value - low) * slope,
      toValue: (pixel) => low + (pixel - from) / slope,
    };
  }
  return {
    kind,
    interval,
    toPixel: (value) => (value > 0 ? from + (Math.log(value) - low) * slope : Number.NaN),
    toValue: (pixel) => Math.exp(low + (pixel - from) / slope),
  };
}

/** What one pixel to the right, or downwards, is on a straight axis. */
export function perPixel({ toValue }: Scale): number {
  return toValue(1) - toValue(0);
}

/** What one pixel is on the axis that shows more of its units' digits: nobody points finer. */
export function unitOf({ x, y }: { readonly x: Scale; readonly y: Scale }): number {
  return Math.min(Math.abs(perPixel(x)), Math.abs(perPixel(y)));
}

/** Nearer or farther around a value that stays where it is. @param factor below 1: nearer */
export function zoomed(kind: Axis["kind"], interval: Interval, around: number, factor: number): Interval {
  const [low, high, middle] = [interval[0], interval[1], around].map((value) => straight(kind, value));
  return checked(kind, interval, middle + (low - middle) * factor, middle + (high - middle) * factor);
}

/** @param part of the interval's width by which it moves up */
export function panned(kind: Axis["kind"], interval: Interval, part: number): Interval {
  const [low, high] = [straight(kind, interval[0]), straight(kind, interval[1])];
  const shift = part * (high - low);
  return checked(kind, interval, low + shift, high + shift);
}

/** With room at both ends, and some width where all values are the same. @param part of the width, on each side */
export function padded(kind: Axis["kind"], interval: Interval, part = 0.05): Interval {
  const [low, high] = [straight(kind, interval[0]), straight(kind, interval[1])];
  const least = kind === "log" ? 0.1 : Math.max(Math.abs(low), Math.abs(high)) * 1e-6 || 1;
  const room = high - low > least ? (high - low) * part : kind === "log" ? 0.5 : Math.abs(low) * 0.1 || 1;
  return [curved(kind, low - room), curved(kind, high + room)];
}

/** Where one is so near or so far that doubles do not tell its ends apart, it stays as it is. */
function checked(kind: Axis["kind"], interval: Interval, low: number, high: number): Interval {
  const [from, to] = [curved(kind, low), curved(kind, high)];
  const width = to - from;
  const isFine = Number.isFinite(width) && (kind === "linear" || from > 0);
  return isFine && width > Math.max(Math.abs(from), Math.abs(to)) * 1e-9 ? [from, to] : interval;
}

function straight(kind: Axis["kind"], value: number): number {
  return kind === "log" ? Math.log(value) : value;
}

function curved(kind: Axis["kind"], value: number): number {
  return kind === "log" ? Math.exp(value) : value;
}
