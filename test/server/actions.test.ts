import { expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver-types";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { connect, resolving } from "./test-editor.ts";

const uri = "file:///models/spiral.node";

test("a document that is being saved waits for no repairs", async () => {
  const host = new MemoryHost();
  const waits: number[] = [];
  const after = host.after.bind(host);
  host.after = (milliseconds, action) => {
    waits.push(milliseconds);
    return after(milliseconds, action);
  };
  const editor = await connect(host).start(resolving);
  editor.open(uri, spiral.replace("state", "sate"));
  const range = { start: { line: 0, character: 0 }, end: { line: 14, character: 0 } };
  const ask = (only: string[]) =>
    editor.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range,
      context: { diagnostics: [], only },
    });
  expect((await ask(["source.fixAll"])).map(({ kind }) => kind)).toEqual(["source.fixAll.contrax"]);
  editor.edit(uri, "sate", "state");
  expect(await ask(["source.fixAll"])).toEqual([]);
  expect(waits.filter((milliseconds) => milliseconds >= 1000)).toEqual([]);
  // As a person does who wants the requirement mended:
  await ask(["quickfix"]);
  expect(waits.filter((milliseconds) => milliseconds >= 1000)).not.toEqual([]);
  await editor.stop();
});
