// `npm run bench:paper`: the source paper's gradient flow beside the proved search, on stated random models; writes the
// tables of docs/paper-method.md. With `--short` few models, and the tables to standard output.
import { runBundled } from "./bundled.mjs";

await runBundled({ main: "bench/paper.ts" });
