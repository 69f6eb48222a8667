import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { uniform } from "../analysis/simulate/uniform.ts";
import { models } from "./editor-documents.ts";
import { openAndSettle, type Published, take } from "./editor-keystrokes.ts";
import { typing } from "./editor-typing.ts";
import type { LanguageClient } from "./language-client.ts";

/** Asked after each keystroke, so that each version is checked. */
const asked = [
  "textDocument/hover",
  "textDocument/completion",
  "textDocument/inlayHint",
  "textDocument/documentSymbol",
  "textDocument/semanticTokens/full",
  "textDocument/foldingRange",
  "textDocument/codeAction",
];

/** Edits after which the heap should grow no more. */
const warmUp = 1000;

export interface Growth {
  /** Megabytes in use after the warm-up, and after all. */
  readonly before: number;
  readonly after: number;
  /** Of compiled code, not counted above: by how much it grew between. */
  readonly code: number;
}

interface Use {
  readonly data: number;
  readonly code: number;
}

/**
 * Megabytes. Compiled code is counted by itself: the engine goes on optimizing what is used most long after any warm-up, and
 * it is bounded by the size of the program: of 1.1 MB between 1,000 edits and 10,000, heap snapshots had 1.0 MB as code and
 * 3 kB as objects.
 */
async function use(client: LanguageClient): Promise<Use> {
  const { heapUsed, external, code } = await client.memory();
  return { data: (heapUsed + external - code) / 1e6, code: code / 1e6 };
}

function growth(before: Use | null, after: Use): Growth {
  if (before === null) throw new Error("nothing was measured after the warm-up");
  return { before: before.data, after: after.data, code: after.code - before.code };
}

/**
 * Edits of a document of 200 lines, with requests, saves and analyses; the first thousand are the warm-up, with as many saves
 * as fill the server's memory of earlier verdicts, which holds 64.
 */
export async function edits(client: LanguageClient, count: number): Promise<Growth> {
  const uri = "file:///bench/edited.node";
  const document = await openAndSettle(client, models(12), uri);
  let before: Use | null = null;
  let done = 0;
  for (const keystroke of take(typing(document, uniform(6)), count)) {
    const position = document.positionAt(keystroke.offset);
    client.notify("textDocument/didChange", document.type(uri, keystroke));
    const range = { start: position, end: position };
    const method = asked[done % asked.length]!;
    await client.ask(method, { textDocument: { uri }, position, range, context: { diagnostics: [] } });
    done++;
    if (done % (done < warmUp ? 10 : 100) === 0) {
      const shown = client.next<Published>(
        "textDocument/publishDiagnostics",
        ({ version }) => version === document.version,
      );
      client.notify("textDocument/didSave", { textDocument: { uri } });
      await shown;
    }
    if (done === warmUp) before = await use(client);
  }
  const after = await use(client);
  client.notify("textDocument/didClose", { textDocument: { uri } });
  return growth(before, after);
}

/** Documents opened and closed, each with a weight file of its own; the first tenth is the warm-up. */
export async function openings(client: LanguageClient, count: number): Promise<Growth> {
  const folder = mkdtempSync(path.join(tmpdir(), "contrax-bench-"));
  let before: Use | null = null;
  try {
    for (let i = 0; i < count; i++) {
      writeFileSync(
        path.join(folder, `w${i}.json`),
        JSON.stringify([
          [-1 - i, 2],
          [-2, -1],
        ]),
      );
      const uri = pathToFileURL(path.join(folder, `m${i}.node`)).href;
      const text = `model M { state x[2] param A = load("w${i}.json") flow x' = tanh(A * x) require lognorm(2) <= 9 }`;
      const published = client.next<Published>("textDocument/publishDiagnostics", (params) => params.uri === uri);
      client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });
      const { diagnostics } = await published;
      if (diagnostics.length > 0) throw new Error(`${uri}: ${JSON.stringify(diagnostics)}`);
      client.notify("textDocument/didClose", { textDocument: { uri } });
      if (i + 1 === count / 10) before = await use(client);
    }
    return growth(before, await use(client));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
