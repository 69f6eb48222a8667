import { expect, test } from "vitest";
import { summary } from "../../client/summary.ts";
import type { ModelStatus } from "../../server/status.ts";

const model = (
  state: ModelStatus["state"],
  ...verdicts: ModelStatus["requirements"][number]["verdict"][]
): ModelStatus => ({
  name: "M",
  state,
  requirements: verdicts.map((verdict) => ({ text: "lognorm(2) <= 0", verdict })),
  message: state === "failed" ? "it ran out of memory" : null,
});

test("all of a document's requirements are proved, or it does not say so", () => {
  expect(summary([model("decided", "proved"), model("decided", "proved", "proved")]).text).toBe("Proved");
  expect(summary([model("decided", "proved"), model("decided", "proved", "undecided")])).toMatchObject({
    text: "Undecided",
    severity: "Warning",
  });
  expect(summary([model("decided", "undecided", "refuted")])).toMatchObject({ text: "Refuted", severity: "Error" });
  expect(summary([model("decided", null)]).text).toBe("Undecided");
});

test("work under way, old results and failures come before verdicts", () => {
  expect(summary([model("decided", "refuted"), model("running", null)])).toMatchObject({ text: "Running", busy: true });
  expect(summary([model("decided", "proved"), model("stale", null)])).toMatchObject({
    text: "Out of date",
    busy: false,
  });
  const failed = summary([model("failed", null)]);
  expect(failed).toMatchObject({ text: "Analysis failed", severity: "Error" });
  expect(failed.detail).toBe("M: it ran out of memory");
});

test("nothing is said where nothing is asked", () => {
  expect(summary([])).toEqual({ text: "No verdict", detail: "", severity: "Information", busy: false });
  expect(summary([model("decided")]).text).toBe("Bounded");
});
