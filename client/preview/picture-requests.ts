import * as vscode from "vscode";
import { type BaseLanguageClient, LSPErrorCodes, State } from "vscode-languageclient";
import { unpack } from "../../server/messages/packed.ts";
import { type PreviewAnswer, type PreviewParams, pictureRequest } from "../../server/messages/preview-messages.ts";
import { type Picture, plainView } from "../../service/preview/picture.ts";
import type { Origin, ToPage } from "./messages.ts";

/**
 * A request that is younger is let come to its end: while a person drags, each new one would else cancel the one before
 * it, and nothing would be seen to move. In milliseconds.
 */
const patience = 300;

type Answer = ToPage & { readonly kind: "picture" | "problem" };

/** Asks the server for one panel's picture: the newest request counts, and answers in the order of asking. */
export class PictureRequests {
  readonly #client: BaseLanguageClient;
  /** Of the panel, for the server. */
  readonly #preview: string;
  #running: { readonly source: vscode.CancellationTokenSource; readonly since: number } | null = null;
  #later: ReturnType<typeof setTimeout> | undefined;
  /** What is asked for once the present one is there. */
  #whenDone: (() => void) | null = null;
  /** Of the first mistake of the document, where the last answer had one. */
  mistake: vscode.Range | null = null;

  constructor(client: BaseLanguageClient, preview: string) {
    this.#client = client;
    this.#preview = preview;
  }

  /** @param position of the cursor, where no model is named @param done with the answer, unless another is asked for by then */
  ask(origin: Origin, position: vscode.Position | null, model: string | null, done: (answer: Answer) => void): void {
    clearTimeout(this.#later);
    const age = this.#running === null ? patience : Date.now() - this.#running.since;
    if (age < patience) {
      this.#later = setTimeout(() => this.ask(origin, position, model, done), patience - age);
      this.#whenDone = () => this.ask(origin, position, model, done);
      return;
    }
    this.#whenDone = null;
    this.#running?.source.cancel();
    const source = new vscode.CancellationTokenSource();
    const running = { source, since: Date.now() };
    this.#running = running;
    void this.#answer(origin, position, model, source.token).then((answer) => {
      source.dispose();
      if (this.#running !== running) return;
      this.#running = null;
      if (answer !== null) done(answer);
      clearTimeout(this.#later);
      this.#whenDone?.();
    });
  }

  dispose(): void {
    clearTimeout(this.#later);
    this.#whenDone = null;
    this.#running?.source.cancel();
    this.#running = null;
  }

  /** Null where it was cancelled. */
  async #answer(
    origin: Origin,
    position: vscode.Position | null,
    model: string | null,
    token: vscode.CancellationToken,
  ): Promise<Answer | null> {
    const uri = vscode.Uri.parse(origin.uri, true);
    const file = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const problem = (text: string, advice: string): Answer => ({
      ...{ kind: "problem", origin, file, models: [], text, advice, hasPlace: false },
    });
    this.mistake = null;
    if (this.#client.state !== State.Running) {
      return problem("The language server is not running.", "Start it by the command “Contrax: Restart Server”.");
    }
    if (!(await isOpened(uri))) {
      return problem(`${file} is not open.`, "It was closed, moved or deleted: open it again, or close this preview.");
    }
    const choice = origin.choices[model ?? ""];
    const params: PreviewParams = {
      preview: this.#preview,
      uri: this.#client.code2ProtocolConverter.asUri(uri),
      model: origin.model,
      position:
        origin.model === null && position !== null ? this.#client.code2ProtocolConverter.asPosition(position) : null,
      view: choice?.view ?? plainView,
      repair: choice?.repair ?? null,
    };
    try {
      const answer = await this.#client.sendRequest<PreviewAnswer>(pictureRequest, params, token);
      if (answer.kind === "picture") {
        const { version, models, repairs } = answer;
        return { kind: "picture", origin, file, version, picture: unpack<Picture>(answer.picture), models, repairs };
      }
      this.mistake = answer.range && this.#client.protocol2CodeConverter.asRange(answer.range);
      const { text, advice, models } = answer;
      return { kind: "problem", origin, file, models, text, advice, hasPlace: this.mistake !== null };
    } catch (error) {
      if (token.isCancellationRequested || isSuperseded(error)) return null;
      return problem(`There is no picture: ${reason(error)}.`, "The command “Contrax: Show Log” tells more.");
    }
  }
}

/** Opens it in the background where it has no editor: the server knows open documents only. */
async function isOpened(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) return true;
  // Where it was never saved, another and empty one would be made.
  if (uri.scheme === "untitled") return false;
  try {
    return (await vscode.workspace.openTextDocument(uri)).languageId === "contrax";
  } catch {
    return false;
  }
}

function isSuperseded(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return (
    code === LSPErrorCodes.RequestCancelled ||
    code === LSPErrorCodes.ServerCancelled ||
    code === LSPErrorCodes.ContentModified
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
