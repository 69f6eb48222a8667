import { documentErrors } from "../../service/document-errors.ts";
import {
  errorRows,
  modelRows,
  type ReportFile,
  type ReportRow,
  reportSummary,
  workspaceReport,
} from "../../service/workspace-report.ts";
import type { Editor } from "../editor.ts";
import type { Entry } from "../entry.ts";
import type { Cancellation } from "../files/model-files.ts";
import { canonical, isOfPackage, relativeName } from "../files/uris.ts";
import { analysisOptions } from "../settings.ts";
import type { Workspace } from "../workspace.ts";
import { type Bench, checkUnopened } from "./unopened-model.ts";

/** One model file of the workspace. */
interface Found {
  readonly uri: string;
  readonly folder: string;
  readonly name: string;
}

/** Checks every model of some folders, open or not: what is open with its unsaved text, the others after all else. */
export class WorkspaceCheck {
  readonly #editor: Editor;
  readonly #bench: Bench;
  readonly #workspace: Workspace;
  readonly #cancellation: Cancellation;
  readonly #files: ReportFile[] = [];

  constructor(editor: Editor, workspace: Workspace, cancellation: Cancellation) {
    this.#editor = editor;
    this.#bench = workspace.bench;
    this.#workspace = workspace;
    this.#cancellation = cancellation;
  }

  /** The report, as Markdown. @param folders their URIs */
  async run(folders: readonly string[]): Promise<string> {
    const cancellation = this.#cancellation;
    const progress = this.#editor.progress("Checking models", () => cancellation.cancel(), 0);
    try {
      const { found, isComplete } = await this.#find(folders.map((folder) => canonical(folder).replace(/\/+$/, "")));
      for (const [i, file] of found.entries()) {
        if (cancellation.isCancelled) break;
        progress.report(`${i + 1} of ${found.length}: ${file.name}`, (100 * i) / found.length);
        await this.#check(file);
      }
      const files = this.#files;
      const summary = reportSummary(files);
      this.#editor.inform(`check of the workspace: ${summary}`);
      // Most editors drop what a command answers.
      if (!this.#editor.showsReports) this.#editor.showInformation(summary);
      return workspaceReport(files, { files: found.length, cancelled: cancellation.isCancelled, isComplete });
    } finally {
      progress.done();
    }
  }

  async #find(folders: readonly string[]): Promise<{ found: Found[]; isComplete: boolean }> {
    const found = new Map<string, Found>();
    let isComplete = true;
    for (const folder of folders) {
      const listed = await this.#bench.host.findModels(folder, () => this.#cancellation.isCancelled);
      isComplete &&= listed.isComplete;
      // What is open need not be on a disk, nor have the extension.
      const open = this.#workspace.uris.map(canonical).filter((uri) => uri.startsWith(`${folder}/`));
      const uris = [...listed.files, ...open].filter((uri) => !isOfPackage(uri));
      if (listed.isComplete) this.#workspace.unopened.clearOthers(folder, uris);
      const above = folders.length > 1 ? `${folder.slice(folder.lastIndexOf("/") + 1)}/` : "";
      for (const uri of uris) {
        if (!found.has(uri)) found.set(uri, { uri, folder, name: above + relativeName(folder, uri) });
      }
    }
    return { found: [...found.values()], isComplete: isComplete || this.#cancellation.isCancelled };
  }

  async #check({ uri, folder, name }: Found): Promise<void> {
    const entry = this.#workspace.canonically(uri);
    const checked = entry === undefined ? await this.#unopened(uri, folder) : await this.#open(entry);
    if (checked !== null) this.#files.push({ name, ...checked });
  }

  /** Null where the file is none of ours. */
  async #unopened(uri: string, folder: string): Promise<Pick<ReportFile, "models" | "rows"> | null> {
    const { unopened } = this.#workspace;
    unopened.begin(uri);
    const read = await this.#bench.host.readModel(uri);
    if (read.kind === "binary") return null;
    if (read.kind === "unreadable") {
      const row: ReportRow = { model: "", requirement: "", verdict: "unreadable", known: read.problem, seconds: null };
      return { models: 0, rows: [row] };
    }
    // Settings are those of a folder: an editor need not be asked for each of thousands of files.
    const options = analysisOptions(await this.#editor.settings(folder));
    const weightsChanged = () => unopened.clear(uri);
    const found = await checkUnopened(this.#bench, uri, read.text, options, this.#cancellation, weightsChanged);
    const { diagnostics, weights, ...checked } = found;
    // Half a check says nothing of the rest.
    if (!this.#cancellation.isCancelled) unopened.show(uri, diagnostics, weights);
    return checked;
  }

  async #open({ open, analyses }: Entry): Promise<Pick<ReportFile, "models" | "rows">> {
    await this.#workspace.analyse(open.uri, "check of the workspace");
    const ended = async () => {
      for (const model of (await open.check()).compilation.models) await analyses.ended(model);
    };
    await Promise.race([ended(), this.#cancellation.cancelled]);
    const checked = await open.check();
    const { models } = checked.compilation;
    const rows = models.flatMap((model) => modelRows(model, analyses.report(model), analyses.failure(model)));
    return { models: models.length, rows: [...rows, ...errorRows(documentErrors(checked))] };
  }
}
