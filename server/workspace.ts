import type { Diagnostic } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { ModelReport } from "../analysis/report.ts";
import { isBinary } from "../grammar/binary.ts";
import type { Model } from "../model/model.ts";
import { checkFailed, documentDiagnostics } from "../service/diagnostics.ts";
import { documentErrors } from "../service/document-errors.ts";
import { textChange } from "../service/moved-span.ts";
import { Attention } from "./attention.ts";
import type { Editor } from "./editor.ts";
import type { Entry } from "./entry.ts";
import { canonical, isOfPackage } from "./files/uris.ts";
import type { Host } from "./host.ts";
import { OpenDocument } from "./open-document.ts";
import { DocumentAnalyses } from "./runs/document-analyses.ts";
import { JobQueue, type Jobs } from "./runs/job-queue.ts";
import { KnownResults } from "./runs/known-results.ts";
import { progressText } from "./runs/run-log.ts";
import { RunTeller } from "./runs/run-teller.ts";
import { UnopenedDiagnostics } from "./runs/unopened-diagnostics.ts";
import type { Bench } from "./runs/unopened-model.ts";
import { analysisOptions, trigger } from "./settings.ts";

/**
 * Milliseconds without a change that count as a pause before what is wrong is shown: a quarter of what the last check took,
 * within these. So what is fast to check shows at once, and keys that follow each other fast wait for no check between them.
 */
const shortestPause = 8;
const longestPause = 1000;
/** The same before `onType` analyses. */
const longPause = 400;
/**
 * Models for which the next showing of results waits a millisecond: all of them are shown each time, and where there are
 * thousands, each has results of its own.
 */
const shownPerMillisecond = 8;

/** The open documents, and what happens when they change, are saved or closed. */
export class Workspace {
  readonly #editor: Editor;
  readonly #host: Host;
  readonly #attention = new Attention();
  readonly #entries = new Map<string, Entry>();
  /** What analyses of all documents share. */
  readonly bench: Bench;
  readonly unopened: UnopenedDiagnostics;

  constructor(editor: Editor, host: Host) {
    this.#editor = editor;
    this.#host = host;
    this.bench = { host, queue: new JobQueue(host), results: new KnownResults(), log: new RunTeller(editor) };
    this.unopened = new UnopenedDiagnostics(editor);
  }

