/** Beyond that many digits a number is computed as a double. */
const longest = 40;

interface Decimal {
  /** Times 10^-decimals. */
  readonly digits: bigint;
  readonly decimals: number;
}

/**
 * The difference of two numbers as a person would write it: exact, in decimals, with at least as many of them as the
 * first one has. `-0.1` minus `0.607` is `-0.707`, where doubles give -0.7070000000000001.
 */
export function decimalDifference(first: string, second: string): string {
  const [a, b] = [readDecimal(first), readDecimal(second)];
  if (a === null || b === null) return String(Number(first.replace(/\s/g, "")) - Number(second.replace(/\s/g, "")));
  const decimals = Math.max(a.decimals, b.decimals);
  const difference = scaled(a, decimals) - scaled(b, decimals);
  return writeDecimal(difference, decimals, a.decimals);
}

function readDecimal(text: string): Decimal | null {
  const match = /^([+-]?)\s*(\d*)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return null;
  const [, sign, whole, fraction = "", exponent = "0"] = match;
  const decimals = fraction.length - Number(exponent);
  if (Math.abs(decimals) + whole.length + fraction.length > longest) return null;
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`);
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 };
}

function scaled({ digits, decimals }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - decimals);
}

function writeDecimal(digits: bigint, decimals: number, least: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(decimals + 1, "0");
  const whole = text.slice(0, text.length - decimals);
  let fraction = text.slice(text.length - decimals);
  while (fraction.length > least && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  return `${digits < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
