import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Ensemble, KNOWN, margins, modelOf, summary } from "./paper-cases.ts";
import { tables, withTables } from "./paper-page.ts";

const page = "docs/paper-method.md";
const ENSEMBLES: readonly Ensemble[] = ([1, 2] as const).flatMap((layers) =>
  ([0, 1] as const).flatMap((shift) => [4, 6, 8, 10].map((n) => ({ layers, shift, n }))),
);

const { values: options } = parseArgs({ options: { short: { type: "boolean", default: false } } });
const [samples, marginSamples] = options.short ? [10, 3] : [400, 100];
const known = KNOWN.map(({ A }) => margins(modelOf([A]), 0));
const summaries = ENSEMBLES.map((ensemble) => {
  console.error(`${ensemble.layers} layers, shift ${ensemble.shift}, n = ${ensemble.n}`);
  return summary(ensemble, samples, marginSamples);
});
const text = tables(known, summaries);
if (options.short) console.log(text);
else writeFileSync(page, withTables(readFileSync(page, "utf8"), text));
