import type { Bundle } from "../analysis/simulate/bundle.ts";
import { distances } from "../analysis/simulate/distances.ts";
import type { Ending } from "../analysis/simulate/ending.ts";
import type { Simulated } from "./simulate.ts";
import type { Neighbour, SimulateDocument, Stopped, Trajectory } from "./simulate-json.ts";

/** Of `simulate --format json`. On one line: most of it is numbers. */
export function simulationDocument({ model, tolerance, runs }: Simulated): string {
  const document: SimulateDocument = {
    version: 1,
    model: model.name,
    state: model.stateName,
    states: model.states,
    tolerance,
    simulations: runs.map(({ spread, times, bundles }) => ({
      spread,
      times: [...times],
      trajectories: bundles.map(trajectoryOf),
    })),
  };
  return `${JSON.stringify(document)}\n`;
}

function trajectoryOf(bundle: Bundle): Trajectory {
  const { members, times, samples, endings } = bundle;
  const T = times.length;
  const byNorm = (["1", "2", "inf"] as const).map((norm) => [norm, distances(bundle, norm)] as const);
  const neighbour = (m: number): Neighbour => {
    const both = Math.min(samples[0]!, samples[m]!);
    const ofMember = byNorm.map(([norm, all]) => [norm, [...all.subarray((m - 1) * T, (m - 1) * T + both)]]);
    return { states: statesOf(bundle, m), stopped: stopped(endings[m]!), distances: Object.fromEntries(ofMember) };
  };
  return {
    states: statesOf(bundle, 0),
    stopped: stopped(endings[0]!),
    neighbours: Array.from({ length: members - 1 }, (_, k) => neighbour(k + 1)),
  };
}

function statesOf({ dimension: n, times, states, samples }: Bundle, member: number): number[][] {
  return Array.from({ length: samples[member]! }, (_, k) => {
    const first = (member * times.length + k) * n;
    return [...states.subarray(first, first + n)];
  });
}

function stopped({ kind, t }: Ending): Stopped | null {
  return kind === "complete" ? null : { t, reason: kind };
}
