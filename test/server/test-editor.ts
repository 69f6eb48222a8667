import { PassThrough } from "node:stream";
import {
  type ApplyWorkspaceEditParams,
  type ApplyWorkspaceEditResult,
  type ClientCapabilities,
  type CodeAction,
  type ConfigurationParams,
  createConnection,
  type Diagnostic,
  type InitializeResult,
  ProposedFeatures,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentEdit,
} from "vscode-languageserver/node";
import { createProtocolConnection, type ProtocolConnection } from "vscode-languageserver-protocol/node";
import type { Host } from "../../server/host.ts";
import type { StatusParams } from "../../server/messages/status-messages.ts";
import { serve } from "../../server/server.ts";

/** What an editor of today offers, but for pull diagnostics. */
export const capabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceEdit: { documentChanges: true },
    applyEdit: true,
    inlayHint: { refreshSupport: true },
    didChangeConfiguration: { dynamicRegistration: true },
  },
  textDocument: {
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    inlayHint: {},
    publishDiagnostics: { versionSupport: true },
  },
  window: { workDoneProgress: true },
};

/** An editor that asks for a code action's edit when a person has chosen it. */
export const resolving: ClientCapabilities = {
  ...capabilities,
  textDocument: {
    ...capabilities.textDocument,
    codeAction: {
      ...capabilities.textDocument!.codeAction,
      dataSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
  },
};

/** An editor that can pull diagnostics. */
export const pulling: ClientCapabilities = {
  ...capabilities,
  workspace: { ...capabilities.workspace, diagnostics: { refreshSupport: true } },
  textDocument: { ...capabilities.textDocument, diagnostic: {} },
};

/** The editor's side of a connection, and what it was told. */
export class TestEditor {
  readonly connection: ProtocolConnection;
  /** What the server says of itself. */
  server: InitializeResult["capabilities"] = {};
  readonly published: PublishDiagnosticsParams[] = [];
  readonly statuses: StatusParams[] = [];
  readonly messages: { message: string }[] = [];
  readonly progress: {
    token: string | number;
    value: { kind: string; title?: string; message?: string; percentage?: number };
  }[] = [];
  /** Errors and warnings of the log. */
  readonly logged: { message: string }[] = [];
  /** What else the log says. */
  readonly informed: string[] = [];
  readonly traced: string[] = [];
  /** What the server asked to be changed. */
  readonly edits: ApplyWorkspaceEditParams[] = [];
  /** Whether the editor makes the changes that the server asks for. */
  takesEdits = true;
  refreshes = 0;
  settings: unknown = {};
  /** Of the folder that a document is in. */
  settingsOf: (scope: string | undefined) => unknown = () => this.settings;
  /** URIs of the folders that are open. */
  folders: string[] = [];
  readonly #documents = new Map<string, { version: number; text: string }>();

  constructor(connection: ProtocolConnection) {
    this.connection = connection;
    const keep = <T>(method: string, list: T[]) => {
      connection.onNotification(method, (params: T) => {
        list.push(params);
      });
    };
    keep("textDocument/publishDiagnostics", this.published);
    keep("contrax/status", this.statuses);
    keep("window/showMessage", this.messages);
    connection.onNotification("window/logMessage", (line: { type: number; message: string }) => {
      if (line.type <= 2) this.logged.push(line);
      else this.informed.push(line.message);
    });
    connection.onNotification("$/logTrace", ({ message }: { message: string }) => {
      this.traced.push(message);
    });
    keep("$/progress", this.progress);
    connection.onRequest("workspace/configuration", ({ items }: ConfigurationParams) =>
      items.map(({ scopeUri }) => this.settingsOf(scopeUri)),
    );
    connection.onRequest("workspace/workspaceFolders", () => this.folders.map((uri) => ({ uri, name: uri })));
    connection.onRequest("workspace/diagnostic/refresh", () => {
      this.refreshes++;
      return null;
    });
    connection.onRequest("workspace/applyEdit", (params: ApplyWorkspaceEditParams) => {
      this.edits.push(params);
      return this.#applyRequested(params);
    });
    for (const request of [
      "workspace/inlayHint/refresh",
      "window/workDoneProgress/create",
      "client/registerCapability",
    ]) {
      connection.onRequest(request, () => null);
    }
    connection.listen();
  }

  async start(offered = capabilities, options: object = {}, rootUri: string | null = null): Promise<this> {
    const result = await this.connection.sendRequest("initialize", {
      processId: null,
      rootUri,
      capabilities: offered,
      initializationOptions: { showsStatus: true, ...options },
    });
    this.server = (result as InitializeResult).capabilities;
    await this.connection.sendNotification("initialized", {});
    return this;
  }

  open(uri: string, text: string): void {
    this.#documents.set(uri, { version: 1, text });
    this.#notify("didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });
  }

  /** Replaces the first `before` by `after`, as one incremental change. */
  edit(uri: string, before: string, after: string): number {
    const document = this.#documents.get(uri)!;
    const start = document.text.indexOf(before);
    if (start < 0) throw new Error(`no ${before} in ${document.text}`);
    const range = { start: position(document.text, start), end: position(document.text, start + before.length) };
    return this.change(
      uri,
      range,
      after,
      document.text.replace(before, () => after),
    );
  }

  change(uri: string, range: Range, newText: string, after: string): number {
    const version = this.#documents.get(uri)!.version + 1;
    this.#documents.set(uri, { version, text: after });
    this.#notify("didChange", { textDocument: { uri, version }, contentChanges: [{ range, text: newText }] });
    return version;
  }

  save(uri: string): void {
    this.#notify("didSave", { textDocument: { uri } });
  }

  close(uri: string): void {
    this.#notify("didClose", { textDocument: { uri } });
  }

  text(uri: string): string {
    return this.#documents.get(uri)!.text;
  }

  #notify(method: string, params: unknown): void {
    void this.connection.sendNotification(`textDocument/${method}`, params as object);
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest(method, params as object);
  }

  /** Where `text` stands first. */
  rangeOf(uri: string, text: string): Range {
    const start = this.text(uri).indexOf(text);
    return { start: position(this.text(uri), start), end: position(this.text(uri), start + text.length) };
  }

  codeActions(uri: string, at: string): Promise<CodeAction[]> {
    const params = { textDocument: { uri }, range: this.rangeOf(uri, at), context: { diagnostics: [] } };
    return this.request("textDocument/codeAction", params);
  }

  #applyRequested({ edit }: ApplyWorkspaceEditParams): ApplyWorkspaceEditResult {
    if (!this.takesEdits) return { applied: false };
    const [change] = edit.documentChanges as TextDocumentEdit[];
    try {
      this.apply(change.textDocument.uri, { title: "", edit });
      return { applied: true };
    } catch (error) {
      return { applied: false, failureReason: (error as Error).message };
    }
  }

  resolve(action: CodeAction): Promise<CodeAction> {
    return this.request("codeAction/resolve", action);
  }

  execute({ command }: CodeAction): Promise<null> {
    return this.request("workspace/executeCommand", { command: command!.command, arguments: command!.arguments });
  }

  /** Applies an action's edit to its document, in one change of the whole text. */
  apply(uri: string, { edit }: CodeAction): void {
    const [change] = edit!.documentChanges as {
      textDocument: { version: number };
      edits: { range: Range; newText: string }[];
    }[];
    if (change.textDocument.version !== this.#documents.get(uri)!.version)
      throw new Error("an edit of another version");
    let text = this.text(uri);
    const all = { start: position(text, 0), end: position(text, text.length) };
    const offset = ({ line, character }: Range["start"]) =>
      text.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0) + character;
    for (const { range, newText } of change.edits.toReversed()) {
      text = text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end));
    }
    this.change(uri, all, text, text);
  }

  /** The diagnostics of a document as they are now. */
  diagnostics(uri: string): Diagnostic[] {
    return this.published.findLast((params) => params.uri === uri)?.diagnostics ?? [];
  }

  async pull(uri: string): Promise<Diagnostic[]> {
    const { items } = await this.request<{ items: Diagnostic[] }>("textDocument/diagnostic", { textDocument: { uri } });
    return items;
  }

  codes(uri: string): unknown[] {
    return this.diagnostics(uri).map(({ code }) => code);
  }

  states(uri: string): string[] {
    const latest = this.statuses.findLast((params) => params.uri === uri);
    return latest?.models.map(({ name, state }) => `${name} ${state}`) ?? [];
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    this.connection.end();
    this.connection.dispose();
  }
}

/** A server for this editor alone, in this process. */
export function connect(host: Host): TestEditor {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const serverSide = createConnection(ProposedFeatures.all, new StreamMessageReader(up), new StreamMessageWriter(down));
  serve(serverSide, host);
  return new TestEditor(createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up)));
}

/** Waits for what is expected to come; says what there is where it does not. */
export async function until<T>(
  what: string,
  look: () => T | false | undefined | null,
  seen?: () => unknown,
): Promise<T> {
  for (let waited = 0; waited < 15_000; waited += 10) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain for ${what}${seen ? `; there is ${JSON.stringify(seen())}` : ""}`);
}

/** Long enough for what must not happen to happen. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150));
}

function position(text: string, offset: number): Range["start"] {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}
