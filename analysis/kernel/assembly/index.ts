export { cholesky, solve } from "./cholesky.ts";
export { product, symmetric, workBytes } from "./product.ts";
export { solvePair } from "./solve-pair.ts";
export { symmetricTimesVector } from "./symmetric-vector.ts";
export { tridiagonalise } from "./tridiagonal.ts";
