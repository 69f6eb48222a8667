import type { Side } from "./figure.ts";
import { readable } from "./ticks.ts";

/** @param side nothing for what is neither proved nor attained */
export function readableOn(side: Side | null | undefined, value: number, digits?: number): string {
  if (side === "above") return readableAbove(value, digits);
  return side === "below" ? readableBelow(value, digits) : readable(value, digits);
}

/** Of a bound that is proved: to so many digits, and never below it. */
export function readableAbove(value: number, digits = 4): string {
  return readable(outwards(value, digits, 1), digits);
}

/** Of a value that is attained: never above it. */
export function readableBelow(value: number, digits = 4): string {
  return readable(outwards(value, digits, -1), digits);
}

function outwards(value: number, digits: number, side: 1 | -1): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const near = Number(value.toPrecision(digits));
  if ((near - value) * side >= 0) return near;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1);
  return Number((near + side * unit).toPrecision(digits));
}
