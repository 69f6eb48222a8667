import { type CodeAction, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import type { RepairedModel } from "../../service/preview/repaired-picture.ts";
import { provedAmong, provedWriting } from "../../service/repair/proved-repair.ts";
import type { ProvedRepair, WrittenRepair } from "../../service/repair/repair.ts";
import { provedTitle } from "../../service/repair/titles.ts";
import type { RepairDelivery } from "../../service/repair-actions.ts";
import type { OfferedRepair } from "../../service/repair-order.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { weightChangesText } from "../../service/weight-changes.ts";
import { askedRank } from "../attention.ts";
import type { Editor } from "../editor.ts";
import { freeNames } from "../files/new-weight-files.ts";
import { GuardedChanges } from "../guarded-changes.ts";
import type { Host } from "../host.ts";
import {
  applyCommand,
  type ComparedRepair,
  compareCommand,
  type RepairPreview,
  type RepairReference,
} from "../messages/repair-messages.ts";
import type { Workspace } from "../workspace.ts";
import type { Doer } from "./find-repair.ts";
import { readReference } from "./repair-reference.ts";
import { repairWritings } from "./repair-writings.ts";

/** What an action that comes too late says. */
const changedSince = "the model has changed since this repair was found; ask again";

interface Found {
  readonly checked: CheckedDocument;
  readonly model: Model;
  readonly proved: OfferedRepair;
}

/** What becomes of the repairs that a person has chosen: always for the version for which they were offered, or not at all. */
export class RepairRequests {
  readonly #editor: Editor;
  readonly #host: Host;
  readonly #workspace: Workspace;
  readonly #changes: GuardedChanges;

  constructor(editor: Editor, host: Host, workspace: Workspace) {
    this.#editor = editor;
    this.#host = host;
    this.#workspace = workspace;
    this.#changes = new GuardedChanges(editor, host, workspace, changedSince);
  }

  /** How repairs of this version are offered, those of these models. */
  async delivery(checked: CheckedDocument, repairs: readonly OfferedRepair[]): Promise<RepairDelivery> {
    const names = await this.#freeNames(checked, repairs);
    const reference = (model: Model, proved: ProvedRepair) => referenceTo(checked, model, proved, names);
    const editor = this.#editor;
    return {
      showsDisabled: editor.showsDisabledActions,
      isReady: ({ replaces }) => replaces.length === 0 || editor.trusted,
      repair: (model, proved) => {
        const data = reference(model, proved);
        if (proved.replaces.length > 0) {
          if (!editor.appliesEdits) return null;
          return { title: data.title, command: { title: data.title, command: applyCommand, arguments: [data] } };
        }
        if (editor.resolvesEdits) return { title: data.title, data };
        const written = writtenNow({ checked, model, proved });
        return written && { title: data.title, edit: this.#changes.edit(checked, written.edits) };
      },
      compare: (model, repairs) => {
        if (!editor.compares || repairs.length === 0) return null;
        const compared = repairs.map((proved) => reference(model, proved));
        return { title: "Compare with a repair…", command: compareCommand, arguments: [compared] };
      },
    };
  }

  /** How repairs of a model in this version are named. */
  async references(
    checked: CheckedDocument,
    model: Model,
    repairs: readonly OfferedRepair[],
  ): Promise<readonly ComparedRepair[]> {
    const names = await this.#freeNames(checked, repairs);
    return repairs.map((proved) => referenceTo(checked, model, proved, names));
  }

  /** What a repair makes of its model; null where the document is another one by now, or it cannot be written. */
  async repairedModel(reference: RepairReference): Promise<RepairedModel | null> {
    const found = await this.#find(reference);
    const names = found && (await this.#freeNames(found.checked, [found.proved]));
    const written = found && (await this.#written(found, names!));
    if (found === null || written === null || typeof written === "string") return null;
    const { model, proved } = found;
    return { title: provedTitle(model, proved), model: written.model, goals: proved.goals };
  }

  /** @throws ResponseError where the document is another one by now. */
  async resolve(action: CodeAction): Promise<CodeAction> {
    if (action.data === undefined) return action;
    const found = await this.#find(readReference(action.data));
    const written = found && writtenNow(found);
    if (written) return { ...action, edit: this.#changes.edit(found.checked, written.edits) };
    // Editors drop an answer that comes too late without a word.
    this.#tell(changedSince);
    throw new ResponseError(LSPErrorCodes.ContentModified, changedSince);
  }

  /** @throws ResponseError where the document is another one by now. */
  async preview(asked: unknown): Promise<RepairPreview> {
    const found = await this.#find(readReference(asked));
    const names = found && (await this.#freeNames(found.checked, [found.proved]));
    const written = found && (await this.#written(found, names!));
    if (typeof written === "string") throw new ResponseError(LSPErrorCodes.RequestFailed, written);
    if (!written) throw new ResponseError(LSPErrorCodes.RequestFailed, changedSince);
    const { document, files } = found.checked;
    return {
      text: applyEdits(document.getText(), written.edits),
      files: written.files.map((file) => weightChangesText(file, files.get(file.from) as Uint8Array)),
    };
  }

  /** A person is told of what cannot be done. */
  async apply(asked: unknown): Promise<void> {
    const reference = readReference(asked);
    const problem = reference === null ? changedSince : await this.#applied(reference);
    if (problem !== null) this.#tell(problem);
  }

  /** What matters first: editors cut the ends of long messages off. */
  #tell(problem: string): void {
    this.#editor.showWarning(`Not repaired, ${problem}.`);
  }

  /** Null where it was, else why not: a clause. */
  async #applied(reference: RepairReference): Promise<string | null> {
    const taken = new Set<string>();
    for (;;) {
      const found = await this.#find(reference);
      if (found === null) return changedSince;
      const names = await this.#freeNames(found.checked, [found.proved], taken);
      const written = await this.#written(found, names);
      if (typeof written === "string") return written;
      // It may have taken long: of another version, or with other weights, nothing is proved.
      if (written === null || (await this.#find(reference))?.checked !== found.checked) return changedSince;
      if (written.files.length > 0 && !this.#editor.trusted) {
        return `trust this workspace first: ${written.files.map(({ file }) => file).join(" and ")} would be written`;
      }
      const outcome = await this.#changes.apply(found.checked, { label: "Repair", ...written });
      if (outcome.kind === "refused") return outcome.reason;
      if (outcome.kind === "changed") {
        this.#tellOtherNames(reference, written);
        return null;
      }
      taken.add(outcome.file);
    }
  }

  #tellOtherNames({ files: offered }: RepairReference, { files }: WrittenRepair): void {
    for (const { file } of files) {
      if (offered.includes(file)) continue;
      const name = offered.length === 1 ? offered[0] : offered.join(" and ");
      this.#editor.showInformation(
        `${name} has come meanwhile and stays as it is: the repaired weights are in ${file}.`,
      );
    }
  }

  #freeNames({ document }: CheckedDocument, repairs: readonly ProvedRepair[], taken = new Set<string>()) {
    const files = repairs.flatMap(({ replaces }) => replaces);
    return freeNames(this.#host, document.uri, files, taken);
  }

  /**
   * The repair with its new weight files, which can be large: a person may go on with other things, and cancel it.
   *
   * @param names of the files that take the place of weight files
   * @returns null where it is no more the one that was proved; a clause where it cannot be written
   */
  async #written(
    { checked, model, proved }: Found,
    names: ReadonlyMap<string, string>,
  ): Promise<WrittenRepair | string | null> {
    const { queue } = this.#workspace.bench;
    const run: Doer = async (job) => {
      const task = queue.run(job, {}, () => askedRank);
      const progress = this.#editor.progress(`Writing ${[...names.values()].join(" and ")}`, () => task.cancel());
      return task.answer.finally(() => progress.done());
    };
    try {
      const ways = await repairWritings(checked, model, proved, (file) => names.get(file) ?? file, run);
      return ways === null ? "the writing was cancelled" : provedAmong(ways, proved);
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Null where the document or one of its weight files is no more what it was. */
  async #find(reference: RepairReference | null): Promise<Found | null> {
    if (reference === null) return null;
    const { uri, version, model: name, repair } = reference;
    const entry = this.#workspace.get(uri);
    const checked = await entry?.open.check();
    if (entry === undefined || checked?.document.version !== version) return null;
    const model = checked.compilation.models.find((one) => one.name === name);
    const proved = model && entry.analyses.repairs(model).proved.find(({ fingerprint }) => fingerprint === repair);
    return proved === undefined ? null : { checked, model: model!, proved };
  }
}

/** @param names of the files that take the place of weight files */
function referenceTo(
  { document: { uri, version } }: CheckedDocument,
  model: Model,
  proved: ProvedRepair,
  names: ReadonlyMap<string, string>,
): ComparedRepair {
  const files = proved.replaces.map((file) => names.get(file)!);
  const target = files.length === 0 ? "" : `; writes ${files.join(" and ")}`;
  const title = `${provedTitle(model, proved)}${target}`;
  return { uri, version, model: model.name, repair: proved.fingerprint, files, title };
}

/** Of a repair that changes no weight file. */
function writtenNow({ checked, model, proved }: Found): WrittenRepair | null {
  return provedWriting(checked, model, proved, (file) => file);
}
