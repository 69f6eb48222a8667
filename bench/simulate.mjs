// `npm run bench:simulate`: how long clouds of trajectories take, beside SciPy where it is; `--help` says the options. With
// `--short` (what the checks run) the results only, each checked, and no time.
import { runBundled } from "./bundled.mjs";

await runBundled({ main: "bench/simulate.ts" });
