import { topEigenpair } from "../../analysis/top-eigenpair.ts";

/** Directions in the upper half plane, by the size of the matrix: each one takes an eigenvector of twice that size. */
const directionsFor = (n: number) => (n <= 64 ? 48 : n <= 200 ? 16 : 2);

/**
 * Points on the boundary of the numerical range { z^* J z : |z| = 1 } of a real matrix J [n, n], counterclockwise: [m, 2].
 * In each direction the farthest point is that of the top eigenvector of the Hermitian part of e^{-i theta} J (Johnson,
 * Numerical determination of the field of values, SIAM J. Numer. Anal. 15, 1978). The range is symmetric to the real axis.
 * In rounded arithmetic: it is for the eye.
 */
export function* numericalRange(J: Float64Array, n: number): Generator<undefined, Float64Array, void> {
  const directions = directionsFor(n);
  const upper: [number, number][] = [];
  let guess: Float64Array | undefined;
  for (let k = 0; k <= directions; k++) {
    const angle = (Math.PI * k) / directions;
    const { vector } = topEigenpair(hermitianPart(J, n, angle), 2 * n, guess);
    guess = vector;
    const [re, im] = quotient(J, n, vector);
    // The ends of a side both lie in one direction, that of the real axis among them.
    upper.push([re, Math.abs(im)]);
    yield;
  }
  const lower = upper.slice(1, -1).reverse();
  return Float64Array.from([...upper.flat(), ...lower.flatMap(([re, im]) => [re, -im])]);
}

/** Of e^{-i angle} J, as a real symmetric matrix [2n, 2n] that acts on (real part, imaginary part). */
function hermitianPart(J: Float64Array, n: number, angle: number): Float64Array {
  const [c, s] = [Math.cos(angle) / 2, Math.sin(angle) / 2];
  const out = new Float64Array(4 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [a, b] = [J[i * n + j], J[j * n + i]];
      const real = c * (a + b);
      const imaginary = s * (b - a);
      out[i * 2 * n + j] = real;
      out[(n + i) * 2 * n + n + j] = real;
      out[i * 2 * n + n + j] = -imaginary;
      out[(n + i) * 2 * n + j] = imaginary;
    }
  }
  return out;
}

/** z^* J z / z^* z at z = u + i v, (u, v) the vector. */
function quotient(J: Float64Array, n: number, vector: Float64Array): [number, number] {
  let [re, im, square] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    let [Ju, Jv] = [0, 0];
    for (let j = 0; j < n; j++) {
      Ju += J[i * n + j] * vector[j];
      Jv += J[i * n + j] * vector[n + j];
    }
    const [u, v] = [vector[i], vector[n + i]];
    re += u * Ju + v * Jv;
    im += u * Jv - v * Ju;
    square += u * u + v * v;
  }
  return [re / square, im / square];
}
