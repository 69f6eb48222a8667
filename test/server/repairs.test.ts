import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver-types";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { connect, type TestEditor, until } from "./test-editor.ts";

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
  test("shift its weights by the least multiple of the identity, to three digits", async () => {
    const [action] = await offered(spiral);
    const tau = Number(/^Shift A by ([\d.]+) I, proves lognorm\(2\) <= 0$/.exec(action.title)![1]);
    expect(action.isPreferred).toBe(true);
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

test("are proved before they are offered: what the search does not see is found out", async () => {
  // J = d a - 0.3 a, d in [0.5, 1]. With the second a left as it is, a shift by 0.7 would do; shifting both, it leaves 0.21.
  const actions = await offered(`model M { state x[1] param A = [[1]]
    activation f = smooth_leaky_relu(0.5)
    flow x' = f(A * x) - 0.3 * A * x
    require lognorm(2) <= 0.0005 }`);
  const titles = actions.map(({ title }) => title);
  expect(titles).toContain("Add decay -0.7 * x, proves lognorm(2) <= 0.0005");
  expect(titles.filter((title) => title.startsWith("Shift"))).toEqual([]);
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
