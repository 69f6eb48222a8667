import { LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { moveCommand } from "../refactoring-messages.ts";
import type { RefactoringRequests } from "../refactoring-requests.ts";
import { applyCommand } from "../repair-messages.ts";
import type { RepairRequests } from "../repair-requests.ts";
import type { Feature } from "./feature.ts";

/** The command by which a client asks for an analysis now; its argument is the document's URI. */
export const checkCommand = "contrax.check";

/** What an editor can have done. */
export const commands = (repairs: RepairRequests, refactorings: RefactoringRequests): Feature => ({
  capabilities: (_, editor) => ({
    executeCommandProvider: { commands: [checkCommand, ...(editor.appliesEdits ? [applyCommand, moveCommand] : [])] },
  }),
  register({ connection, workspace }) {
    connection.onExecuteCommand(async ({ command, arguments: [argument] = [] }) => {
      if (command === applyCommand) {
        await repairs.apply(argument);
        return null;
      }
      if (command === moveCommand) {
        await refactorings.move(argument);
        return null;
      }
      if (command !== checkCommand) throw new ResponseError(LSPErrorCodes.RequestFailed, `no command ${command}`);
      if (typeof argument === "string" && (await workspace.checkNow(argument))) return null;
      const message = `${checkCommand}: expected the URI of an open model, found ${JSON.stringify(argument)}`;
      throw new ResponseError(LSPErrorCodes.RequestFailed, message);
    });
  },
});
