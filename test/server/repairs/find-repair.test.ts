import { describe, expect, test } from "vitest";
import type { RequirementReport } from "../../../analysis/report.ts";
import { analysisFingerprint } from "../../../model/fingerprint.ts";
import { type Doer, findRepair, type RepairTask } from "../../../server/repairs/find-repair.ts";
import { doJob, type Job } from "../../../server/runs/jobs.ts";
import { goalOf } from "../../../service/repair/candidates.ts";
import { provedWriting } from "../../../service/repair/proved-repair.ts";
import type { Found, NoRepair, Repair } from "../../../service/repair/repair.ts";
import { provedTitle } from "../../../service/repair/titles.ts";
import { applyEdits } from "../../../service/text-edits.ts";
import { checked, spiral } from "../../service/checked.ts";

const effort = { precision: 1e-3, seconds: 10 };
const newName = (file: string) => `new-${file}`;
const leastOfA: Repair = { kind: "min-norm", params: ["A"] };

/** Does jobs at once; searches are answered by `search` where it has an answer. */
function doer(search: (aims: readonly number[], count: number) => Found | NoRepair | undefined = () => undefined) {
  const jobs: Job[] = [];
  const run = async (job: Job) => {
    jobs.push(job);
    if (job.kind === "search") {
      const answer = search(
        job.aims.map(({ limit }) => limit),
        jobs.filter(({ kind }) => kind === "search").length,
      );
      if (answer !== undefined) return answer;
    }
    const steps = doJob(job);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  };
  return { jobs, run: run as Doer };
}

function taskOf(document: ReturnType<typeof checked>, repair: Repair, others: Partial<RepairTask> = {}): RepairTask {
  const goals = document.compilation.models[0].requirements.map(goalOf);
  return { repair, goals, proved: [], ...others };
}

const find = (document: ReturnType<typeof checked>, task: RepairTask, run: Doer) =>
  findRepair(document, document.compilation.models[0], task, effort, newName, run);

const values = (...pieces: number[][]): Found => ({
  kind: "values",
  changes: [{ param: "A", pieces: pieces.map((piece) => Float64Array.from(piece)) }],
  leastDistance: 0.5,
  reason: null,
});

/** x' = A x in one dimension: the logarithmic norm is the number itself. */
const line = (value: string, requires = "lognorm(2) <= 0.5") =>
  `model M { state x[1] param A = ${value} flow x' = A * x require ${requires} }`;

