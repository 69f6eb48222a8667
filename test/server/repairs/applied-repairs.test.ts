import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver-types";
import type { ComparedRepair, RepairPreview } from "../../../server/messages/repair-messages.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { capabilities, connect, resolving, type TestEditor, until } from "../test-editor.ts";

const uri = "file:///models/spiral.node";
const changed = "the model has changed since this repair was found; ask again";

let host: MemoryHost;
let editor: TestEditor;

beforeEach(() => {
  host = new MemoryHost();
  editor = connect(host);
});

afterEach(() => editor.stop());

async function offered(text = spiral): Promise<CodeAction[]> {
  editor.open(uri, text);
  await until("a verdict", () => editor.codes(uri).includes("CX401"));
  return editor.codeActions(uri, "require");
}

describe("an editor that asks for an edit when it is wanted", () => {
  beforeEach(() => editor.start(resolving, { compares: true }));

  test("is given it then, for the version at hand", async () => {
    expect(editor.server.codeActionProvider).toMatchObject({ resolveProvider: true });
    const [action] = await offered();
    expect(action.isPreferred).toBe(true);
    expect(action.edit).toBeUndefined();
    const resolved = await editor.resolve(action);
    expect(resolved).toMatchObject({ title: action.title, isPreferred: true });
    editor.apply(uri, resolved);
    editor.save(uri);
    await until("the proof", () => editor.statuses.at(-1)?.models[0]?.requirements[0]?.verdict === "proved");
  });

  test.each([
    ["the weights are others", "-0.1, 2]", "-0.2, 2]"],
    ["only a remark came", "model", "// remark\nmodel"],
  ])("is told, and given none, where %s", async (_, before, after) => {
    const [action] = await offered();
    editor.edit(uri, before, after);
    await expect(editor.resolve(action)).rejects.toThrow(changed);
    await until("the message", () => editor.messages.some(({ message }) => message.includes(changed)));
    expect(editor.messages.map(({ message }) => message)).toEqual([`Not repaired, ${changed}.`]);
  });

  test("is told where the document is closed, or nothing is known of the repair", async () => {
    const [action] = await offered();
    await expect(editor.resolve({ ...action, data: { ...action.data, repair: "0" } })).rejects.toThrow(changed);
    await expect(editor.resolve({ ...action, data: "nonsense" })).rejects.toThrow(changed);
    editor.close(uri);
    await expect(editor.resolve(action)).rejects.toThrow(changed);
  });

  test("may ask of an action that has all it needs", async () => {
    const compare = (await offered()).find(({ title }) => title.startsWith("Compare"))!;
    expect(await editor.resolve(compare)).toEqual(compare);
  });

  test("sees what each repair would make of the text, and applies it as one edit", async () => {
    const actions = await offered();
    const compare = actions.find(({ command }) => command?.command === "contrax.compareRepairs")!;
    const [repairs] = compare.command!.arguments as [ComparedRepair[]];
    expect(repairs.map(({ title }) => title)).toEqual(
      actions.filter(({ data }) => data !== undefined).map(({ title }) => title),
    );
    for (const repair of repairs) {
      const preview = await editor.request<RepairPreview>("contrax/repairPreview", repair);
      const action = actions.find(({ title }) => title === repair.title)!;
      const { edit } = await editor.resolve(action);
      expect(preview.text).not.toBe(spiral);
      expect(edit).toBeDefined();
    }
    const { text } = await editor.request<RepairPreview>("contrax/repairPreview", repairs[0]);
    await editor.request("workspace/executeCommand", { command: "contrax.applyRepair", arguments: [repairs[0]] });
    expect(editor.text(uri)).toBe(text);
    expect(editor.edits).toHaveLength(1);
    expect(editor.edits[0].edit.documentChanges).toMatchObject([{ textDocument: { uri, version: 1 } }]);
    await editor.request("workspace/executeCommand", { command: "contrax.applyRepair", arguments: [repairs[0]] });
    expect(editor.edits).toHaveLength(1);
    expect(editor.messages.at(-1)!.message).toBe(`Not repaired, ${changed}.`);
    await expect(editor.request("contrax/repairPreview", repairs[0])).rejects.toThrow(changed);
  });

  test("is told where it refuses an edit", async () => {
    const actions = await offered();
    const compare = actions.find(({ command }) => command?.command === "contrax.compareRepairs")!;
    const [repairs] = compare.command!.arguments as [ComparedRepair[]];
    editor.takesEdits = false;
    await editor.request("workspace/executeCommand", { command: "contrax.applyRepair", arguments: [repairs[0]] });
    expect(editor.messages.at(-1)!.message).toBe("Not repaired, the editor refused the change.");
  });
});

test("an editor that does not, has every edit at once, and no command that it lacks", async () => {
  await editor.start({ ...capabilities, workspace: { ...capabilities.workspace!, applyEdit: false } });
  expect(editor.server.codeActionProvider).not.toHaveProperty("resolveProvider");
  expect(editor.server.executeCommandProvider!.commands).toEqual(["contrax.check", "contrax.checkWorkspace"]);
  const actions = await offered();
  expect(actions.every(({ edit, command }) => edit !== undefined && command === undefined)).toBe(true);
});
