import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { cases, settingsOf, TRAINED_ON } from "./mnist-cases.ts";
import { readFolder } from "./mnist-data.ts";
import { rowsIn, tablesOf, withTables } from "./mnist-page.ts";
import { type Row, runCase } from "./mnist-run.ts";
import { picture } from "./mnist-svg.ts";

const page = "docs/mnist.md";

/** The rows in the cases' order, by as many threads as help; what they find does not depend on that. */
async function rowsOf(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  let next = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: folder });
      const give = () => {
        if (next < cases.length) return worker.postMessage(next++);
        void worker.terminate();
        resolve();
      };
      worker.on("message", ({ at, row, seconds }: Answer) => {
        rows[at] = row;
        process.stderr.write(`${row.name}: ${JSON.stringify(row)}, ${seconds.toFixed(0)} s\n`);
        give();
      });
      worker.once("error", reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return rows;
}

interface Answer {
  readonly at: number;
  readonly row: Row;
  readonly seconds: number;
}

if (isMainThread) {
  const { data } = parseArgs({ options: { data: { type: "string" } } }).values;
  if (data === undefined) {
    process.stderr.write(
      "expected --data FOLDER, with t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or .gz\n",
    );
    process.exit(2);
  }
  const rows = await rowsOf(data);
  const tables = tablesOf(rows);
  writeFileSync(page, withTables(readFileSync(page, "utf8"), tables));
  // Drawn of what the tables say, so that the one can be checked by the other.
  writeFileSync("docs/images/mnist.svg", picture(rowsIn(tables)));
} else {
  const { train, test } = readFolder(workerData, TRAINED_ON);
  parentPort!.on("message", (at: number) => {
    const start = performance.now();
    const row = runCase(cases[at]!, settingsOf(cases[at]!), train, test);
    parentPort!.postMessage({ at, row, seconds: (performance.now() - start) / 1000 } satisfies Answer);
  });
}
