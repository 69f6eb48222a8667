import { execFile } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const tally = pathToFileURL(path.resolve(import.meta.dirname, "../../scripts/tally.mjs")).href;

/** Runs steps given as programs, and returns the status and the last line of the whole. */
function total(...programs: string[]): Promise<{ status: number; line: string | undefined }> {
  const steps = programs.map((program) => `await runStep(["-e", ${JSON.stringify(program)}])`);
  const code = `import { finish, runStep } from ${JSON.stringify(tally)}; finish([${steps.join()}]);`;
  return new Promise((resolve) => {
    execFile(process.execPath, ["--input-type=module", "-e", code], (error, stdout) => {
      resolve({ status: error ? Number(error.code) : 0, line: stdout.trimEnd().split("\n").at(-1) });
    });
  });
}

test("counts are summed, and a step without counts is one check", async () => {
  const counted = 'console.log("noise\\n3 passed, 0 failed\\n4 passed, 0 failed, 2 skipped")';
  expect(await total(counted, "0")).toEqual({ status: 0, line: "5 passed, 0 failed, 2 skipped" });
});

test("a step that fails is counted, and the steps after it still run", async () => {
  expect(await total('console.log("2 passed, 3 failed"); process.exit(1)', "process.exit(7)", "0")).toEqual({
    status: 1,
    line: "3 passed, 4 failed",
  });
});

test("a step that passes its tests and then breaks has failed", async () => {
  expect(await total('console.log("2 passed, 0 failed"); throw 1')).toEqual({ status: 1, line: "2 passed, 1 failed" });
  expect(await total("process.kill(process.pid)")).toEqual({ status: 1, line: "0 passed, 1 failed" });
});

test("nothing at all is not a success", async () => {
  expect(await total()).toEqual({ status: 1, line: "0 passed, 0 failed" });
  expect(await total('console.log("0 passed, 0 failed")')).toEqual({ status: 1, line: "0 passed, 0 failed" });
});
