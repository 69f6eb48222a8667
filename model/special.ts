/** Functions that JavaScript's Math lacks, for |x| up to the largest double. */

/** 1 / (1 + e^-x) */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + e^x) */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The standard normal density. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** The standard normal distribution function, relative error below 1e-12 in both tails. */
export function normalDistribution(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  if (z < 2) return x >= 0 ? 0.5 + errorFunction(z) / 2 : 0.5 - errorFunction(z) / 2;
  const tail = complementaryErrorFunction(z) / 2;
  return x >= 0 ? 1 - tail : tail;
}

/**
 * erf(z) = 2/sqrt(pi) e^(-z²) sum_k 2^k z^(2k+1) / (2k+1)!! for 0 <= z < 2 (Abramowitz and Stegun 7.1.6): all terms are
 * positive, nothing cancels.
 */
function errorFunction(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; term > sum * 2 ** -56; k++) {
    term *= (2 * z * z) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}

/** erfc(z) for z >= 2 by its continued fraction (Abramowitz and Stegun 7.1.14), 120 levels, evaluated from the end. */
function complementaryErrorFunction(z: number): number {
  if (z > 28) return 0;
  let fraction = z;
  for (let k = 120; k > 0; k--) fraction = z + k / 2 / fraction;
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction;
}
