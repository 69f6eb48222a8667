import { readFileSync } from "node:fs";
import { openDataArray } from "../weights/data-array.ts";
import { cases, settingsOf } from "./mnist-cases.ts";
import { runCase } from "./mnist-run.ts";

const D = process.argv[2]!,
  epochs = Number(process.argv[3]),
  nt = Number(process.argv[4]),
  ne = Number(process.argv[5]);
const im = openDataArray({ file: "x", name: null }, readFileSync(D + "/t10k-images-idx3-ubyte.gz"), "");
const la = openDataArray({ file: "x", name: null }, readFileSync(D + "/t10k-labels-idx1-ubyte.gz"), "");
const get = (first: number, count: number) => ({
  first,
  count,
  images: im.rows(first, count).map((v) => v / 255),
  labels: Int32Array.from(la.rows(first, count)),
});
for (const i of process.argv[6]!.split(",").map(Number)) {
  const t = performance.now();
  try {
    const r = runCase(cases[i]!, settingsOf(cases[i]!, epochs), get(0, nt), get(8000, ne));
    console.log(JSON.stringify(r), ((performance.now() - t) / 1000).toFixed(1));
  } catch (e) {
    console.log(cases[i]!.name, e);
  }
}
