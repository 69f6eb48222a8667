import type { Diagnostic } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { AnalysisOptions, ModelReport } from "../analysis/report.ts";
import { isBinary } from "../grammar/binary.ts";
import type { Model } from "../model/model.ts";
import { checkFailed, documentDiagnostics } from "../service/diagnostics.ts";
import { textChange } from "../service/moved-span.ts";
import { knowledgeText } from "../service/rounding.ts";
import { quantity } from "../service/verdicts.ts";

import { DocumentAnalyses } from "./document-analyses.ts";
import type { Editor } from "./editor.ts";
import type { Disposable, Host } from "./host.ts";
import { JobQueue } from "./job-queue.ts";
import { OpenDocument } from "./open-document.ts";
import type { Settings } from "./settings.ts";
import { isOfPackage } from "./uris.ts";

/**
 * Milliseconds without a change that count as a pause before what is wrong is shown: as long as the last check took, within
 * these. So checks take half of the time at most, and what is fast to check shows at once.
 */
const shortestPause = 8;
const longestPause = 1000;
/** The same before `onType` analyses. */
const longPause = 400;

export interface Entry {
  readonly open: OpenDocument;
  readonly analyses: DocumentAnalyses;
  /** What waits for a pause in typing, and for the next time to show results. */
  timers: { check?: Disposable; analyse?: Disposable; show?: Disposable };
  /** Whether the next check is followed by an analysis. */
  analyse: boolean;
  /** Whether an editor that asks for diagnostics has to be told that there are newer ones. */
  refresh: boolean;
}

/** The open documents, and what happens when they change, are saved or closed. */
export class Workspace {
  readonly #editor: Editor;
  readonly #host: Host;
  readonly #queue: JobQueue;
  readonly #entries = new Map<string, Entry>();

  constructor(editor: Editor, host: Host) {
    this.#editor = editor;
    this.#host = host;
    this.#queue = new JobQueue(host);
  }

  /** Undefined where the document is not open or none of ours. */
  get(uri: string): Entry | undefined {
    return this.#entries.get(uri);
  }

  /** Opened, or changed. */
  change(document: TextDocument): void {
    const { uri } = document;
    // Node.js's binary add-ons have the same extension: they are never read, and what packages bring is not ours.
    if (isOfPackage(uri) || isBinary(document.getText())) {
      this.close(uri);
      return;
    }
    const entry = this.#entries.get(uri);
    if (entry === undefined) {
      this.#open(document);
      return;
    }
    const change = textChange(entry.open.document.getText(), document.getText());
    entry.open.update(document);
    if (change !== null) entry.analyses.move(change);
    this.#afterPause(entry, false);
  }

