import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver-types";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { connect, type TestEditor, until } from "../test-editor.ts";

const uri = "file:///models/spiral.node";

let host: MemoryHost;
let editor: TestEditor;

beforeEach(async () => {
  host = new MemoryHost();
  editor = connect(host);
  await editor.start();
});

afterEach(() => editor.stop());

async function untilProved(): Promise<void> {
  await until("the proof", () => {
    const model = editor.statuses.at(-1)?.models[0];
    return model?.state === "decided" && model.requirements[0]?.verdict === "proved";
  });
}

async function offered(text: string): Promise<CodeAction[]> {
  editor.open(uri, text);
  await until("a verdict", () => editor.codes(uri).includes("CX401"));
  return editor.codeActions(uri, "require");
}

/** The largest eigenvalue of the symmetric part of diag(d) A, A [2, 2], over the corners of [m, 1]^2. */
function lognorm([[a, b], [c, d]]: number[][], m: number): number {
  const corners = [
    [m, m],
    [m, 1],
    [1, m],
    [1, 1],
  ];
  return Math.max(
    ...corners.map(([p, q]) => {
      const off = (p * b + q * c) / 2;
      return (p * a + q * d) / 2 + Math.hypot((p * a - q * d) / 2, off);
    }),
  );
}

/** For the spiral: off-diagonal entries 2 and -2. */
const shifted = (tau: number) =>
  lognorm(
    [
      [-0.1 - tau, 2],
      [-2, -0.1 - tau],
    ],
    0.5,
  );

describe("of the spiral", () => {
  test("change its weights by the least that does, in few digits, preferred", async () => {
    const [action] = await offered(spiral);
    // 0.809475… of 2.832, by an independent computation.
    expect(action.title).toMatch(/^Least change of A: ‖ΔA‖ = 0\.8(09|1|11) \(28\.[67] %\), proves lognorm\(2\) <= 0$/);
    expect(action.isPreferred).toBe(true);
    editor.apply(uri, action);
    expect(editor.text(uri)).toMatch(/param A = \[\[-0\.\d{2,4}, 1\.\d{2,4}\], \[-1\.\d{2,4}, -0\.\d{2,4}\]\]\n/);
    editor.save(uri);
    await untilProved();
    expect(editor.diagnostics(uri)).toEqual([]);
  });

  test("shift its weights by the least multiple of the identity, to three digits", async () => {
    const actions = await offered(spiral);
    const action = actions.find(({ title }) => title.startsWith("Shift"))!;
    const tau = Number(/^Shift A by ([\d.]+) I, proves lognorm\(2\) <= 0$/.exec(action.title)![1]);
    expect(shifted(tau)).toBeLessThanOrEqual(0);
    expect(shifted(tau - 0.001)).toBeGreaterThan(0);
    editor.apply(uri, action);
    expect(editor.text(uri)).toContain(`param A = [[${-(0.1 + tau).toFixed(3)}, 2], [-2, ${-(0.1 + tau).toFixed(3)}]]`);
    editor.save(uri);
    await untilProved();
    expect(editor.diagnostics(uri)).toEqual([]);
  });

  test("add the decay that is missing", async () => {
    const actions = await offered(spiral);
    const action = actions.find(({ title }) => title.startsWith("Add decay"))!;
    const decay = Number(/-([\d.]+) \* x/.exec(action.title)![1]);
    expect(decay).toBeGreaterThanOrEqual(
      lognorm(
        [
          [-0.1, 2],
          [-2, -0.1],
        ],
        0.5,
      ),
    );
    expect(decay).toBeLessThan(
      lognorm(
        [
          [-0.1, 2],
          [-2, -0.1],
        ],
        0.5,
      ) * 1.01,
    );
    editor.apply(uri, action);
    expect(editor.text(uri)).toContain(`flow  x' = h - ${decay} * x\n`);
    editor.save(uri);
    await untilProved();
  });

  test("do not rescale: without decay that changes no sign", async () => {
    const titles = (await offered(spiral)).map(({ title }) => title);
    expect(titles.filter((title) => title.startsWith("Rescale"))).toEqual([]);
  });
});

test("of a model with decay rescale its weights by the largest factor", async () => {
  // x' = -x + 3 tanh(x): the logarithmic norm is 2, and s 3 - 1 <= 0 needs s <= 1/3.
  const actions = await offered(`model M { state x[1] param W = [[3]]
    flow x' = -x + tanh(W * x)
    require lognorm(inf) <= 0 }`);
  const action = actions.find(({ title }) => title.startsWith("Rescale W"))!;
  expect(action.title).toBe("Rescale W by 0.333, proves lognorm(inf) <= 0");
  editor.apply(uri, action);
  expect(editor.text(uri)).toContain("param W = 0.333 * [[3]]");
  editor.save(uri);
  await untilProved();
});

test("look at every place where a param stands", async () => {
  // J = d a - 0.3 a, d in [0.5, 1]: of 0.7 a both terms shrink with a, and only a <= 0.0005 / 0.7 is little enough.
  const actions = await offered(`model M { state x[1] param A = [[1]]
    activation f = smooth_leaky_relu(0.5)
    flow x' = f(A * x) - 0.3 * A * x
    require lognorm(2) <= 0.0005 }`);
  const titles = actions.map(({ title }) => title);
  expect(titles).toContain("Add decay -0.7 * x, proves lognorm(2) <= 0.0005");
  expect(titles.filter((title) => title.startsWith("Shift"))).toEqual(["Shift A by 1 I, proves lognorm(2) <= 0.0005"]);
});

