import { type Connection, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { CheckedDocument } from "../service/checked-document.ts";
import { codeActions } from "../service/code-actions.ts";
import { completion } from "../service/completion.ts";
import { documentSymbols } from "../service/document-symbols.ts";
import { formatting } from "../service/formatting.ts";
import { hover } from "../service/hover.ts";
import { spanOf, touch } from "../service/range.ts";
import { inlayHints } from "../service/verdict-hints.ts";
import type { Editor } from "./editor.ts";
import type { Host } from "./host.ts";
import { applyCommand, previewRequest, trustNotification } from "./repair-messages.ts";
import { RepairRequests } from "./repair-requests.ts";
import type { Entry, Workspace } from "./workspace.ts";

/** The command by which a client asks for an analysis now; its argument is the document's URI. */
export const checkCommand = "contrax.check";

/**
 * How long a request for code actions waits for verdicts and repairs that are on their way: until a search has gone on for
 * so many milliseconds, then only a little. Editors drop an answer that comes after the next movement of the cursor.
 */
const searchWait = 2000;
const longSearchWait = 200;

/** What the editor asks the server about a document; nothing about one that is not open or not ours. */
export function registerFeatures(connection: Connection, editor: Editor, host: Host, workspace: Workspace): void {
  const repairs = new RepairRequests(editor, host, workspace);
  if (editor.pulls) {
    connection.languages.diagnostics.on(async ({ textDocument }) => {
      const entry = workspace.get(textDocument.uri);
      return { kind: "full", items: entry === undefined ? [] : await workspace.diagnostics(entry) };
    });
  }
  connection.onDocumentSymbol(({ textDocument }) => ask(textDocument.uri, documentSymbols));
  connection.onHover(({ textDocument, position }) =>
    ask(textDocument.uri, (checked, { analyses }) => hover(checked, checked.document.offsetAt(position), analyses)),
  );
  connection.onCompletion(({ textDocument, position }) =>
    ask(textDocument.uri, (checked) => completion(checked, checked.document.offsetAt(position))),
  );
  connection.onDocumentFormatting(({ textDocument }) => ask(textDocument.uri, ({ document }) => formatting(document)));
  connection.languages.inlayHint.on(({ textDocument, range }) =>
    ask(textDocument.uri, (checked, { analyses }) =>
      inlayHints(checked, analyses.verdicts(checked).hints, spanOf(checked.document, range)),
    ),
  );
  connection.onCodeAction(({ textDocument, range, context }) =>
    ask(textDocument.uri, async (checked, { analyses }) => {
      const span = spanOf(checked.document, range);
      const concerned = checked.compilation.models.filter(({ nameSpan, requirements }) =>
        [nameSpan, ...requirements.map((requirement) => requirement.span)].some((place) => touch(place, span)),
      );
      const gone = Math.max(0, ...concerned.map((model) => analyses.searchedFor(model)));
      const wait = Math.max(searchWait - gone, longSearchWait);
      await Promise.race([Promise.all(concerned.map((model) => analyses.repairsFound(model))), waited(host, wait)]);
      const proved = concerned.flatMap((model) => analyses.repairs(model).proved);
      const known = {
        verdicts: analyses.verdicts(checked).diagnostics,
        report: analyses.report.bind(analyses),
        repairs: analyses.repairs.bind(analyses),
      };
      return codeActions(checked, span, context.only, known, {
        edit: (edits) => editor.edit(checked.document, edits),
        ...(await repairs.delivery(checked, proved)),
      });
    }),
  );
  connection.onCodeActionResolve((action) => repairs.resolve(action));
  connection.onRequest(previewRequest, (reference) => repairs.preview(reference));
  connection.onNotification(trustNotification, () => {
    editor.trusted = true;
  });
  connection.onExecuteCommand(async ({ command, arguments: [uri] = [] }) => {
    if (command === applyCommand) {
      await repairs.apply(uri);
      return null;
    }
    if (command !== checkCommand) throw new ResponseError(LSPErrorCodes.RequestFailed, `no command ${command}`);
    if (typeof uri === "string" && (await workspace.checkNow(uri))) return null;
    const message = `${checkCommand}: expected the URI of an open model, found ${JSON.stringify(uri)}`;
    throw new ResponseError(LSPErrorCodes.RequestFailed, message);
  });

  async function ask<T>(
    uri: string,
    answer: (checked: CheckedDocument, entry: Entry) => T,
  ): Promise<Awaited<T> | null> {
    const entry = workspace.get(uri);
    if (entry === undefined) return null;
    try {
      return await answer(await entry.open.check(), entry);
    } catch (error) {
      editor.log(String(error));
      return null;
    }
  }
}

function waited(host: Host, milliseconds: number): Promise<void> {
  return new Promise((resolve) => host.after(milliseconds, resolve));
}
