import { distances } from "../analysis/simulate/distances.ts";
import type { Simulated, SimulatedRun } from "./simulate.ts";
import { COLOURS, type Curve, type Plot, pictureSvg } from "./svg-plot.ts";
import { printable } from "./terminal-text.ts";

/** Of `simulate --format svg`: components against time and, with neighbours, their distances on a logarithmic axis. */
export function simulationSvg({ model, runs }: Simulated): string {
  const { states: n, stateName } = model;
  const shown = Math.min(n, COLOURS);
  const time = model.time.name ?? "t";
  const bundles = runs.flatMap((run) => run.bundles.map((bundle) => ({ ...run, bundle })));
  const starts = `${bundles.length} initial ${bundles.length === 1 ? "state" : "states"}`;
  const spreads = [...new Set(runs.flatMap(({ spread }) => (spread === null ? [] : [spread])))];
  const around =
    spreads.length > 0 ? `; thin: their neighbours, at 2-distance ${spreads.join(" or ")} in the beginning` : "";
  const components: Plot = {
    title: shown < n ? `The first ${shown} of ${n} components` : n === 1 ? "The state" : "All components",
    xLabel: `time ${time}`,
    yLabel: `components of ${stateName}`,
    isLogarithmic: false,
    curves: bundles.flatMap(({ bundle }) => componentCurves(bundle, shown)),
    legend: Array.from({ length: shown }, (_, i) => (n === 1 ? stateName : `${stateName}[${i + 1}]`)),
  };
  const apart: Plot = {
    title: "How far neighbours are from their trajectory",
    xLabel: `time ${time}`,
    yLabel: "2-distance, logarithmic",
    isLogarithmic: true,
    curves: bundles.flatMap(({ bundle }) => distanceCurves(bundle)),
    legend: ["neighbours"],
  };
  const plots = apart.curves.some(({ y }) => y.some((value) => value > 0)) ? [components, apart] : [components];
  return pictureSvg(`Trajectories of ${printable(model.name)}`, `${starts}${around}`, plots);
}

type Bundle = SimulatedRun["bundles"][number];

function componentCurves({ dimension: n, members, times, states, samples }: Bundle, shown: number): Curve[] {
  return Array.from({ length: members * shown }, (_, k) => {
    const member = Math.floor(k / shown);
    const component = k % shown;
    const x = [...times.subarray(0, samples[member]!)];
    const y = x.map((_, j) => states[(member * times.length + j) * n + component]!);
    return { x, y, colour: component, isThin: member > 0 };
  });
}

function distanceCurves(bundle: Bundle): Curve[] {
  const { members, times, samples } = bundle;
  const all = distances(bundle, "2");
  return Array.from({ length: members - 1 }, (_, m) => {
    const both = Math.min(samples[0]!, samples[m + 1]!);
    const first = m * times.length;
    return { x: [...times.subarray(0, both)], y: [...all.subarray(first, first + both)], colour: 0, isThin: true };
  });
}
