import { distances } from "../analysis/simulate/distances.ts";
import type { Simulated } from "./simulate.ts";

const NORMS = ["1", "2", "inf"] as const;

/**
 * Of `simulate --format csv`: a line for each state, below a line of names. `member` is 0 for the stated trajectory and 1, 2, …
 * for its neighbours, whose distances from it are in the last columns.
 */
export function simulationCsv({ model, runs }: Simulated): string {
  const components = Array.from({ length: model.states }, (_, i) => `${model.stateName}${i + 1}`);
  const time = model.time.name ?? "t";
  const names = ["simulation", "trajectory", "member", time, ...components, ...NORMS.map((norm) => `distance_${norm}`)];
  const lines = [names.join()];
  for (const [s, { times, bundles }] of runs.entries()) {
    for (const [b, bundle] of bundles.entries()) {
      const { dimension: n, members, states, samples } = bundle;
      const T = times.length;
      const far = NORMS.map((norm) => distances(bundle, norm));
      for (let m = 0; m < members; m++) {
        for (let k = 0; k < samples[m]!; k++) {
          const first = (m * T + k) * n;
          const isPair = m > 0 && k < samples[0]!;
          const apart = far.map((all) => (isPair ? all[(m - 1) * T + k]! : ""));
          lines.push([s + 1, b + 1, m, times[k]!, ...states.subarray(first, first + n), ...apart].join());
        }
      }
    }
  }
  return `${lines.join("\n")}\n`;
}