  async save(uri: string): Promise<void> {
    const entry = this.#entries.get(uri);
    if (entry !== undefined && (await this.#editor.settings(uri)).run !== "manual") await this.#analyse(entry);
  }

  /** Analyses now, whatever the settings and although there may be results; false where no such document is open. */
  async checkNow(uri: string): Promise<boolean> {
    const entry = this.#entries.get(uri);
    if (entry !== undefined) await this.#analyse(entry, true);
    return entry !== undefined;
  }

  close(uri: string): void {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return;
    this.#entries.delete(uri);
    for (const timer of Object.values(entry.timers)) timer.dispose();
    entry.analyses.dispose();
    entry.open.dispose();
    if (!this.#editor.pulls) this.#editor.publish(uri, null, []);
  }

  /** Everything there is to say of the newest version of a document. */
  async diagnostics({ open, analyses }: Entry): Promise<Diagnostic[]> {
    try {
      const checked = await open.check();
      return documentDiagnostics(checked, analyses.verdicts(checked).diagnostics);
    } catch (error) {
      return [checkFailed(error)];
    }
  }

  /** A setting has changed that may make results possible. */
  settingsChanged(): void {
    for (const entry of this.#entries.values()) this.#afterPause(entry, true);
  }

  dispose(): void {
    for (const uri of [...this.#entries.keys()]) this.close(uri);
    this.#queue.dispose();
  }

  #open(document: TextDocument): void {
    const { uri } = document;
    const entry: Entry = {
      open: new OpenDocument(document, this.#host, () => this.#afterPause(entry, true)),
      analyses: new DocumentAnalyses(this.#queue, {
        onChange: () => this.#showSoon(entry, true),
        onStart: (model, cancel) => this.#progress(model, cancel),
        onFailure: (message) => this.#editor.showError(message),
      }),
      timers: {},
      analyse: false,
      refresh: false,
    };
    this.#entries.set(uri, entry);
    this.#afterPause(entry, true);
  }

  /** @param analyse also where nobody types: the document was opened, or something else it depends on has changed. */
  #afterPause(entry: Entry, analyse: boolean): void {
    entry.analyse ||= analyse;
    entry.timers.check?.dispose();
    const pause = Math.min(Math.max(entry.open.checkMilliseconds, shortestPause), longestPause);
    entry.timers.check = this.#host.after(pause, () => this.#guard(this.#checkAndShow(entry)));
  }

  async #checkAndShow(entry: Entry): Promise<void> {
    const { uri } = entry.open;
    const { analyse } = entry;
    entry.analyse = false;
    entry.analyses.accept(await entry.open.check());
    if (this.#entries.get(uri) !== entry) return;
    // After a change of the text the editor asks by itself.
    this.#showSoon(entry, analyse);
    const { run } = await this.#editor.settings(uri);
    entry.timers.analyse?.dispose();
    if (analyse && run !== "manual") await this.#analyse(entry);
    else if (run === "onType") {
      entry.timers.analyse = this.#host.after(longPause, () => this.#guard(this.#analyse(entry)));
    }
  }

  async #analyse(entry: Entry, again = false): Promise<void> {
    const { uri } = entry.open;
    const settings = await this.#editor.settings(uri);
    // Last: it is the text as it is now.
    const checked = await entry.open.check();
    if (this.#entries.get(uri) === entry) entry.analyses.analyse(checked, analysisOptions(settings), again);
  }

  /** Once for several changes at a time. */
  #showSoon(entry: Entry, refresh: boolean): void {
    entry.refresh ||= refresh;
    entry.timers.show ??= this.#host.after(0, () => {
      delete entry.timers.show;
      this.#guard(this.#show(entry));
    });
  }

  async #show(entry: Entry): Promise<void> {
    const { uri } = entry.open;
    if (!this.#editor.pulls) {
      const diagnostics = await this.diagnostics(entry);
      if (this.#entries.get(uri) === entry) this.#editor.publish(uri, entry.open.document.version, diagnostics);
    } else if (entry.refresh) this.#editor.refresh();
    entry.refresh = false;
    const checked = await entry.open.check();
    const { version } = checked.document;
    if (this.#entries.get(uri) === entry) {
      this.#editor.status({ uri, version, models: entry.analyses.status(checked) });
    }
  }

  #progress(model: Model, cancel: () => void) {
    const progress = this.#editor.progress(`Analysing ${model.name}`, cancel);
    return {
      onReport: (report: ModelReport) => progress.report(progressText(model, report)),
      onEnd: () => progress.done(),
    };
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => this.#editor.log(String(error)));
  }
}

function analysisOptions({ timeBudget, tolerance }: Settings): AnalysisOptions {
  return { seconds: timeBudget, ...(tolerance !== null && { tolerance }) };
}

/** The first requirement that is open still, else the first bound. */
function progressText(model: Model, report: ModelReport): string {
  const open = report.requirements.find(({ verdict }) => verdict === "undecided");
  const known = open
    ? knowledgeText(quantity(model.requirements[open.requirement]), open)
    : report.bounds[0] && knowledgeText(`lognorm(${report.bounds[0].norm})`, report.bounds[0]);
  return `${known ?? "no bound yet"}, ${report.nodes} ${report.nodes === 1 ? "node" : "nodes"}`;
}
