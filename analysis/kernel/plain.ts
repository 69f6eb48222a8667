import { cholesky, inverse, solvePair } from "./plain-cholesky.ts";
import { hessian, rowDots, scaleColumns, subtractFrom, symmetricPart, transpose, weigh } from "./plain-elementwise.ts";
import { product, symmetricOperator, symmetricProduct } from "./plain-product.ts";
import { tanh } from "./plain-tanh.ts";
import { tridiagonalise } from "./plain-tridiagonal.ts";
import { largestOfTridiagonal } from "./plain-tridiagonal-top.ts";
import type { Routines } from "./routines.ts";

/** Where there is no SIMD, and for what is too small to copy. */
export const plain: Routines = {
  product,
  symmetricProduct,
  cholesky,
  inverse,
  solvePair,
  tridiagonalise,
  largestOfTridiagonal,
  transpose,
  scaleColumns,
  symmetricPart,
  subtractFrom,
  rowDots,
  hessian,
  weigh,
  tanh,
  symmetricOperator,
};
