import { jacobianDegree, type Varying } from "./degrees.ts";
import type { Model } from "./model.ts";

/** What varies is the time: between knots, `interpolate` of constants is affine in it. */
const time: Varying = { time: 1, param: () => null, interpolate: (values) => (values === 0 ? 1 : 2) };

/**
 * True where the Jacobian at any fixed slopes is piecewise affine in time: every path from the state to the flow meets at
 * most one coefficient that varies, and that one piecewise linearly (docs/mathematics.md, section 7). Its logarithmic norm
 * is then convex in time between knots, and largest at one of them.
 */
export function isPiecewiseAffine(model: Model): boolean {
  return jacobianDegree(model, time) <= 1;
}

/**
 * How the Jacobian at fixed slopes and time depends on params that the model keeps (`compileKeeping`), by their places in
 * Model.params: 0 not at all, 1 affinely, 2 or more in another way.
 */
export function degreeInParams(model: Model, params: ReadonlySet<number>): number {
  const param = (index: number) => (params.has(index) ? 1 : null);
  return jacobianDegree(model, { time: 0, param, interpolate: (values) => values });
}
