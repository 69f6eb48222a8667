/** The words of the language. What the functions and activations mean is the model's; that they exist is known here. */

/** Each begins a statement of a model. */
export const statementKeywords = [
  "state",
  "time",
  "param",
  "activation",
  "layer",
  "flow",
  "domain",
  "input",
  "encode",
  "output",
  "require",
  "simulate",
] as const;

export type StatementKeyword = (typeof statementKeywords)[number];

/** Each begins a part of a statement: `time t in …`, `simulate from … spread … until …`. */
export const clauseKeywords = ["in", "from", "spread", "until"] as const;

/** Every word that cannot be a name, but for `inf`. */
export const keywords: readonly string[] = ["model", ...statementKeywords, ...clauseKeywords];

/** What a `require` can state. */
export const properties = ["lognorm", "lipschitz", "step"] as const;

export const constants = ["pi"] as const;

/** Functions of constants and of time. `tanh` is an activation, too. */
export const functions = [
  "eye",
  "zeros",
  "ones",
  "diag",
  "sym",
  "skew",
  "blocks",
  "stack",
  "load",
  "interpolate",
  "steps",
  "sin",
  "cos",
  "exp",
  "sqrt",
  "tanh",
  "abs",
  "log",
] as const;
