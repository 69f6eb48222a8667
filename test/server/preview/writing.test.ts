import { afterEach, beforeEach, expect, test } from "vitest";
import { plainView } from "../../../service/preview/picture.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { capabilities, connect, type TestEditor } from "../test-editor.ts";

const uri = "file:///models/spiral.node";
const simulated = spiral.replace("}\n", "  simulate from [1, 0] spread 0.1\n}\n");

let editor: TestEditor;

beforeEach(async () => {
  editor = connect(new MemoryHost());
  editor.settings = { analysis: { run: "manual" } };
  await editor.start(capabilities, { previews: true });
  editor.open(uri, simulated);
});

afterEach(() => editor.stop());

const write = (params: object = {}) =>
  editor.request("contrax/writeSimulation", {
    uri,
    version: 1,
    model: "Spiral",
    initial: [[0.5, -1]],
    spread: null,
    until: null,
    ...params,
  });

test("initial states are written in one edit of the version that was looked at, and the next picture has them", async () => {
  await expect(write({ until: 4 })).resolves.toBeNull();
  expect(editor.edits).toHaveLength(1);
  expect(editor.text(uri)).toBe(simulated.replace("[1, 0] spread 0.1", "[0.5, -1] spread 0.1 until 4"));
  const params = { preview: "one", uri, model: null, position: null, view: plainView, repair: null };
  expect(await editor.request("contrax/picture", params)).toMatchObject({ version: 2, picture: { until: 4 } });
});

test("nothing is changed where the document says it already", async () => {
  await write({ initial: [[1, 0]] });
  expect(editor.edits).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ["a later version", { version: 0 }, /^Not written: the document has changed since/],
  ["no such model", { model: "Other" }, /^Not written: there is no model Other/],
  ["another number of states", { initial: [[1]] }, /has 1 components, and Spiral has 2 states/],
  ["a closed document", { uri: "file:///other.node" }, /not open/],
  ["numbers that are none", { initial: [[1, "2"]] }, /^initial\[0\]\[1\]: expected a finite number, found "2"/],
  ["nothing", { initial: [] }, /^initial: expected at least one/],
  ["a negative spread", { spread: -1 }, /^spread: expected a number that is not negative/],
])("%s is refused with a sentence", async (_, params, message) => {
  await expect(write(params)).rejects.toThrow(message);
  expect(editor.text(uri)).toBe(simulated);
});

test("what the editor refuses is told", async () => {
  editor.takesEdits = false;
  await expect(write()).rejects.toThrow(/^Not written: the editor refused the change\.$/);
});
