import { expect, test } from "vitest";
import { summary } from "../../client/summary.ts";
import type { ModelStatus } from "../../server/messages/status-messages.ts";

const model = (
  state: ModelStatus["state"],
  ...verdicts: ModelStatus["requirements"][number]["verdict"][]
): ModelStatus => ({
  name: "M",
  state,
  requirements: verdicts.map((verdict) => ({ text: "lognorm(2) <= 0", verdict })),
  searching: false,
  wasDecided: false,
  message: state === "failed" ? "it ran out of memory" : null,
});

/** Of a document without errors. */
const of = (...models: ModelStatus[]) => summary({ models, broken: [], errors: 0 });

test("all of a document's requirements are proved, or it does not say so", () => {
  expect(of(model("decided", "proved"), model("decided", "proved", "proved")).text).toBe("Proved");
  expect(of(model("decided", "proved"), model("decided", "proved", "undecided"))).toMatchObject({
    text: "Undecided",
    severity: "Warning",
    detail: "M: proved · M: undecided (1 of 2 proved)",
  });
  expect(of(model("decided", "undecided", "refuted"))).toMatchObject({ text: "Refuted", severity: "Error" });
  expect(of(model("decided", null)).text).toBe("Undecided");
});

test("work under way, old results and failures come before verdicts", () => {
  expect(of(model("decided", "refuted"), model("running", null))).toMatchObject({ text: "Running", busy: true });
  expect(of(model("decided", "proved"), model("queued", null))).toMatchObject({ text: "Queued", busy: true });
  expect(of(model("decided", "proved"), model("stale", null))).toMatchObject({ text: "Out of date", busy: false });
  const failed = of(model("failed", null));
  expect(failed).toMatchObject({ text: "Analysis failed", severity: "Error" });
  expect(failed.detail).toBe("M: it ran out of memory");
});

test("a document with errors has no verdict, though its other models are proved", () => {
  const half = summary({ models: [model("decided", "proved")], broken: ["Other"], errors: 2 });
  expect(half).toEqual({
    text: "No verdict: errors",
    detail: "M: proved · Other: 2 errors",
    severity: "Error",
    busy: false,
  });
  expect(summary({ models: [], broken: [], errors: 1 })).toMatchObject({
    text: "No verdict: errors",
    detail: "1 error",
  });
});

test("a verdict stands while repairs are searched, and the item is busy", () => {
  const searched = of({ ...model("decided", "refuted"), searching: true });
  expect(searched).toMatchObject({ text: "Refuted", busy: true, detail: "M: refuted, searching repairs" });
});

test("nothing is said where nothing is asked, or nothing is known", () => {
  expect(of()).toEqual({ text: "No verdict", detail: "no model", severity: "Information", busy: false });
  expect(of(model("decided")).text).toBe("Bounded");
  expect(summary(null)).toMatchObject({ text: "No verdict", busy: false });
});
