// `npm run picture`: draws docs/images/least-change.svg again, and writes the numbers beside it in docs/repair.md.
import { runBundled } from "./bundled.mjs";

await runBundled({ main: "bench/picture.ts" });
