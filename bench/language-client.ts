import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { serverArguments } from "../client/server-arguments.ts";

interface Incoming {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

type Handler = (params: never) => void;

/** Memory of the server's main thread after a collection of all garbage, in bytes. */
export interface Memory {
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly rss: number;
  /** Of the used heap, what the engine has compiled of the program, and has noted of it. */
  readonly code: number;
}

/** The bundle that ships, started as the extension starts it, on its standard input and output, driven like an editor drives it. */
export class LanguageClient {
  readonly #child: ChildProcess;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes of the message that is on its way, its head included; null while the head is not there. */
  #wanted: number | null = null;
  #head = 0;
  #lastId = 0;
  readonly #pending = new Map<number | string, (answer: Answer) => void>();
  readonly #handlers = new Map<string, Set<Handler>>();
  /** Answers to what the server asks. */
  readonly answers: Record<string, (params: never) => unknown> = {};
  /** What the server wrote on its standard error. */
  errors = "";
  readonly ended: Promise<number | null>;

  /** @param probe whether its memory can be asked for: heap-probe.mjs runs beside the bundle, which knows nothing of it. */
  constructor({ probe = false, folder = process.cwd() }: { probe?: boolean; folder?: string } = {}) {
    const beside = probe ? ["--expose-gc", "--import", path.resolve(folder, "bench/heap-probe.mjs")] : [];
    this.#child = spawn(
      process.execPath,
      [...serverArguments, ...beside, path.resolve(folder, "dist/server.js"), "--stdio"],
      {
        stdio: ["pipe", "pipe", "pipe", ...(probe ? ["ipc" as const] : [])],
      },
    );
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#child.stderr!.setEncoding("utf8").on("data", (text) => (this.errors += text));
    // Where the server has ended, `ended` says so.
    this.#child.stdin!.on("error", () => {});
    this.ended = new Promise((resolve) =>
      this.#child.on("exit", (status) => {
        for (const settle of this.#pending.values()) settle({ error: { code: 0, message: "the server has ended" } });
        this.#pending.clear();
        resolve(status);
      }),
    );
  }

  /** A message, or anything else in place of one. */
  send(message: unknown): void {
    this.sendBody(JSON.stringify(message));
  }

  sendBody(body: string): void {
    this.#child.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  notify(method: string, params: unknown): void {
    this.send({ jsonrpc: "2.0", method, params });
  }

  /** Never rejects: an error is an answer. */
  ask(method: string, params: unknown, id: number | string = ++this.#lastId): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.#pending.set(id, resolve));
    this.send({ jsonrpc: "2.0", id, method, params });
    return answer;
  }

  /** @throws {Error} where the server answers with an error. */
  async request<R>(method: string, params: unknown): Promise<R> {
    const { result, error } = await this.ask(method, params);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as R;
  }

  /** Returns what takes the handler away. */
  on<P>(method: string, handler: (params: P) => void): () => void {
    const handlers = this.#handlers.get(method) ?? new Set();
    this.#handlers.set(method, handlers.add(handler as Handler));
    return () => handlers.delete(handler as Handler);
  }

  /** The next notification of this kind that is wanted. */
  next<P>(method: string, wanted: (params: P) => boolean = () => true): Promise<P> {
    return new Promise((resolve) => {
      const off = this.on<P>(method, (params) => {
        if (!wanted(params)) return;
        off();
        resolve(params);
      });
    });
  }

  async start(capabilities: object, options: object = {}): Promise<void> {
    const initializationOptions = { showsStatus: true, ...options };
    await this.request("initialize", { processId: process.pid, rootUri: null, capabilities, initializationOptions });
    this.notify("initialized", {});
  }

  memory(): Promise<Memory> {
    return new Promise((resolve) => {
      this.#child.once("message", (memory) => resolve(memory as Memory));
      this.#child.send("memory");
    });
  }

  /** As asked, or at once where it does not answer. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.kill(), 2000);
    await this.ask("shutdown", undefined);
    this.notify("exit", undefined);
    if (this.#child.connected) this.#child.disconnect();
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      if (this.#wanted === null) {
        const all = Buffer.concat(this.#chunks.splice(0));
        this.#chunks.push(all);
        const end = all.indexOf("\r\n\r\n");
        if (end < 0) return;
        this.#head = end + 4;
        this.#wanted = this.#head + Number(/Content-Length: (\d+)/.exec(all.toString("latin1", 0, end))![1]);
      }
      if (this.#bytes < this.#wanted) return;
      const all = Buffer.concat(this.#chunks.splice(0));
      const message: Incoming = JSON.parse(all.toString("utf8", this.#head, this.#wanted));
      const rest = all.subarray(this.#wanted);
      this.#chunks.push(rest);
      this.#bytes = rest.length;
      this.#wanted = null;
      this.#deliver(message);
    }
  }

  #deliver({ id, method, params, result, error }: Incoming): void {
    if (method === undefined) {
      const settle = this.#pending.get(id!);
      this.#pending.delete(id!);
      settle?.(error === undefined ? { result } : { error });
      return;
    }
    if (id !== undefined && id !== null) {
      this.send({ jsonrpc: "2.0", id, result: this.answers[method]?.(params as never) ?? null });
    }
    for (const handler of [...(this.#handlers.get(method) ?? [])]) handler(params as never);
  }
}
