import type { StatementKeyword } from "../grammar/keywords.ts";
import type { ModelSymbol } from "../model/symbols.ts";

/** A piece of a model with tab stops, valid as it stands. */
export interface Snippet {
  /** Begins with the word that is being typed. */
  readonly label: string;
  readonly detail: string;
  /** As the protocol has it: `${1:default}`. */
  readonly body: string;
}

export interface StatementSnippet extends Snippet {
  readonly statement: StatementKeyword;
}

/** Whole models. */
export function modelSnippets(): Snippet[] {
  return [
    {
      label: "model with one layer",
      detail: "a contractive model with two states",
      body: `model \${1:Name} {
  state x[\${2:2}]
  time  t in [0, \${3:10}]

  param A = \${4:[[-1, 2], [-2, -1]]}
  param b = \${5:[0, 0]}

  activation act = \${6:leaky_relu(0.1)}

  layer h = act(A * x + b)
  flow  x' = \${7:h}

  require lognorm(\${8|2,1,inf|}) <= \${9:0}
  simulate from \${10:[1, 0]} spread \${11:0.1}
}
`,
    },
    {
      label: "model of a classifier",
      detail: "an input is encoded, flows, and is given scores",
      body: `model \${1:Classifier} {
  state x[\${2:2}]
  time  t in [0, \${3:1}]

  param E = \${4:[[1, 0, 0], [0, 1, 0]]}
  param A = \${5:[[-1, 0.5], [-0.5, -1]]}
  param b = \${6:[0, 0]}
  param H = \${7:[[1, 0], [0, 1]]}

  activation act = \${8:leaky_relu(0.1)}

  input  u[\${9:3}] in [0, 1]
  encode x = E * u
  flow   x' = act(A * x + b)
  output y = H * x

  require lognorm(\${10|2,1,inf|}) <= \${11:2}
}
`,
    },
  ];
}

/** Longer vectors are written as `ones(n)`. */
const longestWritten = 6;

/** Statements, in the model's own names and sizes where it has them. */
export function statementSnippets(symbols: readonly ModelSymbol[]): StatementSnippet[] {
  const state = symbols.find(({ kind }) => kind === "state");
  const x = state?.name ?? "x";
  const n = state?.shape?.[0] ?? 2;
  const free = (wanted: string) => freeName(symbols, wanted);
  const [A, b, W, P, h] = ["A", "b", "W", "P", "h"].map(free);
  const start =
    n <= longestWritten ? `[${Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0)).join(", ")}]` : `ones(${n})`;
  const matrix = n <= 4 ? `[${rows(n)}]` : `-eye(${n})`;
  const activation = symbols.find(({ kind }) => kind === "activation")?.name ?? "tanh";
  const argument = layerArgument(symbols, x, n);
  const of = (statement: StatementKeyword) => (rest: string, detail: string, body: string) => ({
    statement,
    label: `${statement} ${rest}`,
    detail,
    body,
  });
  return [
    of("param")("matrix", "a matrix by rows", `param \${1:${A}} = \${2:${matrix}}`),
    of("param")("vector", "a vector", `param \${1:${b}} = \${2:${zeros(n)}}`),
    of("param")(
      "load",
      "a tensor of a weight file",
      `param \${1:${A}} = load("\${2:weights.safetensors}", "\${3:ode.weight}")`,
    ),
    of("param")(
      "interpolate",
      "weights that blend over time",
      `param \${1:${W}} = interpolate([\${2:0, 1}], [\${3:${matrix}}, \${4:${matrix}}])`,
    ),
    of("param")("metric", "a symmetric positive definite matrix", `param \${1:${P}} = \${2:eye(${n})}`),
    of("activation")(
      "leaky_relu",
      "with slopes in [0.1, 1]",
      `activation \${1:${free("act")}} = leaky_relu(\${2:0.1})`,
    ),
    of("layer")(
      "of neurons",
      "an activation of an affine value",
      `layer \${1:${h}} = \${2:${activation}}(\${3:${argument}})`,
    ),
    of("domain")("box", "a box of states", `domain ${x} in [\${1:-1}, \${2:1}]`),
    of("require")("lognorm", "contractive in a norm", `require lognorm(\${1|2,1,inf|}) <= \${2:0}`),
    of("require")(
      "lognorm, metric: auto",
      "contractive in a norm that is looked for",
      `require lognorm(\${1|2,1,inf|}, metric: auto) <= \${2:0}`,
    ),
    of("require")("lipschitz", "how far neighbours may part in all", `require lipschitz(\${1|2,1,inf|}) <= \${2:1}`),
    of("require")("step", "of the forward Euler method", `require step(\${1|2,1,inf|}, \${2:0.1}) <= \${3:1}`),
    of("simulate")("from", "trajectories for the preview", `simulate from \${1:${start}} spread \${2:0.1}`),
  ];
}

/** `A * x + b` of params that fit, else what is there at least. */
function layerArgument(symbols: readonly ModelSymbol[], x: string, n: number): string {
  const params = symbols.filter(({ kind }) => kind === "param");
  const weight = params.find(({ shape }) => shape?.length === 2 && shape[1] === n);
  if (weight === undefined) return x;
  const bias = params.find(({ shape }) => shape?.length === 1 && shape[0] === weight.shape![0]);
  return `${weight.name} * ${x}${bias === undefined ? "" : ` + ${bias.name}`}`;
}

function rows(n: number): string {
  return Array.from(
    { length: n },
    (_, i) => `[${Array.from({ length: n }, (_, j) => (i === j ? -1 : 0)).join(", ")}]`,
  ).join(", ");
}

function zeros(n: number): string {
  return n <= longestWritten ? `[${new Array(n).fill(0).join(", ")}]` : `zeros(${n})`;
}

function freeName(symbols: readonly ModelSymbol[], wanted: string): string {
  for (let k = 1; ; k++) {
    const name = k === 1 ? wanted : `${wanted}${k}`;
    if (!symbols.some((symbol) => symbol.name === name)) return name;
  }
}
