import {
  type ClientCapabilities,
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  type MessageType,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { FoldingLimits } from "../service/folding.ts";
import type { Host } from "./host.ts";
import { LensRefresh } from "./lens-refresh.ts";
import type { EditorTraits } from "./messages/editor-traits.ts";
import { type PreviewChangedParams, previewChangedNotification } from "./messages/preview-messages.ts";
import { type StatusParams, statusNotification } from "./messages/status-messages.ts";
import { type Progress, showProgress } from "./progress.ts";
import { defaultSettings, readSettings, type Settings } from "./settings.ts";

/** The editor at the other end, as far as it can do what the server would like. */
export class Editor {
  readonly #connection: Connection;
  readonly #host: Host;
  readonly #capabilities: ClientCapabilities;
  readonly #settings = new Map<string, Promise<Settings>>();
  /** What an editor without `workspace/configuration` sent last. */
  #sent: Settings;
  readonly #folders: readonly string[];
  readonly #lenses: LensRefresh;
  /** Whether the editor has the command that shows repairs beside the model. */
  readonly compares: boolean;
  /** Whether it hands files over, of folders that are on no disk. */
  readonly handsFiles: boolean;
  /** Whether the editor shows what a check of the workspace answers. */
  readonly showsReports: boolean;
  /** Whether the editor has previews. */
  readonly previews: boolean;
  /** Whether the editor shows where analyses stand. */
  readonly showsStatus: boolean;
  /** Whether files may be written into the document's folder. */
  trusted: boolean;

  /** @param folders that were open at the start */
  constructor(
    connection: Connection,
    host: Host,
    capabilities: ClientCapabilities,
    initial: unknown,
    folders: readonly string[],
  ) {
    this.#folders = folders;
    this.#connection = connection;
    this.#host = host;
    this.#capabilities = capabilities;
    // An editor that refuses is one that will ask at the next change.
    this.#lenses = new LensRefresh(host, () => connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {}));
    this.#sent = readSettings(initial);
    const { trusted, compares, files, showsReports, previews, showsStatus }: EditorTraits =
      typeof initial === "object" && initial !== null ? initial : {};
    this.compares = compares === true;
    this.handsFiles = files === true;
    this.showsReports = showsReports === true;
    this.previews = previews === true;
    this.showsStatus = showsStatus === true;
    this.trusted = trusted !== false;
  }

  /**
   * Whether the editor asks for diagnostics itself. One that could not be told that there are newer ones would not
   * see the verdicts: it is sent them.
   */
  get pulls(): boolean {
    const { textDocument, workspace } = this.#capabilities;
    return textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true;
  }

  get takesConfiguration(): boolean {
    return this.#capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
  }

  /** Whether a code action's edit is asked for when a person has chosen it. */
  get resolvesEdits(): boolean {
    const { resolveSupport, dataSupport } = this.#capabilities.textDocument?.codeAction ?? {};
    return dataSupport === true && resolveSupport?.properties.includes("edit") === true;
  }

  get appliesEdits(): boolean {
    return this.#capabilities.workspace?.applyEdit === true;
  }

  /** Whether a definition may say which part of the text it is the definition of. */
  get takesLinks(): boolean {
    return this.#capabilities.textDocument?.definition?.linkSupport === true;
  }

  /** Of symbols, each within another. */
  get takesHierarchy(): boolean {
    return this.#capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
  }

  get folding(): FoldingLimits {
    const { lineFoldingOnly, rangeLimit } = this.#capabilities.textDocument?.foldingRange ?? {};
    return { lineFoldingOnly: lineFoldingOnly === true, rangeLimit };
  }

  get showsLinkTooltips(): boolean {
    return this.#capabilities.textDocument?.documentLink?.tooltipSupport === true;
  }

  /** Whether a parameter may be told by its place in a signature. */
  get takesLabelOffsets(): boolean {
    const { parameterInformation } = this.#capabilities.textDocument?.signatureHelp?.signatureInformation ?? {};
    return parameterInformation?.labelOffsetSupport === true;
  }

  get showsDisabledActions(): boolean {
    return this.#capabilities.textDocument?.codeAction?.disabledSupport === true;
  }

  get registersWatchers(): boolean {
    return this.#capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  }

  /** URIs of the folders that are open now. */
  async folders(): Promise<readonly string[]> {
    if (this.#capabilities.workspace?.workspaceFolders !== true) return this.#folders;
    return ((await this.#connection.workspace.getWorkspaceFolders()) ?? []).map(({ uri }) => uri);
  }

  async settings(uri: string): Promise<Settings> {
    if (this.#capabilities.workspace?.configuration !== true) return this.#sent;
    let settings = this.#settings.get(uri);
    if (settings === undefined) {
      const section = this.#connection.workspace.getConfiguration({ scopeUri: uri, section: "contrax" });
      settings = section.then(readSettings, () => defaultSettings);
      this.#settings.set(uri, settings);
    }
    return settings;
  }

  settingsChanged(sent: unknown): void {
    this.#settings.clear();
    if (typeof sent === "object" && sent !== null && "contrax" in sent) this.#sent = readSettings(sent.contrax);
  }

  /** Of a document that is closed. */
  forgetSettings(uri: string): void {
    this.#settings.delete(uri);
  }

  publish(uri: string, version: number | null, diagnostics: Diagnostic[]): void {
    void this.#connection.sendDiagnostics({ uri, diagnostics, ...(version !== null && { version }) });
  }

  /** Has what depends on the analysis asked for again, as far as the editor can be told so. */
  refresh(): void {
    // An editor that refuses is one that will ask at the next change.
    if (this.pulls) Promise.resolve(this.#connection.languages.diagnostics.refresh()).catch(() => {});
    if (this.#capabilities.workspace?.inlayHint?.refreshSupport) {
      this.#connection.languages.inlayHint.refresh().catch(() => {});
    }
    if (this.#capabilities.workspace?.codeLens?.refreshSupport) this.#lenses.changed();
  }

  /** The editor asks for code lenses. */
  lensesAsked(): void {
    this.#lenses.asked();
  }

  /** At the end: nothing is asked for again. */
  dispose(): void {
    this.#lenses.dispose();
  }

  /** Tells that what previews of this document show may have changed. */
  previewChanged(uri: string): void {
    const params: PreviewChangedParams = { uri };
    if (this.previews) void this.#connection.sendNotification(previewChangedNotification, params);
  }

  status(params: StatusParams): void {
    if (this.showsStatus) void this.#connection.sendNotification(statusNotification, params);
    this.previewChanged(params.uri);
  }

  showError(message: string): void {
    this.#show(1, message);
  }

  showWarning(message: string): void {
    this.#show(2, message);
  }

  showInformation(message: string): void {
    this.#show(3, message);
  }

  #show(type: MessageType, message: string): void {
    void this.#connection.sendNotification("window/showMessage", { type, message });
  }

  log(message: string): void {
    this.#connection.console.error(message);
  }

  /** A line of the log for somebody who wonders what was done. */
  inform(message: string): void {
    this.#connection.console.info(message);
  }

  /** A line for somebody who traces the server (`$/setTrace`). */
  trace(message: string): void {
    this.#connection.tracer.log(message);
  }

  /**
   * A progress with a Cancel, from the time on when it is worth looking at.
   *
   * @param percentage at the beginning, where it is known how much there is to do
   */
  progress(title: string, cancel: () => void, percentage?: number): Progress {
    return showProgress(this.#connection, this.#host, title, cancel, percentage);
  }

  /** Edits of one version of a document: an editor that keeps versions refuses them for any other. */
  edit({ uri, version }: TextDocument, edits: TextEdit[]): WorkspaceEdit {
    if (this.#capabilities.workspace?.workspaceEdit?.documentChanges !== true) return { changes: { [uri]: edits } };
    const change: TextDocumentEdit = { textDocument: { uri, version }, edits };
    return { documentChanges: [change] };
  }

  /** Null where it was applied, else why not: a clause. */
  async applyEdit(label: string, edit: WorkspaceEdit): Promise<string | null> {
    try {
      const { applied, failureReason } = await this.#connection.workspace.applyEdit({ label, edit });
      return applied ? null : (failureReason ?? "the editor refused the change");
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
