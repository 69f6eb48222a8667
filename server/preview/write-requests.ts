import { LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { writeSimulation } from "../../service/preview/write-simulation.ts";
import type { Editor } from "../editor.ts";
import { GuardedChanges } from "../guarded-changes.ts";
import type { Host } from "../host.ts";
import type { Workspace } from "../workspace.ts";
import { read } from "./picture-requests.ts";
import { readWriteParams } from "./read-preview-params.ts";

const changedSince = "the document has changed since: look at it again";

/** Writes what a preview shows into the document, for the version that was looked at, or not at all. @throws ResponseError */
export async function writeFromPreview(
  editor: Editor,
  host: Host,
  workspace: Workspace,
  value: unknown,
): Promise<null> {
  const { uri, version, model: name, ...wanted } = read(() => readWriteParams(value));
  const checked = await workspace.get(uri)?.open.check();
  if (checked === undefined) return fail("the document is not open");
  if (checked.document.version !== version) return fail(changedSince);
  const model = checked.compilation.models.find((one) => one.name === name);
  if (model === undefined) return fail(`there is no model ${name} without mistakes in the document`);
  if (!editor.appliesEdits) return fail("this editor takes no changes from the server");
  const edits = writeSimulation(checked, model, wanted);
  if (typeof edits === "string") return fail(edits);
  if (edits.length === 0) return null;
  const changes = new GuardedChanges(editor, host, workspace, changedSince);
  const outcome = await changes.apply(checked, { label: "Write initial states", edits, files: [] });
  return outcome.kind === "refused" ? fail(outcome.reason) : null;
}

function fail(reason: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, `Not written: ${reason}.`);
}
