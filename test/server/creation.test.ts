import { afterEach, beforeEach, expect, test } from "vitest";
import type { NewModelResult, TemplateItem } from "../../server/messages/new-model-messages.ts";
import { MemoryHost } from "./memory-host.ts";
import { connect, type TestEditor, until } from "./test-editor.ts";

let host: MemoryHost;
let editor: TestEditor;

beforeEach(async () => {
  host = new MemoryHost();
  editor = connect(host);
  await editor.start();
});

afterEach(() => editor.stop());

const create = (params: unknown) => editor.request<NewModelResult>("contrax/newModel", params);

test("every template that is listed can be had", async () => {
  const templates = await editor.request<TemplateItem[]>("contrax/templates", {});
  expect(templates.length).toBeGreaterThan(5);
  for (const { name, title, detail } of templates) {
    expect(title + detail).not.toBe("");
    expect(await create({ template: name })).toEqual({ text: expect.stringMatching(/^model \w+ \{\n/) });
  }
});

test("a model for a weight file is analysed where it will be saved, before it is", async () => {
  host.write(
    "/models/spiral.json",
    JSON.stringify({
      "ode.0.weight": [
        [-0.1, 2],
        [-2, -0.1],
      ],
      "ode.0.bias": [0, 0.1],
    }),
  );
  const document = "file:///models/spiral.node";
  const made = await create({ document, file: "spiral.json" });
  expect(made).toEqual({ text: expect.stringContaining('load("spiral.json", "ode.0.weight")') });
  const uri = "untitled:/models/spiral.node";
  editor.open(uri, "text" in made ? made.text : "");
  await until("a verdict", () => editor.codes(uri).includes("CX401"));
});

test("what cannot be proposed is said", async () => {
  expect(await create({ document: "file:///m/a.node", file: "none.npz" })).toEqual({
    problem: '"none.npz": there is no such file',
  });
  host.write("/m/w.json", "[[1, 2, 3]]");
  expect(await create({ document: "file:///m/a.node", file: "w.json" })).toEqual({
    problem: expect.stringContaining("no vector field in it"),
  });
  expect(await create({ document: "untitled:a", file: "w.json" })).toEqual({
    problem: '"w.json": cannot be found from "untitled:a"',
  });
  for (const wrong of [null, 1, [], { template: "no" }, { template: {} }, { document: 1, file: [] }]) {
    expect(await create(wrong)).toEqual({ problem: expect.stringMatching(/^expected a template \(one-layer, /) });
  }
});
