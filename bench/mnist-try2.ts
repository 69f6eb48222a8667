import { readFileSync } from "node:fs";
import { openDataArray } from "../weights/data-array.ts";
import { cases, settingsOf } from "./mnist-cases.ts";
import { trained } from "./mnist-run.ts";

const D = process.argv[2]!;
const im = openDataArray({ file: "x", name: null }, readFileSync(D + "/t10k-images-idx3-ubyte.gz"), "");
const la = openDataArray({ file: "x", name: null }, readFileSync(D + "/t10k-labels-idx1-ubyte.gz"), "");
const get = (first: number, count: number) => ({
  first,
  count,
  images: im.rows(first, count).map((v) => v / 255),
  labels: Int32Array.from(la.rows(first, count)),
});
for (const i of process.argv[3]!.split(",").map(Number)) {
  const t = process.cpuUsage();
  trained(cases[i]!, settingsOf(cases[i]!, 1), get(0, 8000));
  console.log(cases[i]!.name, process.cpuUsage(t).user / 1e6);
}
