import { setTimeout as wait } from "node:timers/promises";
import { uniform } from "../analysis/simulate/uniform.ts";
import { type Keystroke, TypedText, typing } from "./editor-typing.ts";
import type { LanguageClient } from "./language-client.ts";

const uri = "file:///bench/typed.node";

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly { readonly code: string; readonly severity: number }[];
}

interface Status {
  readonly uri: string;
  readonly models: readonly { readonly name: string; readonly state: string }[];
}

/** Opens a document; its analyses are over when this is. */
export async function openAndSettle(client: LanguageClient, text: string, at = uri): Promise<TypedText> {
  const settled = client.next<Status>(
    "contrax/status",
    ({ uri, models }) =>
      uri === at && models.every(({ state }) => state !== "queued" && state !== "running" && state !== "stale"),
  );
  const textDocument = { uri: at, languageId: "contrax", version: 1, text };
  client.notify("textDocument/didOpen", { textDocument });
  await settled;
  return new TypedText(text);
}

/** Milliseconds from each keystroke to the diagnostics of the text with it, one keystroke after the other. */
export async function keystrokesToDiagnostics(client: LanguageClient, text: string, keystrokes: number) {
  const document = await openAndSettle(client, text);
  const times: number[] = [];
  let broken = 0;
  for (const keystroke of take(typing(document, uniform(1)), keystrokes)) {
    const change = document.type(uri, keystroke);
    const start = performance.now();
    const published = client.next<Published>(
      "textDocument/publishDiagnostics",
      ({ version }) => version === document.version,
    );
    client.notify("textDocument/didChange", change);
    const { diagnostics } = await published;
    times.push(performance.now() - start);
    if (diagnostics.some(({ code }) => code.startsWith("CX1"))) broken++;
    await wait(20 + 20 * Math.random());
  }
  await close(client);
  return { times, broken };
}

/** What an editor that shows everything asks after each keystroke, at once. */
const asked = [
  "textDocument/diagnostic",
  "textDocument/inlayHint",
  "textDocument/documentSymbol",
  "textDocument/foldingRange",
  "textDocument/semanticTokens/full",
  "textDocument/codeLens",
  "textDocument/documentLink",
  "textDocument/documentHighlight",
  "textDocument/codeAction",
];

/** Milliseconds from each keystroke to the last answer of what an editor asks after it, for one that asks for diagnostics. */
export async function keystrokesToAnswers(client: LanguageClient, text: string, keystrokes: number) {
  const document = await openAndSettle(client, text);
  const times: number[] = [];
  let broken = 0;
  for (const keystroke of take(typing(document, uniform(2)), keystrokes)) {
    const position = document.positionAt(keystroke.offset);
    const change = document.type(uri, keystroke);
    const start = performance.now();
    client.notify("textDocument/didChange", change);
    const range = { start: position, end: position };
    const shown = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } };
    const answers = asked.map((method) =>
      client.ask(method, {
        textDocument: { uri },
        position,
        range: method === "textDocument/inlayHint" ? shown : range,
        context: { diagnostics: [] },
      }),
    );
    const { result } = await answers[0]!;
    times.push(performance.now() - start);
    const { items } = result as { items: Published["diagnostics"] };
    if (items.some(({ code }) => code.startsWith("CX1"))) broken++;
    await Promise.all(answers);
    await wait(20 + 20 * Math.random());
  }
  await close(client);
  return { times, broken };
}

async function close(client: LanguageClient): Promise<void> {
  client.notify("textDocument/didClose", { textDocument: { uri } });
  await client.ask("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 0 } });
}

export function* take(keystrokes: Generator<Keystroke>, count: number): Generator<Keystroke> {
  for (let i = 0; i < count; i++) yield keystrokes.next().value;
}
