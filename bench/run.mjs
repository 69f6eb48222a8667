// `npm run bench`: how long the bounds of the 2-logarithmic norm take, beside a peer's where there is one; `--help` says
// the options. With `--short` (what the checks run) few instances, each result checked, and no time.
import { runBundled } from "./bundled.mjs";

await runBundled({ main: "bench/main.ts", helper: "server/runs/helper.ts" });
