import { expect, test } from "vitest";
import { verdictDiagnostics } from "../../service/verdicts.ts";
import { analysed, analysedText, modelOf } from "./models.ts";

const ROTATING = "time t in [0, 10] param A = [[cos(t), sin(t)], [-sin(t), cos(t)]] flow x' = tanh(A * x)";

test("a question that takes the whole budget leaves the next one its turn", () => {
  // By hand: lognorm(2) reaches exactly 1, at every t, so no bound from above gets to 1; lognorm(1) is at most sqrt 2.
  const { requirements } = analysedText(2, `${ROTATING} require lognorm(2) <= 1 require lognorm(1) <= 2.5`, {
    nodes: 400,
  });
  expect(requirements.map(({ verdict }) => verdict)).toEqual(["undecided", "proved"]);
});

test("eighty nested activations: the node budget ends the run, and every norm has a bound from above", () => {
  let flow = "x";
  for (let k = 0; k < 80; k++) flow = `tanh(${flow})`;
  const { bounds } = analysedText(1, `flow x' = ${flow} require lognorm(2) <= 0.5`, { nodes: 50 });
  // One state: the logarithmic norm is the product of the slopes, at most 1 and reached at 1.
  for (const { lower, upper } of bounds) {
    expect(lower).toBeGreaterThan(0.999);
    expect(lower).toBeLessThanOrEqual(1);
    expect(upper).toBeGreaterThanOrEqual(1);
    expect(upper).toBeLessThan(1.01);
  }
});

test("without neurons, times inside the interval count", () => {
  const { requirements } = analysedText(1, "time t in [0, 100] flow x' = sin(t) * x require lognorm(2) <= 0.5", {
    nodes: 500,
  });
  expect(requirements[0]).toMatchObject({ verdict: "refuted" });
});

test("a witness without neurons has no slopes to name", () => {
  const model = modelOf("model M { state x[1] flow x' = 2 * x require lognorm(2) <= 1 }");
  const [refuted] = verdictDiagnostics(model, analysed(model, { nodes: 50 }));
  expect(refuted?.message).toBe("too large: lognorm(2) reaches 2 > 1");
});

test("an open question far above its limit is not taken for equality", () => {
  const { requirements } = analysedText(
    2,
    "param A = [[-1, 2], [0.5, -1]] flow x' = A * tanh(x) require lipschitz(inf) <= 2.3",
    {
      nodes: 200,
    },
  );
  expect(requirements[0]).toMatchObject({ verdict: "undecided", nearestProved: null });
});
