// `npm run bench:editor`: the figures of the language server that ships, driven over its standard input and output like an
// editor drives it, of the extension's start and of the package; `--help` says the options. With `--short` (what the
// checks run) little of everything, each result checked, and no time.
import { runBundled } from "./bundled.mjs";

await runBundled({ main: "bench/editor.ts" });