describe("a repair", () => {
  test("is what the real search finds, proved, with its cost", async () => {
    const document = checked(spiral);
    const found = await find(document, taskOf(document, leastOfA), doer().run);
    if (found?.kind !== "proved") throw new Error(JSON.stringify(found));
    const [model] = document.compilation.models;
    expect(provedTitle(model, found)).toMatch(
      /^Least change of A: ‖ΔA‖ = 0\.81?\d* \(28\.[67] %\), proves lognorm\(2\) <= 0$/,
    );
    expect(found.distance!.lower).toBeLessThanOrEqual(0.8094763);
    expect(found.distance!.upper).toBeGreaterThanOrEqual(0.8094757);
    expect(found.lost).toEqual([]);
    const again = provedWriting(document, model, found, newName)!;
    expect(analysisFingerprint(again.model)).toBe(found.fingerprint);
    const later = checked(applyEdits(document.document.getText(), again.edits));
    expect(analysisFingerprint(later.compilation.models[0])).toBe(found.fingerprint);
  });

  test("gets more digits until what is written is proved", async () => {
    const document = checked(line("[[2]]"));
    const { run, jobs } = doer(() => values([0.49996]));
    const found = await find(document, taskOf(document, leastOfA), run);
    // Of a change by 1.5 three digits are 0.50, which is proved.
    expect(found).toMatchObject({ kind: "proved", digits: 3 });
    expect(jobs.map(({ kind }) => kind)).toEqual(["search", "prove"]);
    const tighter = checked(line("[[2]]", "lognorm(2) <= 0.4996"));
    const second = doer(() => values([0.49958]));
    const more = await find(tighter, taskOf(tighter, leastOfA), second.run);
    // 0.50 and 0.500 are not.
    expect(more).toMatchObject({ kind: "proved", digits: 5 });
    expect(more?.kind === "proved" && more.written.edits[0].text).toBe("0.4996");
  });

  test("is searched for again, with less of the limit used, where no digits do", async () => {
    const document = checked(line("[[2]]"));
    const limits: number[] = [];
    const { run } = doer(([limit]) => {
      limits.push(limit);
      return values([limit + 0.01]);
    });
    const found = await find(document, taskOf(document, leastOfA), run);
    expect(limits[0]).toBe(0.5);
    expect(limits[1]).toBeLessThan(0.49);
    expect(found).toMatchObject({ kind: "proved", distance: { lower: 0.5 } });
  });

  test("that is never proved is none, with the goal that is missed; nothing is searched for ever", async () => {
    const document = checked(line("[[2]]"));
    const { run, jobs } = doer(() => values([0.7]));
    expect(await find(document, taskOf(document, leastOfA), run)).toEqual({
      kind: "none",
      reason: "what was found is not proved to meet lognorm(2) <= 0.5",
      instead: null,
    });
    expect(jobs.filter(({ kind }) => kind === "search")).toHaveLength(3);
  });

  test("is none where the proof takes too long, and not a change by what the bound is off by", async () => {
    const document = checked(line("[[2]]"));
    const { run, jobs } = doer(([limit]) => values([limit]));
    // A proof that gets nowhere in its time: all that is known is a bound far above.
    const slow: Doer = async (job) => {
      const answer = await run(job);
      if (job.kind !== "prove") return answer;
      const [first] = answer as readonly RequirementReport[];
      return [{ ...first, verdict: "undecided", upper: 900, stoppedBy: "time" }] as never;
    };
    expect(await find(document, taskOf(document, leastOfA), slow)).toMatchObject({
      kind: "none",
      reason: "what was found is not proved to meet lognorm(2) <= 0.5",
    });
    expect(jobs.filter(({ kind }) => kind === "search")).toHaveLength(2);
    expect(jobs.at(-1)?.kind).toBe("search");
  });

  test("says what was proved and is not any more", async () => {
    const document = checked(line("[[2]]", "lognorm(2) <= -5 require step(2, 1) <= 3"));
    const [goal, proved] = taskOf(document, leastOfA).goals;
    const task = { repair: leastOfA, goals: [goal], proved: [proved] };
    const found = await find(document, task, doer().run);
    if (found?.kind !== "proved") throw new Error(JSON.stringify(found));
    expect(found.lost).toEqual([proved]);
    expect(provedTitle(document.compilation.models[0], found)).toMatch(
      /proves lognorm\(2\) <= -5, loses step\(2, 1\) <= 3$/,
    );
  });

  test("that would change what is required is none", async () => {
    for (const requirement of ["lognorm(1, metric: w) <= 0.5", "lognorm(2) <= A / 4"]) {
      const text = `model M { state x[1] param A = 2 param w = [A] flow x' = A * x require ${requirement} }`;
      const document = checked(text);
      const found = await find(document, taskOf(document, leastOfA), doer(() => values([0.4])).run);
      expect(found, requirement).toMatchObject({
        kind: "none",
        reason: "the limits or metrics that are required would change with it",
      });
    }
  });

  test("passes on why there is none", async () => {
    const none = { kind: "none", reason: "it cannot be", instead: "another" } as const;
    const document = checked(line("[[2]]"));
    expect(await find(document, taskOf(document, leastOfA), doer(() => none).run)).toEqual(none);
  });

  test("is null where it was cancelled, in the search or in the proof", async () => {
    const document = checked(line("[[2]]"));
    const cancelled = (kind: Job["kind"]) => {
      const { run } = doer(() => values([0.4]));
      return ((job: Job) => (job.kind === kind ? Promise.resolve(null) : run(job))) as Doer;
    };
    expect(await find(document, taskOf(document, leastOfA), cancelled("search"))).toBeNull();
    expect(await find(document, taskOf(document, leastOfA), cancelled("prove"))).toBeNull();
  });

  test("is the decay that is known to do where none was found in time", async () => {
    const document = checked(line("[[2]]"));
    const none = { kind: "none", reason: "no time", instead: null } as const;
    const task = taskOf(document, { kind: "decay" }, { enough: 1.5 });
    expect(await find(document, task, doer(() => none).run)).toMatchObject({ kind: "proved", value: "1.5" });
  });
});

describe("in a file", () => {
  /** float16 numbers as IEEE 754 lays them out: 2, 0x4000. */
  const half = () => {
    const header = `${"{'descr': '<f2', 'fortran_order': False, 'shape': (1, 1), }".padEnd(117)}\n`;
    return Uint8Array.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0, ...Buffer.from(header), 0x00, 0x40]);
  };

  test("what is proved is rounded as the file rounds, after a tighter search where that is too much", async () => {
    // Between 0.5 and 1 a float16 has steps of 2^-11: 0.7 becomes 0.7001953125, 0.6997 becomes 0.69970703125.
    const document = checked(line('load("w.npy")', "lognorm(2) <= 0.7"), { "w.npy": half() });
    const limits: number[] = [];
    const { run } = doer(([limit]) => {
      limits.push(limit);
      return values([limit]);
    });
    const found = await find(document, taskOf(document, leastOfA), run);
    if (found?.kind !== "proved") throw new Error(JSON.stringify(found));
    expect(limits).toHaveLength(2);
    const value = found.written.model.params[0].value;
    const stored = value.op === "constant" ? value.data[0] : Number.NaN;
    expect(stored).toBeLessThanOrEqual(0.7);
    expect(stored * 2 ** 11).toBe(Math.round(stored * 2 ** 11));
    expect(found.replaces).toEqual(["w.npy"]);
    expect(found.written.files).toMatchObject([{ file: "new-w.npy", from: "w.npy" }]);
    expect(found.written.edits.map(({ text }) => text)).toEqual(['"new-w.npy"']);
    expect(found.changes[0].frobenius).toBeCloseTo(2 - stored, 12);
  });
});