  get uris(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** However the editor spells the URI. */
  canonically(uri: string): Entry | undefined {
    return this.#entries.get(uri) ?? [...this.#entries.values()].find(({ open }) => canonical(open.uri) === uri);
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
    this.#attend(() => this.#attention.touch(uri));
    const entry = this.#entries.get(uri);
    if (entry === undefined) {
      this.#open(document);
      return;
    }
    const change = textChange(entry.open.document.getText(), document.getText());
    entry.open.update(document);
    if (change !== null) entry.analyses.move(change);
    this.#afterPause(entry, null);
  }

  async save(uri: string): Promise<void> {
    this.#attend(() => this.#attention.touch(uri));
    const entry = this.#entries.get(uri);
    if (entry === undefined || (await this.#editor.settings(uri)).run === "manual") return;
    await this.#analyse(entry, "saved");
  }

  /** Analyses now, whatever the settings and although there may be results; false where no such document is open. */
  async checkNow(uri: string): Promise<boolean> {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return false;
    this.#attend(() => this.#attention.touch(uri));
    this.bench.log.forget();
    await this.#analyse(entry, "asked for", true);
    return true;
  }

  /** Analyses now what has no results yet, whatever the settings. */
  async analyse(uri: string, why: string): Promise<void> {
    const entry = this.#entries.get(uri);
    if (entry !== undefined) await this.#analyse(entry, why);
  }

  /** @param uris of the documents that are seen, the one with the cursor first. */
  look(uris: readonly string[]): void {
    this.#attend(() => this.#attention.look(uris));
  }

  close(uri: string): void {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return;
    this.#entries.delete(uri);
    for (const timer of Object.values(entry.timers)) timer.dispose();
    entry.analyses.dispose();
    entry.open.dispose();
    this.#editor.forgetSettings(uri);
    if (!this.#editor.pulls) this.#editor.publish(uri, null, []);
    this.#editor.previewChanged(uri);
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
    for (const entry of this.#entries.values()) this.#afterPause(entry, "settings changed");
  }

  dispose(): void {
    for (const uri of [...this.#entries.keys()]) this.close(uri);
    this.bench.queue.dispose();
  }

  #open(document: TextDocument): void {
    const { uri } = document;
    const rank = () => this.#attention.rank(uri);
    const jobs: Jobs = { run: (job, listener) => this.bench.queue.run(job, listener, rank) };
    const entry: Entry = {
      open: new OpenDocument(document, this.#host, () => this.#afterPause(entry, "weights changed")),
      analyses: new DocumentAnalyses(jobs, this.bench.results, {
        onChange: () => this.#showAfter(entry.showPause, entry, true),
        onSearched: () => this.#showAfter(entry.showPause, entry, false),
        onStart: (model, cancel) => this.#progress(model, cancel),
        onEvent: (model, event) => this.bench.log.tell(uri, model, event),
      }),
      timers: {},
      why: null,
      refresh: false,
      showPause: 0,
    };
    this.#entries.set(uri, entry);
    this.unopened.clear(uri);
    this.#afterPause(entry, "opened");
  }

  #attend(change: () => void): void {
    change();
    this.bench.queue.reconsider();
  }

  /** @param why an analysis also where nobody types: the document was opened, or something else it depends on has changed. */
  #afterPause(entry: Entry, why: string | null): void {
    entry.why ??= why;
    entry.timers.check?.dispose();
    const pause = Math.min(Math.max(entry.open.checkMilliseconds / 4, shortestPause), longestPause);
    entry.timers.check = this.#host.after(pause, () => this.#guard(this.#checkAndShow(entry)));
  }

  async #checkAndShow(entry: Entry): Promise<void> {
    const { uri } = entry.open;
    const { why } = entry;
    entry.why = null;
    entry.analyses.accept(await entry.open.check());
    if (this.#entries.get(uri) !== entry) return;
    // After a change of the text the editor asks by itself.
    this.#showAfter(0, entry, why !== null);
    const run = trigger(await this.#editor.settings(uri), uri);
    entry.timers.analyse?.dispose();
    if (why !== null && run !== "manual") await this.#analyse(entry, why);
    else if (run === "onType") {
      entry.timers.analyse = this.#host.after(longPause, () => this.#guard(this.#analyse(entry, "changed")));
    }
  }

  async #analyse(entry: Entry, why: string, again = false): Promise<void> {
    const { uri } = entry.open;
    const options = analysisOptions(await this.#editor.settings(uri));
    // Last: it is the text as it is now.
    const checked = await entry.open.check();
    if (this.#entries.get(uri) === entry) entry.analyses.analyse(checked, { options, why, again });
  }

  /** Once for several changes at a time; without a pause also where another showing waits for one. */
  #showAfter(pause: number, entry: Entry, refresh: boolean): void {
    entry.refresh ||= refresh;
    if (pause === 0) {
      entry.timers.show?.dispose();
      delete entry.timers.show;
    }
    entry.timers.show ??= this.#host.after(pause, () => {
      delete entry.timers.show;
      this.#guard(this.#show(entry));
    });
  }

  async #show(entry: Entry): Promise<void> {
    const { uri } = entry.open;
    // A search for repairs ends when it is closed, which there is nobody to tell.
    if (this.#entries.get(uri) !== entry) return;
    if (!this.#editor.pulls) {
      const diagnostics = await this.diagnostics(entry);
      if (this.#entries.get(uri) === entry) this.#editor.publish(uri, entry.open.document.version, diagnostics);
    }
    if (entry.refresh) this.#editor.refresh();
    entry.refresh = false;
    const checked = await entry.open.check();
    if (this.#entries.get(uri) !== entry) return;
    const { version } = checked.document;
    const models = entry.analyses.status(checked);
    this.#editor.status({ uri, version, models, ...documentErrors(checked) });
    entry.showPause = Math.floor(models.length / shownPerMillisecond);
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
