/**
 * The nearest number of a binary floating-point format (IEEE 754: ties to even, subnormal numbers included); NaN where
 * that is beyond its largest. Rounded once, from the double itself: by way of binary32 ties could come out wrong.
 * @param precision bits of the significand, the leading one included
 * @param lowest the exponent of the smallest normal number
 * @param largest the largest finite number
 */
function rounding(precision: number, lowest: number, largest: number): (value: number) => number {
  return (value) => {
    const unit = 2 ** (Math.max(exponentOf(value), lowest) - (precision - 1));
    const rounded = nearestWhole(Math.abs(value) / unit) * unit;
    if (!(rounded <= largest)) return Number.NaN;
    return value < 0 || Object.is(value, -0) ? -rounded : rounded;
  };
}

/** To IEEE 754 binary16. */
export const roundToHalf = rounding(11, -14, 65504);

/** To bfloat16, the upper half of a binary32. */
export const roundToBrain = rounding(8, -126, (2 - 2 ** -7) * 2 ** 127);

const scratch = new DataView(new ArrayBuffer(8));

/** The e of 2^e <= |value| < 2^(e+1) for a normal double; less than any other for 0 and subnormal ones. */
function exponentOf(value: number): number {
  scratch.setFloat64(0, value);
  return ((scratch.getUint16(0) >> 4) & 2047) - 1023;
}

/** The nearest whole number, ties to even, for 0 <= value < 2^51: a sum of that size has no room for a fraction. */
function nearestWhole(value: number): number {
  return value + 2 ** 52 - 2 ** 52;
}

export function halfFromBits(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** @param value one that `roundToHalf` returned */
export function halfToBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const exponent = Math.max(exponentOf(value), -14);
  // A normal number's leading bit adds the 1 by which its exponent field is greater than a subnormal one's.
  return sign + (exponent + 14) * 1024 + Math.abs(value) * 2 ** (10 - exponent);
}

export function brainFromBits(bits: number): number {
  scratch.setUint32(0, bits * 65536);
  return scratch.getFloat32(0);
}

/** @param value one that `roundToBrain` returned */
export function brainToBits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint16(0);
}
