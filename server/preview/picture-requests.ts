import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { misfit } from "../../service/preview/fitting-view.ts";
import type { Picture } from "../../service/preview/picture.ts";
import { type NoPicture, picturedModel } from "../../service/preview/pictured-model.ts";
import { rangeOf } from "../../service/range.ts";
import { sortedRepairs } from "../../service/repair-order.ts";
import type { Editor } from "../editor.ts";
import type { Entry } from "../entry.ts";
import type { Host } from "../host.ts";
import { pack } from "../messages/packed.ts";
import type { PreviewAnswer, PreviewParams } from "../messages/preview-messages.ts";
import type { RepairRequests } from "../repairs/repair-requests.ts";
import { JobQueue, type Run } from "../runs/job-queue.ts";
import type { Workspace } from "../workspace.ts";
import { BadParams, readPreviewParams } from "./read-preview-params.ts";

/** Pictures for previews, drawn in a thread of their own: an analysis under way delays none. */
export class PictureRequests {
  readonly #editor: Editor;
  readonly #workspace: Workspace;
  readonly #repairs: RepairRequests;
  readonly #queue: JobQueue;
  /** Under way, by preview. */
  readonly #asked = new Map<string, Asked>();

  constructor(editor: Editor, host: Host, workspace: Workspace, repairs: RepairRequests) {
    this.#editor = editor;
    this.#workspace = workspace;
    this.#repairs = repairs;
    this.#queue = new JobQueue(host, "picture");
  }

  /** @throws ResponseError where the request is none, or a later one of the same preview has taken its place. */
  async answer(value: unknown, token: CancellationToken): Promise<PreviewAnswer> {
    const params = read(() => readPreviewParams(value));
    const asked = new Asked();
    this.#asked.get(params.preview)?.cancel();
    this.#asked.set(params.preview, asked);
    token.onCancellationRequested(() => asked.cancel());
    try {
      return await this.#answer(params, asked);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      const text = `The picture could not be drawn: ${(error as Error).message}. This is a mistake of Contrax.`;
      return { ...notOpen, text, advice: "Change the model or the view, and it is tried again." };
    } finally {
      if (this.#asked.get(params.preview) === asked) this.#asked.delete(params.preview);
    }
  }

  dispose(): void {
    this.#queue.dispose();
  }

  async #answer({ uri, model: name, position, view, repair }: PreviewParams, asked: Asked): Promise<PreviewAnswer> {
    const entry = this.#workspace.get(uri);
    if (entry === undefined) return notOpen;
    const checked = await entry.open.check();
    asked.goesOn();
    const about = { version: checked.document.version, models: namesOf(checked) };
    const model = picturedModel(checked, name, position === null ? null : checked.document.offsetAt(position));
    if ("advice" in model) return problem(about, checked, model);
    const unfit = misfit(model, view);
    if (unfit !== null) return { ...problem(about, checked, unfit), isOfView: true };
    const repaired = repair === null ? null : await this.#repairs.repairedModel(repair);
    const { tolerance } = (await this.#editor.settings(uri)).preview;
    asked.goesOn();
    const task = { model, standing: standingOf(entry, checked, model), view, repaired, tolerance };
    let picture: Picture | null;
    try {
      picture = await asked.take(this.#queue.run({ kind: "picture", task }));
    } catch (error) {
      const text = `${model.name} could not be drawn: ${(error as Error).message}.`;
      return {
        kind: "problem",
        ...about,
        text,
        advice: "Draw it again, or choose another view.",
        range: null,
        isOfView: false,
      };
    }
    asked.goesOn();
    if (picture === null) throw superseded();
    return {
      kind: "picture",
      ...about,
      picture: pack(withRemark(picture, repair !== null && repaired === null)),
      repairs: await this.#offers(entry, checked, model),
    };
  }

  async #offers({ analyses }: Entry, checked: CheckedDocument, model: Model) {
    const sorted = sortedRepairs(model, analyses.repairs(model).proved);
    const references = await this.#repairs.references(checked, model, sorted);
    return references.map(({ title, ...repair }) => ({ title, repair }));
  }
}

/** One request, as long as nothing has taken its place. */
class Asked {
  #run: Run<"picture"> | null = null;
  #isCancelled = false;

  cancel(): void {
    this.#isCancelled = true;
    this.#run?.cancel();
  }

  take(run: Run<"picture">): Run<"picture">["answer"] {
    this.#run = run;
    return run.answer;
  }

  /** @throws ResponseError where it does not. */
  goesOn(): void {
    if (this.#isCancelled) throw superseded();
  }
}

const notOpen: PreviewAnswer & { readonly kind: "problem" } = {
  kind: "problem",
  version: 0,
  models: [],
  text: "The document is not open, or it is no model file.",
  advice: "Open it in an editor, and this preview shows it again.",
  range: null,
  isOfView: false,
};

function namesOf({ tree }: CheckedDocument): string[] {
  return tree.models.map(({ name }) => name.text).filter((name) => name !== "");
}

function problem(
  about: { readonly version: number; readonly models: readonly string[] },
  { document }: CheckedDocument,
  { text, advice, mistake }: NoPicture,
): PreviewAnswer & { readonly kind: "problem" } {
  const range = mistake === null ? null : rangeOf(document, mistake.span);
  return { kind: "problem", ...about, text, advice, range, isOfView: false };
}

function standingOf({ analyses }: Entry, checked: CheckedDocument, model: Model) {
  const state = analyses.status(checked).find(({ name }) => name === model.name)?.state ?? "stale";
  return { state, report: analyses.report(model), before: analyses.reportBefore(model) };
}

function withRemark(picture: Picture, isGone: boolean): Picture {
  const remark = "The repair is one of an earlier text, or its files cannot be read: choose it again.";
  return isGone ? { ...picture, remarks: [...picture.remarks, remark] } : picture;
}

/** @throws ResponseError where the editor sent something else. */
export function read<T>(reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    if (error instanceof BadParams) throw new ResponseError(ErrorCodes.InvalidParams, error.message);
    throw error;
  }
}

function superseded(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "a later request took the place of this one");
}
