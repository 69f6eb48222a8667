export { cholesky, solve } from "./cholesky.ts";
export {
  hessian,
  rowDots,
  scaleColumns,
  subtractFrom,
  symmetricPart,
  transpose,
  weigh,
} from "./elementwise.ts";
export { product, symmetric, workBytes } from "./product.ts";
export { solvePair } from "./solve-pair.ts";
export { symmetricTimesVector } from "./symmetric-vector.ts";
export { tanh } from "./tanh.ts";
export { tridiagonalise } from "./tridiagonal.ts";
export { largestOfTridiagonal } from "./tridiagonal-top.ts";
