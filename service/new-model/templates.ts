/** A small model to begin from; its numbers are there to be replaced. */
export interface Template {
  /** As `contrax new --template` calls it. */
  readonly name: string;
  /** As a list shows it. */
  readonly title: string;
  readonly detail: string;
  /** The first model is the one that takes another name. */
  readonly text: string;
}

export const templates: readonly Template[] = [
  {
    name: "one-layer",
    title: "One layer",
    detail: "x' = act(A x + b), the spiral: a requirement that fails, and can be repaired",
    text: `model Spiral {
  state x[2]
  time  t in [0, 10]

  param A = [[-0.1, 2], [-2, -0.1]]
  param b = [0, 0.1]

  activation act = smooth_leaky_relu(0.5)

  flow x' = act(A * x + b)

  require lognorm(2) <= 0
  simulate from [1, 0] spread 0.1
}
`,
  },
  {
    name: "two-layers",
    title: "One hidden layer",
    detail: "x' = W2 act(W1 x + b1) - d x: the usual network, with a decay",
    text: `model TwoLayers {
  state x[2]
  time  t in [0, 5]

  param W1 = [[1, -1], [1, 1], [0.5, 0]]
  param b1 = [0, 0.5, -0.5]
  param W2 = [[-1, -0.5, 0.5], [0.5, -1, 0.5]]
  param d = 1

  layer h = tanh(W1 * x + b1)
  flow  x' = W2 * h - d * x

  require lognorm(2) <= -0.5
  simulate from [1, 1], [-1, 1] spread 0.2
}
`,
  },
  {
    name: "deep",
    title: "Several hidden layers",
    detail: "three layers one behind the other, and a decay",
    text: `model Deep {
  state x[2]
  time  t in [0, 5]

  param W1 = [[1, -0.5], [0.5, 1], [-0.5, 0.5]]
  param b1 = [0.1, 0, -0.1]
  param W2 = [[0.8, 0.2, 0], [-0.2, 0.8, 0.2], [0, 0.4, -0.6]]
  param b2 = [0, 0.2, 0]
  param W3 = [[-0.8, 0.2, 0.4], [-0.2, -0.6, -0.4]]

  layer h1 = tanh(W1 * x + b1)
  layer h2 = tanh(W2 * h1 + b2)
  flow  x' = W3 * h2 - 0.5 * x

  require lognorm(2) <= -0.2
  simulate from [1, 1], [-1, 0] spread 0.2
}
`,
  },
  {
    name: "time-dependent",
    title: "Weights that change over time",
    detail: "interpolate: trained at three times, blended in between",
    text: `model TimeDependent {
  state x[2]
  time  t in [0, 2]

  param W0 = [[-1, 0.5], [-0.5, -1]]
  param W1 = [[-1.5, 0], [0, -0.5]]
  param W2 = [[-1, -0.5], [0.5, -1]]
  param W = interpolate([0, 1, 2], [W0, W1, W2])

  activation act = leaky_relu(0.5)

  flow x' = act(W * x)

  require lognorm(2) <= 0
  simulate from [1, 1] spread 0.2
}
`,
  },
  {
    name: "classifier",
    title: "Classifier",
    detail: "an input is encoded as the state, which flows; scores are read off its end",
    text: `model Classifier {
  state x[3]
  time  t in [0, 1]

  param E = [[1, 0, -0.5, 0], [0, 1, 0, 0.5], [0.5, -0.5, 0.5, 0]]
  param A = [[-1, 0.5, 0], [-0.5, -1, 0.5], [0, -0.5, -1]]
  param b = [0.1, 0, -0.1]
  param H = [[1, -1, 0], [-1, 1, 0.5]]
  param c = [0, 0.1]

  activation act = leaky_relu(0.1)

  input  u[4] in [0, 1]
  encode x = E * u
  flow   x' = act(A * x + b)
  output y = H * x + c

  require lipschitz(2) <= 2
}
`,
  },
  {
    name: "metric",
    title: "A metric of its own",
    detail: "metric: auto looks for the norm in which the model contracts",
    text: `model Metric {
  state x[2]
  time  t in [0, 10]

  param A = [[0, 1], [-1, -1]]
  param b = [[0], [0.3]]
  param c = [[1, 0]]

  layer pull = tanh(c * x)
  flow  x' = A * x + b * pull

  require lognorm(2, metric: auto) <= -0.3
  simulate from [1, 0] spread 0.1
}
`,
  },
  {
    name: "domain",
    title: "A domain of states",
    detail: "contractive near a memory of the network, and not everywhere",
    text: `model Memory {
  state x[2]
  time  t in [0, 10]

  param W = [[2, 0.5], [0.5, 2]]

  domain x in [0.5, 1]
  flow   x' = tanh(W * x) - x

  require lognorm(2) <= 0
  simulate from [0.5, 1], [0.9, 0.6] spread 0.05
}
`,
  },
];

/** A template's text, its model under another name where one is given; null where there is no such template. */
export function templateText(name: string, model: string | null): string | null {
  const text = templates.find((template) => template.name === name)?.text ?? null;
  return text === null || model === null ? text : text.replace(/^model \S+/, `model ${model}`);
}
