import type { ChildProcess } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unpack } from "../../../server/messages/packed.ts";
import type { PreviewAnswer } from "../../../server/messages/preview-messages.ts";
import { type Picture, plainView } from "../../../service/preview/picture.ts";
import { spiral } from "../../service/checked.ts";
import { type Client, startServer } from "./client.ts";

const uri = "untitled:model";
const simulated = spiral.replace("}\n", "  simulate from [1, 0] spread 0.1\n}\n");

let child: ChildProcess;
let client: Client;

beforeEach(async () => {
  ({ child, client } = startServer());
  const initializationOptions = { previews: true, analysis: { run: "manual" } };
  const capabilities = { workspace: { applyEdit: true }, textDocument: { codeLens: {} } };
  await client.request("initialize", { processId: null, rootUri: null, capabilities, initializationOptions });
  client.notify("initialized", {});
});

afterEach(async () => {
  await client.request("shutdown");
  client.notify("exit", {});
  await new Promise((resolve) => child.on("exit", resolve));
});

function open(text: string): void {
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });
}

async function ask(params: object = {}): Promise<PreviewAnswer> {
  const all = { preview: "one", uri, model: null, position: null, view: plainView, repair: null, ...params };
  return (await client.request("contrax/picture", all)) as PreviewAnswer;
}

async function picture(params: object = {}): Promise<Picture> {
  const answer = await ask(params);
  if (answer.kind !== "picture") throw new Error(answer.text);
  return unpack<Picture>(answer.picture);
}

/** x' = -x + tanh(A x) with n states. */
function large(n: number, rest: string): string {
  const A = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => Math.sin(i * n + j + 0.5) / Math.sqrt(n)),
  );
  return `model Large { state x[${n}] time t in [0, 10] param A = ${JSON.stringify(A)} flow x' = -x + tanh(A * x) ${rest} }`;
}

test("the server that ships draws the model, tells of changes, and its lens opens the preview", async () => {
  open(simulated);
  await client.until(({ method, params }) => method === "contrax/previewChanged" && params!.uri === uri);
  const { bundles, envelope, verdict } = await picture({ view: { ...plainView, worst: true } });
  expect(verdict.state).toBe("unknown");
  expect(bundles[0].neighbours).toBe(13);
  const { times, distances } = bundles[0];
  const { logFactor } = envelope!;
  for (const [k, t] of times.entries()) {
    for (let m = 0; m < 13; m++) {
      const bound = Math.exp((logFactor.at(-1)! * t) / 10) * distances[m * times.length];
      expect(distances[m * times.length + k]).toBeLessThanOrEqual(bound * (1 + 1e-6));
    }
  }
  const lenses = (await client.request("textDocument/codeLens", { textDocument: { uri } })) as { command: object }[];
  expect(lenses[0].command).toEqual({ title: "Preview", command: "contrax.openPreview", arguments: [uri, "Spiral"] });
});

test("what is not well formed gets a sentence", async () => {
  open(simulated);
  await expect(ask({ view: { ...plainView, initial: "x" } })).rejects.toThrow(/view\.initial: expected a list, found/);
  await expect(client.request("contrax/picture", {})).rejects.toThrow(/preview: expected a string/);
  expect((await picture()).model).toBe("Spiral");
});

test("the picture of a large model under way is given up for a later one in a moment", async () => {
  open(large(200, "simulate from ones(200), zeros(200), 2 * ones(200), -ones(200) spread 0.1"));
  await ask({ view: { ...plainView, until: 0.1 } });
  const slow = ask({ view: { ...plainView, until: 5000 } }).then(
    () => "drawn",
    (error: Error) => error.message,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = performance.now();
  const quick = await ask({ view: { ...plainView, initial: [], until: 0.1 } });
  expect(quick.kind).toBe("picture");
  expect(await slow).toMatch(/took the place/);
  // What of it is the cancellation, and what the next picture, which may begin in a new thread.
  expect(performance.now() - before).toBeLessThan(4000);
});

test("784 states are drawn, and the server answers other things meanwhile", async () => {
  open(large(784, "simulate from ones(784) spread 0.1"));
  await client.request("textDocument/codeLens", { textDocument: { uri } });
  const drawing = picture();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = performance.now();
  await client.request("textDocument/foldingRange", { textDocument: { uri } });
  expect(performance.now() - before).toBeLessThan(1000);
  const { bundles, plane } = await drawing;
  expect(bundles[0].neighbours).toBeGreaterThanOrEqual(2);
  expect(plane!.labels).toEqual(["1st principal direction", "2nd principal direction"]);
}, 60_000);
