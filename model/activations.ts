import type { Activation, SlopeInterval } from "./model.ts";
import { normalDensity, normalDistribution, sigmoid, softplus } from "./special.ts";

/** A built-in activation; `args` are its arguments in the order of `parameters`. */
export interface BuiltinActivation {
  /** Names of the arguments, for messages, completion and signature help. */
  readonly parameters: readonly string[];
  /** Values of the arguments where the activation is named without any; null where they must be stated. */
  readonly defaults: readonly number[] | null;
  /** What is wrong with the arguments, or null. All are finite. */
  readonly check?: (...args: number[]) => string | null;
  /** An interval, rounded outwards, that holds the derivative at every real x. */
  readonly slopes: (...args: number[]) => SlopeInterval;
  readonly value: (x: number, ...args: number[]) => number;
  /** At a kink, the slope from the right. */
  readonly derivative: (x: number, ...args: number[]) => number;
}

const positive = (name: string) => (value: number) => (value > 0 ? null : `${name} must be positive, not ${value}`);
const interval = (lower: number, upper: number) => () => ({ lower, upper });
const none = { parameters: [], defaults: [] } as const;

/** sqrt(2 / pi), of `gelu_tanh`. */
const rootTwoOverPi = Math.sqrt(2 / Math.PI);
/** Of `selu`: Klambauer et al., Self-Normalizing Neural Networks (2017). */
const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

const leaky: BuiltinActivation = {
  parameters: ["a"],
  defaults: null,
  slopes: (a) => ({ lower: Math.min(a, 1), upper: Math.max(a, 1) }),
  value: (x, a) => (x >= 0 ? x : a * x),
  derivative: (x, a) => (x >= 0 ? 1 : a),
};

/**
 * The extremes of the curved slopes are where the second derivative vanishes, computed to 60 digits and rounded
 * outwards to doubles:
 *  - gelu: g'(x) = Phi(x) + x phi(x), g'' = (2 - x²) phi: at ±sqrt 2, 1.1289041451851547863… and 1 minus that;
 *  - gelu_tanh = x sigmoid(2 sqrt(2/pi) (x + 0.044715 x³)): at x = ±1.4185040087908…, 1.1289930686587717654… and 1 minus that;
 *  - silu: at x = ±2.3993572805154…, 1.0998393201288669169… and 1 minus that;
 *  - mish: at x = 1.4905711794854…, 1.0884981612517278612…, at x = -2.2563763963607…, -0.1125261223894625564…;
 *  - selu: the product of its two constants, 1.7580993408473768599…, just left of 0; hardsigmoid: 1/6.
 */
