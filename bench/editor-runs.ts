import { setTimeout as wait } from "node:timers/promises";
import { uniform } from "../analysis/simulate/uniform.ts";
import { hard } from "./editor-documents.ts";
import { openAndSettle } from "./editor-keystrokes.ts";
import { TypedText } from "./editor-typing.ts";
import type { LanguageClient } from "./language-client.ts";

const uri = "file:///bench/hard.node";

interface Status {
  readonly uri: string;
  readonly models: readonly { readonly name: string; readonly state: string }[];
}

const stateOf = ({ models }: Status, name: string) => models.find((model) => model.name === name)?.state;

const running =
  (name: string) =>
  (status: Status): boolean =>
    stateOf(status, name) === "running";

interface Hard {
  readonly document: TypedText;
  /** @throws {Error} where the first model's analysis has ended by itself: then there is nothing to cancel. */
  expectRunning(): void;
  close(): void;
}

/** So many neurons take minutes. */
const endlessSize = 200;

/** Two models of which each takes seconds and more, with `endless` settings: the second waits for the first. */
export async function openHard(client: LanguageClient): Promise<Hard> {
  const next = uniform(3);
  const text = hard(next, "First", endlessSize) + hard(next, "Second", endlessSize);
  const started = client.next<Status>("contrax/status", running("First"));
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });
  await started;
  let state: string | undefined = "running";
  const off = client.on<Status>("contrax/status", (status) => {
    if (status.uri === uri) state = stateOf(status, "First");
  });
  return {
    document: new TypedText(text),
    expectRunning() {
      if (state !== "running") throw new Error(`the model that takes its whole budget is ${state} already`);
    },
    close() {
      off();
      client.notify("textDocument/didClose", { textDocument: { uri } });
    },
  };
}

/** Milliseconds that completion and hover take, all over a document of many lines, while the analysis of another runs. */
export async function requestsDuringAnalysis(client: LanguageClient, text: string, requests: number) {
  const at = "file:///bench/asked.node";
  const document = await openAndSettle(client, text, at);
  const { expectRunning, close } = await openHard(client);
  const random = uniform(4);
  const times: number[] = [];
  let answered = 0;
  for (let i = 0; i < requests; i++) {
    const position = document.positionAt(Math.floor(random() * document.text.length));
    const method = i % 2 ? "textDocument/hover" : "textDocument/completion";
    const start = performance.now();
    const { result } = await client.ask(method, { textDocument: { uri: at }, position });
    times.push(performance.now() - start);
    if (result !== null) answered++;
    await wait(10);
  }
  expectRunning();
  close();
  client.notify("textDocument/didClose", { textDocument: { uri: at } });
  return { times, answered };
}

/** Milliseconds from a change of a model that is being analysed until its worker is at the next model. */
export async function changeToIdle(client: LanguageClient, times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const { document, expectRunning, close } = await openHard(client);
    await wait(300 + 100 * i);
    expectRunning();
    const next = client.next<Status>("contrax/status", running("Second"));
    const digit = document.text.search(/[1-9](?=[,\]])/);
    const start = performance.now();
    client.notify("textDocument/didChange", document.type(uri, { offset: digit, remove: 1, insert: "0" }));
    await next;
    taken.push(performance.now() - start);
    close();
  }
  return taken;
}

/** Milliseconds from a person's Cancel on the progress until the worker is at the next model. */
export async function cancelToIdle(client: LanguageClient, times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const begun = client.next<{ token: string; value: { kind: string; title?: string } }>(
      "$/progress",
      ({ value }) => value.kind === "begin" && value.title?.includes("First") === true,
    );
    const { expectRunning, close } = await openHard(client);
    const { token } = await begun;
    await wait(100 * i);
    expectRunning();
    const next = client.next<Status>("contrax/status", running("Second"));
    const start = performance.now();
    client.notify("window/workDoneProgress/cancel", { token });
    await next;
    taken.push(performance.now() - start);
    close();
  }
  return taken;
}
