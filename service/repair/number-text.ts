/** Beyond that many decimals numbers are written with exponents. */
const mostDecimals = 24;

/**
 * A number as it takes the place of another in a text: in decimals unless that one has an exponent, padded with zeros where
 * that one is. `-0.125` becomes `-2`, `-1.50` becomes `-2.00`, `1e-3` becomes `1.23e-3`.
 *
 * @param decimals the number is rounded to so many; null for the fewest that read back as the same double
 */
export function numberInPlaceOf(old: string, value: number, decimals: number | null): string {
  const rounded = decimals === null ? value : roundedTo(value, decimals);
  // A zero has no sign to keep, and no exponent.
  if (rounded === 0) return plain(0, paddedLength(old)) ?? "0";
  const exponent = /e/i.exec(old)?.[0];
  const text = exponent === undefined ? plain(rounded, paddedLength(old)) : null;
  return text ?? shortestScientific(rounded, exponent ?? "e");
}

/** The nearest multiple of 10^-decimals as a double; the number itself where doubles are coarser than that. */
export function roundedTo(value: number, decimals: number): number {
  if (decimals > 100) return value;
  if (decimals >= 0) return Number(value.toFixed(decimals));
  const digits = Math.floor(Math.log10(Math.abs(value))) + 1 + decimals;
  if (digits > 0) return Number(value.toPrecision(digits));
  return Math.abs(value) * 10 ** decimals < 0.5 ? 0 : Math.sign(value) * 10 ** -decimals;
}

/** In the fewest digits, without an exponent, padded with zeros; null where that would be too long. */
function plain(value: number, least: number): string | null {
  const [digits, exponent] = Math.abs(value).toExponential().split("e");
  const significant = digits.replace(".", "");
  const point = Number(exponent) + 1;
  if (significant.length - point > mostDecimals || point > mostDecimals) return null;
  const padded = point <= 0 ? "0".repeat(1 - point) + significant : significant.padEnd(point, "0");
  const whole = padded.slice(0, Math.max(point, 1));
  const fraction = value === 0 ? "" : padded.slice(Math.max(point, 1));
  const decimals = fraction.padEnd(least, "0");
  return `${value < 0 ? "-" : ""}${whole}${decimals === "" ? "" : `.${decimals}`}`;
}

function shortestScientific(value: number, letter: string): string {
  return value.toExponential().replace("e+", "e").replace("e", letter);
}

/** Digits behind the point, of a number without an exponent that ends in a 0 there. */
function paddedLength(text: string): number {
  return /^[^.eE]*\.(\d*0)$/.exec(text)?.[1]?.length ?? 0;
}