export const activations: Readonly<Record<string, BuiltinActivation>> = {
  identity: { ...none, slopes: interval(1, 1), value: (x) => x, derivative: () => 1 },
  relu: {
    ...none,
    slopes: interval(0, 1),
    value: (x) => Math.max(x, 0),
    derivative: (x) => (x >= 0 ? 1 : 0),
  },
  relu6: {
    ...none,
    slopes: interval(0, 1),
    value: (x) => Math.min(Math.max(x, 0), 6),
    derivative: (x) => (x >= 0 && x < 6 ? 1 : 0),
  },
  hardtanh: {
    ...none,
    slopes: interval(0, 1),
    value: (x) => Math.min(Math.max(x, -1), 1),
    derivative: (x) => (x >= -1 && x < 1 ? 1 : 0),
  },
  leaky_relu: leaky,
  prelu: leaky,
  tanh: {
    ...none,
    slopes: interval(0, 1),
    value: Math.tanh,
    derivative: (x) => Math.cosh(x) ** -2,
  },
  atan: { ...none, slopes: interval(0, 1), value: Math.atan, derivative: (x) => 1 / (1 + x * x) },
  softsign: {
    ...none,
    slopes: interval(0, 1),
    value: (x) => x / (1 + Math.abs(x)),
    derivative: (x) => (1 + Math.abs(x)) ** -2,
  },
  softplus: {
    parameters: ["beta"],
    defaults: [1],
    check: positive("beta"),
    slopes: interval(0, 1),
    value: (x, beta) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(beta * x))) / beta,
    derivative: (x, beta) => sigmoid(beta * x),
  },
  sigmoid: {
    ...none,
    slopes: interval(0, 0.25),
    value: sigmoid,
    derivative: (x) => sigmoid(x) * sigmoid(-x),
  },
  hardsigmoid: {
    ...none,
    slopes: interval(0, 0.16666666666666669),
    value: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
    derivative: (x) => (x >= -3 && x < 3 ? 1 / 6 : 0),
  },
  elu: {
    parameters: ["a"],
    defaults: null,
    slopes: (a) => ({ lower: Math.min(0, a), upper: Math.max(1, a) }),
    value: (x, a) => (x >= 0 ? x : a * Math.expm1(x)),
    derivative: (x, a) => (x >= 0 ? 1 : a * Math.exp(x)),
  },
  celu: {
    parameters: ["a"],
    defaults: null,
    check: positive("a"),
    slopes: interval(0, 1),
    value: (x, a) => (x >= 0 ? x : a * Math.expm1(x / a)),
    derivative: (x, a) => (x >= 0 ? 1 : Math.exp(x / a)),
  },
  selu: {
    ...none,
    slopes: interval(0, 1.758099340847377),
    value: (x) => seluScale * (x >= 0 ? x : seluAlpha * Math.expm1(x)),
    derivative: (x) => seluScale * (x >= 0 ? 1 : seluAlpha * Math.exp(x)),
  },
  gelu: {
    ...none,
    slopes: interval(-0.1289041451851548, 1.128904145185155),
    value: (x) => x * normalDistribution(x),
    derivative: (x) => normalDistribution(x) + x * normalDensity(x),
  },
  gelu_tanh: {
    ...none,
    slopes: interval(-0.12899306865877178, 1.128993068658772),
    value: (x) => x * sigmoid(2 * rootTwoOverPi * (x + 0.044715 * x * x * x)),
    derivative: (x) => {
      const s = sigmoid(2 * rootTwoOverPi * (x + 0.044715 * x * x * x));
      const bend = s * (1 - s);
      return bend === 0 ? s : s + x * bend * 2 * rootTwoOverPi * (1 + 3 * 0.044715 * x * x);
    },
  },
  silu: {
    ...none,
    slopes: interval(-0.09983932012886693, 1.099839320128867),
    value: (x) => x * sigmoid(x),
    derivative: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  },
  mish: {
    ...none,
    slopes: interval(-0.11252612238946257, 1.088498161251728),
    value: (x) => x * Math.tanh(softplus(x)),
    derivative: (x) => Math.tanh(softplus(x)) + (x * sigmoid(x)) / Math.cosh(softplus(x)) ** 2,
  },
  smooth_leaky_relu: {
    parameters: ["a"],
    defaults: null,
    slopes: (a) => ({ lower: Math.min(a, 1), upper: Math.max(a, 1) }),
    value: (x, a) => a * x + (1 - a) * softplus(x),
    derivative: (x, a) => a + (1 - a) * sigmoid(x),
  },
};

/** Known by its slopes only; its arguments are the least and the greatest. */
export const slopeRestricted = "slope_restricted";

/** @throws {Error} where the activation is known by its slopes only: callers ask `canSimulate` first. */
export function activate(activation: Activation, x: number): number {
  const builtin = activations[activation.builtin];
  if (builtin === undefined) throw new Error(`${activation.text} has no values`);
  return builtin.value(x, ...activation.arguments);
}

/** The slope at x; for `slope_restricted`, the middle of its interval. */
export function slopeAt(activation: Activation, x: number): number {
  const builtin = activations[activation.builtin];
  if (builtin === undefined) return activation.slopes.lower / 2 + activation.slopes.upper / 2;
  return builtin.derivative(x, ...activation.arguments);
}
