import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FromWorker } from "../../../server/runs/jobs.ts";
import { type Picture, plainView } from "../../../service/preview/picture.ts";
import { checked, spiral } from "../../service/checked.ts";

/** The worker's own global scope, and what it has sent. */
interface Scope {
  onmessage: (event: { data: unknown }) => void;
  postMessage(message: FromWorker): void;
}

let sent: FromWorker[];
let scope: Scope;

beforeEach(async () => {
  sent = [];
  scope = { onmessage: () => {}, postMessage: (message) => void sent.push(message) };
  vi.stubGlobal("self", scope);
  vi.resetModules();
  await import("../../../server/browser/browser-worker.ts");
});

afterEach(() => vi.unstubAllGlobals());

const [model] = checked(spiral).compilation.models;

test("a job that ends answers", async () => {
  scope.onmessage({ data: { id: 1, job: { kind: "analyse", model, options: {} } } });
  await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ id: 1, kind: "done" }), 10_000);
  expect(sent.at(-1)).toMatchObject({ answer: { requirements: [{ verdict: "refuted" }] } });
});

test("a long job reports, hears of its cancellation, and the next one is done", async () => {
  const n = 24;
  const random = (seed: number) =>
    JSON.stringify(
      Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Math.sin(seed + i * n + j))),
    );
  const [hard] = checked(`model Hard {
    state x[${n}]
    param V = ${random(0.5)}
    param W = ${random(700.1)}
    flow x' = V * relu(W * x)
    require lognorm(2) <= 20
  }`).compilation.models;
  scope.onmessage({
    data: { id: 1, job: { kind: "analyse", model: hard, options: { seconds: 60, tolerance: 1e-9 } } },
  });
  await vi.waitFor(() => expect(sent.filter(({ kind }) => kind === "progress").length).toBeGreaterThan(0), 20_000);
  scope.onmessage({ data: { cancel: 1 } });
  await vi.waitFor(() => expect(sent.at(-1)).toEqual({ id: 1, kind: "done", answer: null }), 10_000);
  scope.onmessage({ data: { id: 2, job: { kind: "analyse", model, options: {} } } });
  await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ id: 2, kind: "done" }), 10_000);
});

test("what goes wrong is told", async () => {
  scope.onmessage({ data: { id: 1, job: { kind: "analyse", model: null, options: {} } } });
  await vi.waitFor(() => expect(sent).toEqual([{ id: 1, kind: "failed", message: expect.any(String) }]));
});

test("a picture comes with its arrays, which are handed over", async () => {
  const standing = { state: "stale", report: null, before: null };
  const [simulated] = checked(spiral.replace("}\n", "  simulate from [1, 0] spread 0.1\n}\n")).compilation.models;
  const transferred: unknown[][] = [];
  scope.postMessage = (message: FromWorker, options?: { transfer: unknown[] }) => {
    sent.push(message);
    transferred.push(options!.transfer);
  };
  const task = { model: simulated, standing, view: plainView, repaired: null, tolerance: 1e-6 };
  scope.onmessage({ data: { id: 1, job: { kind: "picture", task } } });
  await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ id: 1, kind: "done" }), 10_000);
  const { answer } = sent.at(-1) as { answer: Picture };
  expect(answer.bundles[0].distances).toHaveLength(12 * 301);
  const buffers = transferred.at(-1)!;
  expect(buffers).toContain(answer.bundles[0].distances.buffer);
  expect(buffers).toContain(answer.plane!.field!.arrows.buffer);
  // None twice, which no thread would take.
  expect(() => structuredClone(answer, { transfer: buffers as ArrayBuffer[] })).not.toThrow();
});
