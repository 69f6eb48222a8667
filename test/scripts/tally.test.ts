import { execFile } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const tally = pathToFileURL(path.resolve(import.meta.dirname, "../../scripts/tally.mjs")).href;

/** Runs steps given as programs, and returns the status and the last lines of the whole. */
function total(...programs: string[]): Promise<{ status: number; before?: string; line: string | undefined }> {
  const steps = programs.map((program) => `await runStep(["-e", ${JSON.stringify(program)}])`);
  const code = `import { finish, runStep } from ${JSON.stringify(tally)}; finish([${steps.join()}]);`;
  return new Promise((resolve) => {
    execFile(process.execPath, ["--input-type=module", "-e", code], (error, stdout) => {
      const [line, before] = stdout.trimEnd().split("\n").reverse();
      const skipped = before?.endsWith(" skipped") ? { before } : {};
      resolve({ status: error ? Number(error.code) : 0, ...skipped, line });
    });
  });
}

test("counts are summed, and a step without counts is one check", async () => {
  const counted = 'console.log("noise\\n3 passed, 0 failed\\n2 skipped\\n4 passed, 0 failed")';
  expect(await total(counted, "0", counted)).toEqual({ status: 0, before: "4 skipped", line: "9 passed, 0 failed" });
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
