import type { Connection } from "vscode-languageserver";
import type { LoadFailure } from "../../model/tensor.ts";
import type { FolderEntry } from "../../service/completion-strings.ts";
import { codes, loadFailure } from "../../weights/failure.ts";
import type { Disposable, Files, Host, NewFileOutcome } from "../host.ts";
import { fromBase64, toBase64 } from "../messages/base64.ts";
import {
  changedNotification,
  deleteRequest,
  type FileEntry,
  type FileKind,
  type FileStatus,
  listRequest,
  readRequest,
  statRequest,
  unwatchNotification,
  watchNotification,
  writeRequest,
} from "../messages/file-messages.ts";
import { decodeDocument, largestDocument, modelText } from "./document-text.ts";
import { weightFileProblem } from "./file-status.ts";
import { findListedModels } from "./find-listed-models.ts";
import type { FoundModels, ModelText } from "./model-files.ts";

/** An editor that does not answer must not hold a document's diagnostics up for ever. */
const patience = 30_000;

/** More does not travel in one message. */
const largestWeightFile = 2 ** 28;

/** The editor's files, asked for one by one. Whatever it answers is looked at before it is believed. */
export class EditorFiles implements Files {
  readonly #connection: Connection;
  readonly #host: Pick<Host, "after">;
  readonly #watched = new Map<string, Set<() => void>>();
  /** How often each watched file has changed: not every file system keeps times. */
  readonly #changes = new Map<string, number>();

  constructor(connection: Connection, host: Pick<Host, "after">) {
    this.#connection = connection;
    this.#host = host;
    connection.onNotification(changedNotification, (params: unknown) => {
      const uri = field(params, "uri");
      if (typeof uri === "string") this.#changed(uri);
    });
  }

  async stamp(uri: string): Promise<string | null> {
    const status = await this.#status(uri).catch(() => null);
    return status && `${status.size} ${status.modified} ${this.#changes.get(uri) ?? 0}`;
  }

  async readWeightFile(uri: string, file: string): Promise<Uint8Array | LoadFailure> {
    const content = await this.#content(uri, largestWeightFile);
    if (content instanceof Uint8Array) return content;
    const { status, problem } = content;
    const refused = status && weightFileProblem(status, file, largestWeightFile);
    return refused ?? loadFailure(codes.unreadable, file, null, `cannot be read: ${problem}`);
  }

  async writeNewFile(uri: string, bytes: Uint8Array): Promise<NewFileOutcome> {
    if (bytes.length > largestWeightFile) {
      return { kind: "failed", reason: `${bytes.length} bytes are too many for a folder that is on no disk` };
    }
    const asked = this.#ask(writeRequest, { uri, base64: toBase64(bytes) });
    const answer = await asked.catch((error: Error) => ({ kind: "failed", reason: error.message }));
    const kind = field(answer, "kind");
    if (kind === "written" || kind === "taken") return { kind };
    return { kind: "failed", reason: text(field(answer, "reason")) ?? nonsense };
  }

  async removeFile(uri: string): Promise<boolean> {
    return this.#ask(deleteRequest, { uri }).then(
      (answer) => answer === true,
      () => false,
    );
  }

  async listFiles(uri: string): Promise<FolderEntry[]> {
    const entries = (await this.#entries(uri)) ?? [];
    return entries.map(({ name, kind }) => ({ name, isFolder: kind === "folder" }));
  }

  findModels(folder: string, isCancelled: () => boolean): Promise<FoundModels> {
    return findListedModels((uri) => this.#entries(uri), folder, isCancelled);
  }

  async readModel(uri: string): Promise<ModelText> {
    const content = await this.#content(uri, largestDocument);
    if (content instanceof Uint8Array) return modelText(decodeDocument(content));
    return { kind: "unreadable", problem: `cannot be read: ${content.problem}` };
  }

  watch(uri: string, changed: () => void): Disposable {
    const watching = this.#watched.get(uri) ?? new Set();
    // Another function each time: the same one may watch twice.
    const callback = () => changed();
    if (watching.size === 0) {
      this.#watched.set(uri, watching);
      this.#notify(watchNotification, uri);
    }
    watching.add(callback);
    return {
      dispose: () => {
        if (!watching.delete(callback) || watching.size > 0) return;
        this.#watched.delete(uri);
        this.#notify(unwatchNotification, uri);
      },
    };
  }

  #changed(uri: string): void {
    const watching = this.#watched.get(uri);
    if (watching === undefined) return;
    this.#changes.set(uri, (this.#changes.get(uri) ?? 0) + 1);
    for (const changed of watching) changed();
  }

  /** A file's bytes, or why they cannot be had: a clause; with its status where that is the reason. */
  async #content(uri: string, most: number): Promise<Uint8Array | { status?: FileStatus; problem: string }> {
    try {
      const status = await this.#status(uri);
      if (status === null) return { problem: "there is no such file" };
      if (status.kind !== "file") return { status, problem: "it is no file" };
      if (status.size > most) return { status, problem: `it has more than ${most} bytes` };
      const answer = await this.#ask(readRequest, { uri });
      const base64 = field(answer, "base64");
      const bytes = typeof base64 === "string" ? fromBase64(base64) : null;
      return bytes ?? { problem: text(field(answer, "problem")) ?? nonsense };
    } catch (error) {
      return { problem: text((error as Error).message) ?? nonsense };
    }
  }

  /** What stands in a folder; null where it cannot be read. What is no entry is left out. */
  async #entries(uri: string): Promise<FileEntry[] | null> {
    const answer = await this.#ask(listRequest, { uri }).catch(() => null);
    if (!Array.isArray(answer)) return null;
    return answer.flatMap((entry: unknown) => {
      const name = field(entry, "name");
      const kind = field(entry, "kind");
      return typeof name === "string" && isKind(kind) ? [{ name, kind }] : [];
    });
  }

  /** Null where there is no such file. @throws Error whose message is a clause, where nobody says */
  async #status(uri: string): Promise<FileStatus | null> {
    const answer = await this.#ask(statRequest, { uri });
    if (answer === null) return null;
    const kind = field(answer, "kind");
    const size = field(answer, "size");
    const modified = field(answer, "modified");
    if (!isKind(kind) || !isCount(size) || !isCount(modified)) throw new Error(nonsense);
    return { kind, size, modified };
  }

  /** @throws Error whose message is a clause, where there is no answer */
  #ask(request: string, params: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = this.#host.after(patience, () => reject(new Error("the editor does not answer")));
      const settled = this.#connection.sendRequest(request, params).finally(() => timer.dispose());
      settled.then(resolve, reject);
    });
  }

  #notify(notification: string, uri: string): void {
    // The connection may have ended.
    this.#connection.sendNotification(notification, { uri }).catch(() => {});
  }
}

const nonsense = "the editor's answer makes no sense";

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** What can stand in a message to a person: one line, not too long. */
function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.replace(/\s+/g, " ").slice(0, 200) : null;
}

function isKind(value: unknown): value is FileKind {
  return value === "file" || value === "folder" || value === "other";
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
