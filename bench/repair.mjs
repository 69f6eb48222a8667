// `npm run bench:repair`: what repairs cost and how long they take to find, beside a peer where there is one; `--help` says
// the options. With `--short` (what the checks run) distances that are known, each checked, and no time.
import { runBundled } from "./bundled.mjs";

await runBundled({ main: "bench/repair.ts", helper: "server/runs/helper.ts" });
