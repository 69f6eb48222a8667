import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { Cancellation } from "../files/model-files.ts";
import { moveCommand } from "../messages/refactoring-messages.ts";
import { applyCommand } from "../messages/repair-messages.ts";
import { checkWorkspaceCommand } from "../messages/run-messages.ts";
import type { RefactoringRequests } from "../repairs/refactoring-requests.ts";
import type { RepairRequests } from "../repairs/repair-requests.ts";
import { WorkspaceCheck } from "../runs/workspace-check.ts";
import type { Feature, Served } from "./feature.ts";

/** The command by which a client asks for an analysis now; its argument is the document's URI. */
export const checkCommand = "contrax.check";

/** What an editor can have done. */
export const commands = (repairs: RepairRequests, refactorings: RefactoringRequests): Feature => ({
  capabilities: (_, editor) => ({
    executeCommandProvider: {
      commands: [checkCommand, checkWorkspaceCommand, ...(editor.appliesEdits ? [applyCommand, moveCommand] : [])],
    },
  }),
  register(served) {
    const checkWorkspace = workspaceChecks(served);
    served.connection.onExecuteCommand(async ({ command, arguments: given }, token) => {
      const args = Array.isArray(given) ? given : [];
      switch (command) {
        case applyCommand:
          await repairs.apply(args[0]);
          return null;
        case moveCommand:
          await refactorings.move(args[0]);
          return null;
        case checkCommand:
          return check(served, args[0]);
        case checkWorkspaceCommand:
          return checkWorkspace(args, token);
        default:
          throw new ResponseError(LSPErrorCodes.RequestFailed, `no command ${command}`);
      }
    });
  },
});

async function check({ workspace }: Served, uri: unknown): Promise<null> {
  if (typeof uri === "string" && (await workspace.checkNow(uri))) return null;
  const message = `${checkCommand}: expected the URI of an open model, found ${JSON.stringify(uri)}`;
  throw new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** Of an empty one the path would be the whole disk. */
function isUri(folder: unknown): folder is string {
  return typeof folder === "string" && /^[a-z][a-z\d+.-]*:./i.test(folder);
}

/** One check of the workspace at a time: two would only wait for each other. */
function workspaceChecks({ editor, workspace }: Served) {
  let isRunning = false;
  return async (folders: unknown[], token: CancellationToken): Promise<string | null> => {
    if (!folders.every(isUri)) {
      const message = `${checkWorkspaceCommand}: expected URIs of folders, found ${JSON.stringify(folders)}`;
      throw new ResponseError(LSPErrorCodes.RequestFailed, message);
    }
    if (isRunning) {
      const message = "models are being checked already: wait for the end, or cancel it in its progress";
      throw new ResponseError(LSPErrorCodes.RequestFailed, message);
    }
    const cancellation = new Cancellation();
    isRunning = true;
    token.onCancellationRequested(() => cancellation.cancel());
    try {
      const asked = folders.length > 0 ? folders : await editor.folders();
      if (asked.length > 0) return await new WorkspaceCheck(editor, workspace, cancellation).run(asked);
      editor.showInformation("Open a folder first: Check Workspace analyses all models below the open folders.");
      return null;
    } finally {
      isRunning = false;
    }
  };
}
