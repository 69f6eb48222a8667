/** What hovers and completion say of the words of the language: what a word is for, and an example. */
export interface KeywordDocs {
  readonly meaning: string;
  readonly example: string;
  /** The heading of docs/language.md that tells more. */
  readonly page: string;
}

const docs = (meaning: string, example: string, page = "statements"): KeywordDocs => ({ meaning, example, page });

export const keywordDocs: Readonly<Record<string, KeywordDocs>> = {
  model: docs(
    "One neural ODE and what must hold of it. A file holds any number.",
    "model Decay {\n  state x[1]\n  flow  x' = -x\n}",
  ),
  state: docs("The state, a vector of n components. Exactly one.", "state x[2]"),
  time: docs("The time variable and its interval. Without it, t runs from 0 to 1.", "time t in [0, 10]", "time"),
  param: docs(
    "A scalar, vector or matrix: constant or, where it mentions the time variable, time-dependent.",
    "param A: [2, 2] = [[-1, 2], [-2, -1]]",
  ),
  activation: docs("Names an activation function.", "activation act = leaky_relu(0.1)", "activations"),
  layer: docs("Names a value that depends on the state.", "layer h = act(A * x + b)", "layers-and-the-flow"),
  flow: docs("The vector field, of the state's shape. Exactly one.", "flow x' = -x + W * h", "layers-and-the-flow"),
  domain: docs("Analyses over a box of states only.", "domain x in [-1, 1]", "domains"),
  input: docs(
    "What a classifier is given, and the range that attacks may not leave.",
    "input u[784] in [0, 1]",
    "classifiers",
  ),
  encode: docs("The state at the start, affine in the input.", "encode x = E * u + e", "classifiers"),
  output: docs("A classifier's scores, affine in the state at the end.", "output y = H * x + c", "classifiers"),
  require: docs("What must hold of the model. Any number.", "require lognorm(2) <= 0", "requirements"),
  simulate: docs("Initial states whose trajectories are drawn.", "simulate from [1, 0] spread 0.1 until 5"),
  in: docs("The interval of the time variable, or the box of a domain or an input.", "time t in [0, 10]"),
  from: docs("The initial states of a simulation.", "simulate from [1, 0], [0, 1]"),
  spread: docs("The distance at which each initial state has neighbours.", "simulate from [1, 0] spread 0.1"),
  until: docs("The time at which a simulation ends; the model's own end without it.", "simulate from [1, 0] until 5"),
};

/** Of what a `require` states. */
export const propertyDocs: Readonly<Record<string, KeywordDocs>> = {
  lognorm: docs(
    "The logarithmic norm of the Jacobian, for all admissible slopes and times: any two trajectories come together (c < 0) or part no faster than exp(c t).",
    "require lognorm(2) <= 0",
    "requirements",
  ),
  lipschitz: docs(
    "The factor by which the flow map from the first to the last time expands distances at most.",
    "require lipschitz(2) <= 1",
    "requirements",
  ),
  step: docs(
    "The factor by which one forward Euler step x + h f(t, x) expands distances at most.",
    "require step(2, 0.1) <= 1",
    "requirements",
  ),
  metric: docs(
    "Measures in the norm of a param: for p = 2 a symmetric positive definite matrix, for 1 and inf positive weights. With `auto` one is looked for.",
    "require lognorm(2, metric: auto) <= 0",
    "requirements",
  ),
  auto: docs(
    "A metric in which the requirement holds is looked for, and told.",
    "require lognorm(2, metric: auto) <= 0",
    "requirements",
  ),
};

/** Where the words of the language are explained. */
export function languagePage(heading: string): string {
  return `https://github.com/contrax/contrax/blob/main/docs/language.md#${heading}`;
}
