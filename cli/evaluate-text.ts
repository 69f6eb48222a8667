import { numberText, roundUp } from "../service/rounding.ts";
import type { Evaluated } from "./evaluate.ts";
import { table } from "./terminal-text.ts";

/** For people: what was run, a table by epsilon, and what the certified column rests on. */
export function evaluateText({ model, data, options, evaluation, reason, seconds }: Evaluated): string {
  const { integrator, attack } = options;
  const { count, first } = data;
  const flow =
    integrator.method === "euler"
      ? `forward Euler with ${integrator.steps} ${integrator.steps === 1 ? "step" : "steps"}`
      : `the adaptive method, tolerance ${integrator.tolerance}`;
  const pgd = `${attack.iterations} iterations, ${attack.restarts} ${attack.restarts === 1 ? "start" : "starts"}, seed ${attack.seed}`;
  const tried = attack.kind === "fgsm" ? "FGSM" : `PGD (${pgd})`;
  const rows = evaluation.levels.map(({ epsilon, attacked, certified }) => [
    String(epsilon),
    part(attacked / count),
    ...(certified === null ? [] : [part(certified / count)]),
  ]);
  const head = ["epsilon", "attacked", ...(evaluation.bounds ? ["certified"] : [])];
  const lines = [
    `${model.name}  ${count} ${count === 1 ? "image" : "images"}, ${first} to ${first + count - 1}, ${flow}, ${seconds.toFixed(1)} s`,
    `  clean accuracy ${part(evaluation.clean / count)}`,
    `  under ${tried} in the ${attack.norm === "2" ? "2-norm" : "infinity norm"}`,
    ...table([head, ...rows], (cell) => cell).map((line) => `  ${line}`),
    ...(evaluation.bounds ? certificateLines(evaluation, attack.norm) : [`  no certificate: ${reason}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function certificateLines({ bounds, images }: Evaluated["evaluation"], norm: "2" | "inf"): string[] {
  const { encoder, flow, output } = bounds!;
  const radii = images.map(({ radius }) => radius![norm]).sort((a, b) => a - b);
  const median = radii[Math.floor((radii.length - 1) / 2)]!;
  const factors = [encoder[norm], flow, output].map((factor) => numberText(roundUp(factor, 5)));
  return [
    `  certified: proved, rounding included; median radius ${part(median)}`,
    `  bounds: encoder ${factors[0]}, flow ${factors[1]}, output ${factors[2]}`,
  ];
}

/** Rounded down, so that what is said to be proved is. */
function part(x: number): string {
  return (Math.floor(x * 1e4 * (1 + 2 ** -50)) / 1e4).toFixed(4);
}
