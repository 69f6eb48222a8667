const spiral = (i: number) => `model Spiral${i} {
  state x[2]
  time  t in [0, 10]

  param A = [[-0.1, 2], [-2, -0.1]]
  param b = [0, 0.1]

  activation act = smooth_leaky_relu(0.5)

  layer h = act(A * x + b)
  flow  x' = h

  require lognorm(2) <= 0
  simulate from [1, 0] spread 0.1
}
`;

/** Each of 16 lines, one of them empty. */
export const models = (count: number) => Array.from({ length: count }, (_, i) => spiral(i)).join("\n");

/** 63 models: 1,007 lines. */
export const thousandLines = models(63);

/** As one writes a large model: hundreds of params that depend on each other, and layers of them. */
export const longModel = `model Long {
  state x[2]
${Array.from({ length: 990 }, (_, i) => `  param a${i} = [tanh(${i} / 990) * 0.5, ${i ? `a${i - 1}[1]` : "1"} - 3.5e-3]`).join("\n")}
  layer h = tanh(a989 .* x + a0)
  flow x' = -x + 0.1 * h
  require lognorm(2) <= 0
}
`;

/** Weights in the text, one row a line, as they come out of a program: 17 digits. */
export function literal(size: number, next: () => number): string {
  const row = () => Array.from({ length: size }, () => (next() - 0.5) / 8).join(", ");
  const rows = Array.from({ length: size }, row).join("],\n    [");
  return `model Literal {
  state x[${size}]
  param A = [
    [${rows}]
  ]
  param b = 0.5 * ones(${size})
  layer h = tanh(A * x + b)
  flow x' = -x + h
  require lognorm(2) <= 3
}
`;
}

/** Takes its budget of time with `endless` settings, the longer the larger it is. */
export const hard = (next: () => number, name: string, size: number) => `model ${name} {
  state x[${size}]
  param A = ${JSON.stringify(Array.from({ length: size }, () => Array.from({ length: size }, () => Math.round(2000 * (next() - 0.5)) / 1000)))}
  flow x' = tanh(A * x)
}
`;

/** No bound of a hard model is ever tight enough for it; without a tolerance a short effort would do. */
export const endless = { analysis: { tolerance: 1e-12, timeBudget: 600 } };
