import { setTimeout as wait } from "node:timers/promises";
import { type Answer, LanguageClient } from "../../bench/language-client.ts";
import { anyMessage, type Sent } from "./messages.ts";
import { Random } from "./random.ts";

/** What an editor of today offers. */
const capabilities = {
  workspace: {
    applyEdit: true,
    configuration: false,
    workspaceEdit: { documentChanges: true },
    inlayHint: { refreshSupport: true },
    codeLens: { refreshSupport: true },
    semanticTokens: { refreshSupport: true },
    workspaceFolders: true,
  },
  textDocument: {
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
      dataSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
    codeLens: {},
    documentLink: {},
    foldingRange: {},
    inlayHint: {},
    publishDiagnostics: { versionSupport: true },
    rename: { prepareSupport: true },
    selectionRange: {},
    semanticTokens: {
      requests: { full: { delta: true }, range: true },
      tokenTypes: [],
      tokenModifiers: [],
      formats: [],
    },
    signatureHelp: {},
  },
  window: { workDoneProgress: true },
};

/** Messages to one server, and between how many of them it is looked whether it is well. */
const perSession = 2000;
const perLook = 400;

/** Milliseconds in which everything has to be answered: other programs may have the machine meanwhile. */
const patience = 30_000;

export interface SessionFailure {
  readonly seed: number;
  readonly what: string;
  /** All that was sent, in order. */
  readonly sent: readonly Sent[];
}

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

/** So many messages to servers, `perSession` to each; null where nothing is wrong with them. */
export async function tryMessages(
  seed: number,
  count: number,
  texts: readonly string[],
): Promise<SessionFailure | null> {
  for (let done = 0; done < count; done += perSession) {
    const failure = await trySession(seed + done, Math.min(perSession, count - done), texts);
    if (failure) return failure;
  }
  return null;
}

async function trySession(seed: number, count: number, texts: readonly string[]): Promise<SessionFailure | null> {
  const random = new Random(seed);
  const client = new LanguageClient();
  const sent: Sent[] = [];
  try {
    await strayMessages(client, random, texts, sent, 5);
    const trait = random.chance(0.5) ? { diagnostic: {} } : {};
    const textDocument = { ...capabilities.textDocument, ...trait };
    const workspace = {
      ...capabilities.workspace,
      ...(random.chance(0.5) && { diagnostics: { refreshSupport: true } }),
    };
    const pulls = "diagnostic" in textDocument && "diagnostics" in workspace;
    await timely(
      "initialize",
      client.start({ ...capabilities, textDocument, workspace }, { previews: true, analysis: { timeBudget: 0.2 } }),
    );
    for (let done = 0; done < count; done += perLook) {
      await strayMessages(client, random, texts, sent, Math.min(perLook, count - done));
      await looksWell(client, done, pulls);
    }
    await timely("shutdown", client.ask("shutdown", undefined));
    await strayMessages(client, random, texts, sent, 5);
    client.notify("exit", undefined);
    const status = await timely("exit", client.ended);
    if (status !== 0) throw new Error(`it ended with ${status}`);
    if (client.errors !== "") throw new Error(`on its standard error: ${client.errors}`);
    return null;
  } catch (error) {
    return { seed, what: `${(error as Error).message}\n${client.errors}`, sent };
  } finally {
    client.kill();
  }
}

/** Sends these and waits until all that are requests are answered. */
async function strayMessages(
  client: LanguageClient,
  random: Random,
  texts: readonly string[],
  sent: Sent[],
  count: number,
): Promise<void> {
  const answers: Promise<Answer>[] = [];
  for (let i = 0; i < count; i++) {
    const message = anyMessage(random, texts);
    sent.push(message);
    if (message.kind === "body") client.sendBody(message.body);
    else if (message.kind === "notification") client.notify(message.method, message.params);
    else {
      const answer = client.ask(message.method, message.params, `${sent.length}`);
      answers.push(timely(`${message.method} ${JSON.stringify(message.params)}`.slice(0, 500), answer));
    }
  }
  await Promise.all(answers);
}

/** It gives the right verdict on a model that it has not seen. */
async function looksWell(client: LanguageClient, done: number, pulls: boolean): Promise<void> {
  const uri = `file:///fuzz/well${done}.node`;
  const text =
    `model Well { state x[2] param A = [[-0.1, 2], [-2, ${-0.1 - done / 1e6}]] flow x' = smooth_leaky_relu(0.5)(A * x) require lognorm(2) <= 0 }`.replace(
      "smooth_leaky_relu(0.5)(A * x)",
      "act(A * x) activation act = smooth_leaky_relu(0.5)",
    );
  const verdict: Promise<unknown> = pulls
    ? polledVerdict(client, uri)
    : client.next<Published>(
        "textDocument/publishDiagnostics",
        (params) => params.uri === uri && params.diagnostics.some(({ code }) => code === "CX401"),
      );
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });
  client.notify("textDocument/didSave", { textDocument: { uri } });
  await timely("the verdict on a small model", verdict);
  client.notify("textDocument/didClose", { textDocument: { uri } });
}

async function polledVerdict(client: LanguageClient, uri: string): Promise<void> {
  const give = performance.now() + patience;
  while (performance.now() < give) {
    await wait(20);
    const { result } = await client.ask("textDocument/diagnostic", { textDocument: { uri } });
    const items = (result as { items?: Published["diagnostics"] } | undefined)?.items ?? [];
    if (items.some(({ code }) => code === "CX401")) return;
  }
}

/** @throws {Error} where it takes too long. */
async function timely<T>(what: string, promise: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = wait(patience, undefined, { signal: stop.signal }).then(
    () => {
      throw new Error(`no answer: ${what}`);
    },
    () => undefined as never,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}