test.each([
  ["step(2, 0.5) <= 1", "1"],
  // exp(a) <= 1.5: a <= 0.40546…
  ["lipschitz(2) <= 1.5", "0.595"],
  ["lognorm(1, metric: auto) <= 0", "1"],
])("are for every kind of requirement: %s", async (requirement, value) => {
  const actions = await offered(`model M { state x[1] param A = [[1]] flow x' = A * x require ${requirement} }`);
  const titles = actions.map(({ title }) => title);
  expect(titles).toContain(`Shift A by ${value} I, proves ${requirement}`);
  expect(titles).toContain(`Add decay -${value} * x, proves ${requirement}`);
});

test("keep to the version they were made for", async () => {
  const [action] = await offered(spiral);
  expect(action.edit!.documentChanges).toMatchObject([{ textDocument: { uri, version: 1 } }]);
});

test("are none for what is proved", async () => {
  editor.open(uri, spiral.replace("<= 0", "<= 0.5"));
  await untilProved();
  expect(await editor.codeActions(uri, "require")).toEqual([]);
});

test("a model that requires nothing is offered what holds", async () => {
  editor.open(uri, spiral.replace("  require lognorm(2) <= 0\n", ""));
  await until("the bounds", () => editor.codes(uri).includes("CX404"));
  const actions = await editor.codeActions(uri, "Spiral");
  const action = actions.find(({ isPreferred }) => isPreferred)!;
  expect(action.title).toBe("Add require lognorm(2) <= 0.426, which is proved");
  editor.apply(uri, action);
  editor.save(uri);
  await untilProved();
});

describe("of the activations", () => {
  const replacement = (actions: CodeAction[]) => actions.find(({ title }) => title.startsWith("Replace"));

  test("raise the argument of the spiral's to the margin, in three digits; the message says it in four", async () => {
    const action = replacement(await offered(spiral))!;
    expect(action.title).toBe("Replace the activation by smooth_leaky_relu(0.905), proves lognorm(2) <= 0");
    // m* = (sqrt(1 + rho^2) - rho)^2 = 0.904875…, rho = 0.05.
    expect(editor.diagnostics(uri)[0]!.message).toMatch(/; it would hold for slopes in \[0.9049, 1\]$/);
    editor.apply(uri, action);
    expect(editor.text(uri)).toBe(spiral.replace("smooth_leaky_relu(0.5)", "smooth_leaky_relu(0.905)"));
    editor.save(uri);
    await untilProved();
  });

  test("give every layer a named one of its kind, kinked or smooth, and leave what is steep enough", async () => {
    const text = `model M {
  state x[2]
  activation steep = leaky_relu(0.9)
  param A = [[-1, 0], [1, -1]]
  layer g = (tanh(A * x))
  layer h = steep(x)
  flow x' = g + relu(A * x) - 2 * h - tanh(0) * x
  require lognorm(2) <= -1.8
}
`;
    const action = replacement(await offered(text))!;
    expect(action.title).toMatch(
      /^Replace the activations by smooth_leaky_relu\((0\.\d+)\) and leaky_relu\(\1\), proves lognorm\(2\) <= -1.8$/,
    );
    const [, m] = /\((0\.\d+)\)/.exec(action.title)!;
    editor.apply(uri, action);
    expect(editor.text(uri)).toBe(
      text
        .replace("  layer g = (tanh(", `  activation act = smooth_leaky_relu(${m})\n  layer g = (act(`)
        .replace("  flow x' = g + relu(", `  activation act2 = leaky_relu(${m})\n  flow x' = g + act2(`),
    );
    editor.save(uri);
    await untilProved();
  });

  test("work for weights that depend on time, in a metric, with slopes of any kind", async () => {
    const actions = await offered(`model M { state x[2] time t in [0, 1] param act = 1 param w = [1, 1]
      param A = interpolate([0, 1], [[[-2, 1], [0, -2]], [[-2, 0], [1.5, -2]]])
      activation f = slope_restricted(-1, 2)
      flow x' = f(A * x)
      require lognorm(inf, metric: w) <= 0.5 }`);
    // Row 2 at t = 1 and slope m: -2 m + 1.5 |m| <= 0.5 from m = -1/7 on, and 3.5 at m = -1.
    const titles = actions.map(({ title }) => title);
    const action = "Replace the activation by slope_restricted(-0.142, 2), proves lognorm(inf, metric: w) <= 0.5";
    expect(titles).toContain(action);
    expect(titles).toContain("Add decay -3 * x, proves lognorm(inf, metric: w) <= 0.5");
    editor.apply(uri, actions.find(({ title }) => title === action)!);
    expect(editor.text(uri)).toContain("activation f = slope_restricted(-0.142, 2)");
    editor.save(uri);
    await untilProved();
  });

  test("are none where the activation has no such kind, or no slopes would do", async () => {
    const sigmoid = "model M { state x[1] flow x' = -0.2 * x + sigmoid(x) + 0.1 * x require lognorm(2) <= 0 }";
    expect(replacement(await offered(sigmoid))).toBeUndefined();
    editor.close(uri);
    const growing = "model M { state x[1] flow x' = tanh(x) require lognorm(2) <= 0.5 }";
    expect(replacement(await offered(growing))).toBeUndefined();
  });
});
