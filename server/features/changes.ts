import { CodeActionKind, CodeActionTriggerKind } from "vscode-languageserver";
import { codeActions, fixAllKind, isWanted } from "../../service/code-actions.ts";
import { spanOf, touch } from "../../service/range.ts";
import { refactoringKinds } from "../../service/refactorings/refactorings.ts";
import type { Host } from "../host.ts";
import { trustNotification } from "../messages/editor-traits.ts";
import { previewRequest } from "../messages/repair-messages.ts";
import type { RefactoringRequests } from "../repairs/refactoring-requests.ts";
import type { RepairRequests } from "../repairs/repair-requests.ts";
import type { Feature } from "./feature.ts";

/**
 * How long a request for code actions waits for verdicts and repairs that are on their way: until a search has gone on for
 * so many milliseconds, then only a little, and not at all where a repair is known. Editors drop an answer that comes after
 * the next movement of the cursor; VS Code one that takes a quarter of a second from the last, by its question for the bulb.
 */
const searchWait = 2000;
const longSearchWait = 200;

/** Quick fixes, refactorings and repairs. */
export const changes = (repairs: RepairRequests, refactorings: RefactoringRequests): Feature => ({
  capabilities: ({ textDocument }, editor) =>
    // An editor that takes commands only has no use for edits.
    textDocument?.codeAction?.codeActionLiteralSupport === undefined
      ? {}
      : {
          codeActionProvider: {
            codeActionKinds: [CodeActionKind.QuickFix, ...refactoringKinds, fixAllKind],
            ...(editor.resolvesEdits && { resolveProvider: true }),
          },
        },
  register({ connection, editor, host, ask }) {
    connection.onCodeAction(({ textDocument, range, context }) =>
      ask(textDocument.uri, async (checked, { analyses }) => {
        const span = spanOf(checked.document, range);
        const { only, triggerKind } = context;
        // An editor that asks by itself wants to know whether to show its light bulb: not for every word that can be moved.
        const isAsked = only !== undefined || triggerKind !== CodeActionTriggerKind.Automatic || span.start < span.end;
        const changes = isAsked ? await refactorings.offers(checked, span, only) : [];
        const wantsRepairs = isWanted(CodeActionKind.QuickFix, only);
        if (!wantsRepairs && !isWanted(fixAllKind, only)) return changes;
        const concerned = checked.compilation.models.filter(
          ({ nameSpan, requirements }) =>
            wantsRepairs &&
            [nameSpan, ...requirements.map((requirement) => requirement.span)].some((place) => touch(place, span)),
        );
        if (concerned.length > 0) {
          const gone = Math.max(0, ...concerned.map((model) => analyses.searchedFor(model)));
          const hasRepairs = concerned.every((model) => analyses.repairs(model).proved.length > 0);
          const wait = Math.max(searchWait - gone, hasRepairs ? 0 : longSearchWait);
          await Promise.race([Promise.all(concerned.map((model) => analyses.repairsFound(model))), waited(host, wait)]);
        }
        const proved = concerned.flatMap((model) => analyses.repairs(model).proved);
        const known = {
          verdicts: analyses.verdicts(checked).diagnostics,
          report: analyses.report.bind(analyses),
          repairs: analyses.repairs.bind(analyses),
        };
        const mending = codeActions(checked, span, only, known, {
          edit: (edits) => editor.edit(checked.document, edits),
          ...(await repairs.delivery(checked, proved)),
        });
        return [...mending, ...changes];
      }),
    );
    connection.onCodeActionResolve((action) =>
      refactorings.resolves(action) ? refactorings.resolve(action) : repairs.resolve(action),
    );
    connection.onRequest(previewRequest, (reference) => repairs.preview(reference));
    connection.onNotification(trustNotification, () => {
      editor.trusted = true;
    });
  },
});

function waited(host: Host, milliseconds: number): Promise<void> {
  return new Promise((resolve) => host.after(milliseconds, resolve));
}
