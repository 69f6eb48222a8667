import { type CodeAction, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { Model } from "../model/model.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import { type ProvedRepair, provedEdits, provedTitle } from "../service/proved-repairs.ts";
import { textEdit } from "../service/range.ts";
import type { RepairDelivery } from "../service/repair-actions.ts";
import { applyEdits, type SpanEdit } from "../service/text-edits.ts";
import type { Editor } from "./editor.ts";
import { compareCommand, type OfferedRepair, type RepairPreview, type RepairReference } from "./repair-messages.ts";
import type { Workspace } from "./workspace.ts";

/** What an action that comes too late says. */
const changedSince = "the model has changed since this repair was found; ask again";

interface Found {
  readonly checked: CheckedDocument;
  readonly proved: ProvedRepair;
  readonly edits: readonly SpanEdit[];
}

/** What becomes of the repairs that a person has chosen: always for the version for which they were offered, or not at all. */
export class RepairRequests {
  readonly #editor: Editor;
  readonly #workspace: Workspace;

  constructor(editor: Editor, workspace: Workspace) {
    this.#editor = editor;
    this.#workspace = workspace;
  }

  /** How repairs of this version are offered. */
  delivery(checked: CheckedDocument): RepairDelivery {
    const { uri, version } = checked.document;
    const reference = (model: Model, { fingerprint }: ProvedRepair): RepairReference => ({
      uri,
      version,
      model: model.name,
      repair: fingerprint,
    });
    return {
      repair: (model, proved) => {
        if (this.#editor.resolvesEdits) return { data: reference(model, proved) };
        const edits = provedEdits(checked, model, proved);
        return edits && { edit: this.#edit(checked, edits) };
      },
      compare: (model, repairs) => {
        if (!this.#editor.compares) return null;
        const offered: OfferedRepair[] = repairs.map((proved) => ({
          ...reference(model, proved),
          title: provedTitle(model, proved),
        }));
        return { title: "Compare with a repair…", command: compareCommand, arguments: [offered] };
      },
    };
  }

  /** @throws ResponseError where the document is another one by now. */
  async resolve(action: CodeAction): Promise<CodeAction> {
    if (action.data === undefined) return action;
    const reference = readReference(action.data);
    const found = reference && (await this.#find(reference));
    if (found) return { ...action, edit: this.#edit(found.checked, found.edits) };
    // Editors drop an answer that comes too late without a word.
    this.#editor.showWarning(`${action.title}: ${changedSince}.`);
    throw new ResponseError(LSPErrorCodes.ContentModified, changedSince);
  }

  /** @throws ResponseError where the document is another one by now. */
  async preview(asked: unknown): Promise<RepairPreview> {
    const reference = readReference(asked);
    const found = reference && (await this.#find(reference));
    if (!found) throw new ResponseError(LSPErrorCodes.RequestFailed, changedSince);
    return { text: applyEdits(found.checked.document.getText(), found.edits), files: [] };
  }

  /** A person is told of what cannot be done. */
  async apply(asked: unknown): Promise<void> {
    const reference = readReference(asked);
    const found = reference && (await this.#find(reference));
    if (!found) {
      this.#editor.showWarning(`The repair was not applied: ${changedSince}.`);
      return;
    }
    const refused = await this.#editor.applyEdit("Repair", this.#edit(found.checked, found.edits));
    if (refused !== null) this.#editor.showWarning(`The repair was not applied: ${refused}.`);
  }

  #edit({ document }: CheckedDocument, edits: readonly SpanEdit[]) {
    return this.#editor.edit(
      document,
      edits.map((one) => textEdit(document, one)),
    );
  }

  /** Null where the document or one of its weight files is no more what it was. */
  async #find({ uri, version, model: name, repair }: RepairReference): Promise<Found | null> {
    const entry = this.#workspace.get(uri);
    const checked = await entry?.open.check();
    if (entry === undefined || checked?.document.version !== version) return null;
    const model = checked.compilation.models.find((one) => one.name === name);
    const proved = model && entry.analyses.repairs(model).find(({ fingerprint }) => fingerprint === repair);
    const edits = proved ? provedEdits(checked, model!, proved) : null;
    return edits && { checked, proved: proved!, edits };
  }
}

/** Null where an editor sends something else. */
function readReference(value: unknown): RepairReference | null {
  if (typeof value !== "object" || value === null) return null;
  const { uri, version, model, repair } = value as Record<keyof RepairReference, unknown>;
  const isOne =
    typeof uri === "string" && typeof version === "number" && typeof model === "string" && typeof repair === "string";
  return isOne ? { uri, version, model, repair } : null;
}
