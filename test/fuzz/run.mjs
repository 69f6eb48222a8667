// `npm run fuzz`: 100,000 documents and messages changed by chance; `--help` says the options.
import { runBundled } from "../../bench/bundled.mjs";

await runBundled({ main: "test/fuzz/main.ts" });
