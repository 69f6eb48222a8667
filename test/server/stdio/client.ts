import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The bundle that ships. */
export const bundle = fileURLToPath(new URL("../../../dist/server.js", import.meta.url));
if (!existsSync(bundle)) throw new Error("dist/server.js is missing: run `npm run build` first");

export interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** As little of JSON-RPC as it takes; fails on any byte on standard output that is no message. */
export class Client {
  readonly #child: ChildProcess;
  readonly #received: Message[] = [];
  #rest = Buffer.alloc(0);
  #waiting: (() => void)[] = [];
  #lastId = 0;
  errors = "";
  /** What the editor answers to the server's requests, by method; null to others. */
  readonly answers: Record<string, (params: never) => unknown> = {};

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stderr!.setEncoding("utf8").on("data", (text) => (this.errors += text));
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#rest.toString("latin1", 0, 64));
      if (head === null) {
        if (this.#rest.length > 64) throw new Error(`no message: ${this.#rest.toString("utf8", 0, 200)}`);
        return;
      }
      const end = head[0].length + Number(head[1]);
      if (this.#rest.length < end) return;
      const message = JSON.parse(this.#rest.toString("utf8", head[0].length, end));
      this.#rest = this.#rest.subarray(end);
      this.#received.push(message);
      if (message.id !== undefined && message.method !== undefined) {
        this.#send({ id: message.id, result: this.answers[message.method]?.(message.params as never) ?? null });
      }
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  notify(method: string, params: object): void {
    this.#send({ method, params });
  }

  async request(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    this.#send({ id, method, params });
    const { result, error } = await this.until((message) => message.id === id && message.method === undefined);
    if (error) throw new Error(JSON.stringify(error));
    return result;
  }

  /** All messages of this kind so far. */
  received(method: string): Record<string, unknown>[] {
    return this.#received.flatMap((message) => (message.method === method ? [message.params!] : []));
  }

  /** The first message like this, of those that have come and those that will. */
  async until(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.#received.find(wanted);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The next diagnostics that hold this code, or none at all. */
  async untilDiagnostic(version: number, code: string | null): Promise<{ message: string }[]> {
    const { params } = await this.until(({ method, params }) => {
      if (method !== "textDocument/publishDiagnostics" || params!.version !== version) return false;
      const codes = (params!.diagnostics as { code: string }[]).map((one) => one.code);
      return code === null ? codes.length === 0 : codes.includes(code);
    });
    return params!.diagnostics as { message: string }[];
  }
}

/** The server that ships, on its standard input and output. */
export function startServer(options: SpawnOptions = {}, server = bundle): { child: ChildProcess; client: Client } {
  const child = spawn(process.execPath, [server, "--stdio"], { ...options, stdio: "pipe" });
  return { child, client: new Client(child) };
}
