/** What an activation is: its formula, and whether it has kinks. */
export interface ActivationDocs {
  readonly formula: string;
  readonly smooth: boolean;
}

const docs = (formula: string, smooth: boolean): ActivationDocs => ({ formula, smooth });

/** The built-in ones, in plain text (docs/language.md, "Activations"). */
const activationDocs: Readonly<Record<string, ActivationDocs>> = {
  identity: docs("x", true),
  relu: docs("max(x, 0)", false),
  relu6: docs("min(max(x, 0), 6)", false),
  hardtanh: docs("min(max(x, -1), 1)", false),
  leaky_relu: docs("x for x >= 0, a x below", false),
  prelu: docs("x for x >= 0, a x below", false),
  tanh: docs("tanh(x)", true),
  atan: docs("arctan(x)", true),
  softsign: docs("x / (1 + |x|)", true),
  softplus: docs("log(1 + exp(beta x)) / beta", true),
  sigmoid: docs("1 / (1 + exp(-x))", true),
  hardsigmoid: docs("min(max(x / 6 + 1/2, 0), 1)", false),
  elu: docs("x for x >= 0, a (exp(x) - 1) below", false),
  celu: docs("x for x >= 0, a (exp(x / a) - 1) below", true),
  selu: docs("1.0507 x for x >= 0, 1.7581 (exp(x) - 1) below", false),
  gelu: docs("x Phi(x), Phi the normal distribution", true),
  gelu_tanh: docs("x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))", true),
  silu: docs("x / (1 + exp(-x))", true),
  mish: docs("x tanh(log(1 + exp(x)))", true),
  smooth_leaky_relu: docs("a x + (1 - a) log(1 + exp(x))", true),
  slope_restricted: docs("any function whose slopes lie between m and M", false),
};

/** `f(x) = max(x, 0)`, and whether its slope jumps. */
export function formulaRemarks(name: string, args: readonly number[]): string[] {
  const known = Object.hasOwn(activationDocs, name) ? activationDocs[name] : undefined;
  if (known === undefined) return [];
  if (name === "slope_restricted") return [`${known.formula}: it is analysed, and cannot be simulated`];
  // With a = 1 what stands on both sides of 0 has the same slope there.
  const smooth = known.smooth || (["elu", "leaky_relu", "prelu"].includes(name) && args[0] === 1);
  const course = smooth ? "continuously differentiable" : "with kinks, where its slope jumps";
  return [`\`f(x) = ${known.formula}\`, ${course}`];
}
