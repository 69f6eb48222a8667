import type { Connection } from "vscode-languageserver";
import type { LoadFailure } from "../model/tensor.ts";
import { codes, loadFailure } from "../weights/failure.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import {
  changedNotification,
  deleteRequest,
  type FileStatus,
  readRequest,
  statRequest,
  unwatchNotification,
  watchNotification,
  writeRequest,
} from "./file-messages.ts";
import { weightFileProblem } from "./file-status.ts";
import type { Disposable, Files, Host, NewFileOutcome } from "./host.ts";
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
    const failed = (reason: string) => loadFailure(codes.unreadable, file, null, `cannot be read: ${reason}`);
    try {
      const status = await this.#status(uri);
      if (status === null) return failed("there is no such file");
      const problem = weightFileProblem(status, file, largestWeightFile);
      if (problem !== null) return problem;
      const answer = await this.#ask(readRequest, { uri });
      const base64 = field(answer, "base64");
      const bytes = typeof base64 === "string" ? fromBase64(base64) : null;
      return bytes ?? failed(text(field(answer, "problem")) ?? nonsense);
    } catch (error) {
      return failed(text((error as Error).message) ?? nonsense);
    }
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

  async findModels(): Promise<FoundModels> {
    return { files: [], isComplete: false };
  }

  async readModel(): Promise<ModelText> {
    return { kind: "unreadable", problem: nonsense };
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

  /** Null where there is no such file. @throws Error whose message is a clause, where nobody says */
  async #status(uri: string): Promise<FileStatus | null> {
    const answer = await this.#ask(statRequest, { uri });
    if (answer === null) return null;
    const kind = field(answer, "kind");
    const size = field(answer, "size");
    const modified = field(answer, "modified");
    const isKnown = kind === "file" || kind === "folder" || kind === "other";
    if (!isKnown || !isCount(size) || !isCount(modified)) throw new Error(nonsense);
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

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
