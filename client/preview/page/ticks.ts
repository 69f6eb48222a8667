import type { Axis, Interval } from "./figure.ts";

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** At round numbers, at most about `most` of them with a text; on a logarithmic axis further ones without. */
export function ticks(kind: Axis["kind"], interval: Interval, most: number): Tick[] {
  return kind === "log" ? logarithmic(interval, Math.max(2, most)) : linear(interval, Math.max(2, most));
}

function linear([low, high]: Interval, most: number): Tick[] {
  const step = niceStep((high - low) / most);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const largest = Math.max(Math.abs(first), Math.abs(last)) * step;
  const isLong = largest >= 1e5 || decimals > 5;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => {
    const at = (first + k) * step;
    return { at, text: isLong ? powerText(at, step) : minus(fixed(at, decimals)) };
  });
}

/** 1, 2 or 5 times a power of ten: the least that is no smaller. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const part = least / power;
  const nice = part <= 1 + 1e-9 ? 1 : part <= 2 + 1e-9 ? 2 : part <= 5 + 1e-9 ? 5 : 10;
  return nice * power;
}

function logarithmic([low, high]: Interval, most: number): Tick[] {
  const decades = Math.log10(high / low);
  // Within less than a decade no power of ten may be in sight: round numbers as on a straight axis.
  if (decades < 0.7) return linear([low, high], most).filter(({ at }) => at > 0);
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.ceil(decades / most);
  const factors = every > 1 ? [1] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const named = decades * 3 <= most * 1.6 ? [1, 2, 5] : decades * 2 <= most * 1.6 ? [1, 3] : [1];
  const found: Tick[] = [];
  for (let power = first; power <= last; power++) {
    for (const factor of factors) {
      const at = factor * 10 ** power;
      if (at < low * (1 - 1e-9) || at > high * (1 + 1e-9)) continue;
      const isNamed = named.includes(factor) && (factor > 1 || power % every === 0);
      if (isNamed || every === 1) found.push({ at, text: isNamed ? decadeText(factor, power) : "" });
    }
  }
  return found;
}

function decadeText(factor: number, power: number): string {
  if (power >= -3 && power <= 3) return minus(fixed(factor * 10 ** power, Math.max(0, -power)));
  return factor === 1 ? `10${superscript(power)}` : `${factor}·10${superscript(power)}`;
}

/** 2.5·10⁶, with as many digits as the step needs. */
function powerText(value: number, step: number): string {
  if (Math.abs(value) < step / 2) return "0";
  const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const decimals = Math.min(6, Math.max(0, power - Math.floor(Math.log10(step) + 1e-9)));
  const digits = String(Number((value / 10 ** power).toFixed(decimals)));
  if (/^-?1$/.test(digits)) return `${digits.startsWith("-") ? "−" : ""}10${superscript(power)}`;
  return `${minus(digits)}·10${superscript(power)}`;
}

export function superscript(power: number): string {
  return [...String(power)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
}

function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** A value that a person reads: four digits, a true minus. */
export function readable(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "none" : minus(value > 0 ? "∞" : "-∞");
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return minus(String(Number(value.toPrecision(digits))));
  const [part, power] = value.toExponential(digits - 1).split("e");
  return `${minus(String(Number(part)))}·10${superscript(Number(power))}`;
}

function minus(text: string): string {
  return text.replace("-", "−");
}
