import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Published } from "./editor-keystrokes.ts";
import { LanguageClient } from "./language-client.ts";
import { extension, minified } from "./shipped.ts";

export interface Activation {
  /** Milliseconds until the extension's `activate` waits for its server. */
  readonly elapsed: number;
  /** Milliseconds that a processor worked meanwhile: what others do at the same time is not in it. */
  readonly processor: number;
}

/** Of the extension as a release has it, each time in a new process. */
export function activations(times: number): Activation[] {
  const folder = mkdtempSync(path.join(tmpdir(), "contrax-bench-"));
  try {
    const bundle = path.join(folder, "extension.cjs");
    writeFileSync(bundle, minified(extension));
    return Array.from({ length: times }, () => {
      const printed = execFileSync(process.execPath, ["bench/activation.cjs", bundle], { encoding: "utf8" });
      return JSON.parse(printed) as Activation;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Start {
  /** Milliseconds until `initialize` is answered, and from then on until the verdict on a small model is shown. */
  readonly initialized: number;
  readonly verdict: number;
}

/** Of a new server, with a model whose requirement is refuted. */
export async function start(capabilities: object, text: string): Promise<Start> {
  const begun = performance.now();
  const client = new LanguageClient();
  await client.start(capabilities);
  const initialized = performance.now();
  const shown = client.next<Published>("textDocument/publishDiagnostics", ({ diagnostics }) =>
    diagnostics.some(({ code }) => code === "CX401"),
  );
  const textDocument = { uri: "file:///bench/first.node", languageId: "contrax", version: 1, text };
  client.notify("textDocument/didOpen", { textDocument });
  await shown;
  const decided = performance.now();
  await client.stop();
  return { initialized: initialized - begun, verdict: decided - initialized };
}
