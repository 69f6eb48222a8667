import { LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { writeSimulation } from "../../service/preview/write-simulation.ts";
import { textEdit } from "../../service/range.ts";
import type { Editor } from "../editor.ts";
import type { Workspace } from "../workspace.ts";
import { read } from "./picture-requests.ts";
import { readWriteParams } from "./read-preview-params.ts";

/** Writes what a preview shows into the document, for the version that was looked at, or not at all. @throws ResponseError */
export async function writeFromPreview(editor: Editor, workspace: Workspace, value: unknown): Promise<null> {
  const { uri, version, model: name, ...wanted } = read(() => readWriteParams(value));
  const checked = await workspace.get(uri)?.open.check();
  if (checked === undefined) return fail("the document is not open");
  if (checked.document.version !== version) return fail("the document has changed since: look at it again");
  const model = checked.compilation.models.find((one) => one.name === name);
  if (model === undefined) return fail(`there is no model ${name} without mistakes in the document`);
  if (!editor.appliesEdits) return fail("this editor takes no changes from the server");
  const edits = writeSimulation(checked, model, wanted);
  if (typeof edits === "string") return fail(edits);
  if (edits.length === 0) return null;
  // An editor that keeps no versions would change another text.
  if (workspace.get(uri)?.open.document.version !== version)
    return fail("the document has changed since: look at it again");
  const edit = editor.edit(
    checked.document,
    edits.map((one) => textEdit(checked.document, one)),
  );
  const refused = await editor.applyEdit("Write initial states", edit);
  return refused === null ? null : fail(refused);
}

function fail(reason: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, `Not written: ${reason}.`);
}
