import { readFileSync } from "node:fs";
import { test } from "vitest";
import { analysed, analysedText, modelOf } from "./models.ts";

function show(label: string, r: any) {
  for (const q of r.requirements)
    console.log(
      label,
      q.verdict,
      q.lower,
      q.upper,
      q.stoppedBy,
      q.reason,
      q.metric?.length < 20 ? [...q.metric].join(",") : q.metric?.length,
      q.witness && [...q.witness.slopes].slice(0, 6).join(","),
      r.nodes,
      r.seconds.toFixed(2),
    );
}
test("auto", () => {
  const A = "param A = [[-1, 4], [0, -1]] ";
  for (const p of ["2", "1", "inf"])
    for (const c of [-0.9, -0.5, 0, -1, -1.1])
      show(`jordan ${p} ${c}`, analysedText(2, `${A} flow x' = A * x require lognorm(${p}, metric: auto) <= ${c}`));
  for (const p of ["2", "1", "inf"])
    for (const c of [-0.49, -0.5, 0, -0.51])
      show(
        `leaky .5 ${p} ${c}`,
        analysedText(
          2,
          `${A} flow x' = leaky_relu(0.5)(A * x) require lognorm(${p}, metric: auto) <= ${c}`
            .replace("leaky_relu(0.5)", "slope_restricted(0.5,1)")
            .replace("slope_restricted(0.5,1)(", "act(")
            .replace("flow", "activation act = slope_restricted(0.5,1) flow"),
        ),
      );
  for (const p of ["2", "1", "inf"])
    show("unstable", analysedText(2, `flow x' = [[0, 1], [1, 0]] * x require lognorm(${p}, metric: auto) <= 0.9`));
  for (const p of ["2", "1", "inf"])
    show("tie", analysedText(2, `flow x' = [[0, 1], [1, 0]] * x require lognorm(${p}, metric: auto) <= 1`));
  for (const p of ["2", "1", "inf"])
    show("tanh0", analysedText(2, `flow x' = tanh([[-2, 1],[1,-2]] * x) require lognorm(${p}, metric: auto) <= 0`));
  for (const p of ["2", "1", "inf"])
    show(
      "rot time",
      analysedText(
        2,
        `time t in [0,6] flow x' = [[-1, 3*cos(t)], [0.1, -1]] * x require lognorm(${p}, metric: auto) <= 0`,
      ),
    );
  for (const p of ["2", "1", "inf"])
    show(
      "domain",
      analysedText(
        2,
        `domain x in [-1,1] flow x' = -x + tanh([[0, 3], [-0.2, 0]] * x) require lognorm(${p}, metric: auto) <= -0.1`,
      ),
    );
  const f = "/work/shared/data/mnist-node/mnist-node-64.safetensors";
  const files = new Map([["w.safetensors", new Uint8Array(readFileSync(f))]]);
  for (const c of [1.8, 1.5, 1.7])
    show(
      `mnist ${c}`,
      analysed(
        modelOf(
          `model M { state x[64] param A = load("w.safetensors","ode.weight") flow x' = leaky_relu(0.1,A*x) require lognorm(2, metric: auto) <= ${c} }`
            .replace("leaky_relu(0.1,A*x)", "act(A*x)")
            .replace("flow", "activation act = leaky_relu(0.1) flow"),
          files,
        ),
        { seconds: 20 },
      ),
    );
}, 300000);
