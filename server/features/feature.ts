import type { ClientCapabilities, Connection, ServerCapabilities } from "vscode-languageserver";
import type { CheckedDocument } from "../../service/checked-document.ts";
import type { Editor } from "../editor.ts";
import type { Entry } from "../entry.ts";
import type { Host } from "../host.ts";
import type { Workspace } from "../workspace.ts";

/** A group of language features: what the server says that it can do, and how it answers. */
export interface Feature {
  capabilities(offered: ClientCapabilities, editor: Editor): ServerCapabilities;
  register(served: Served): void;
}

/** What the answers are made of. */
export interface Served {
  readonly connection: Connection;
  readonly editor: Editor;
  readonly host: Host;
  readonly workspace: Workspace;
  /** Answers of the newest version of a document, checked; null where it is not open or not ours. */
  ask<T>(uri: string, answer: (checked: CheckedDocument, entry: Entry) => T | Promise<T>): Promise<T | null>;
}

export function served(connection: Connection, editor: Editor, host: Host, workspace: Workspace): Served {
  return {
    connection,
    editor,
    host,
    workspace,
    async ask(uri, answer) {
      const entry = workspace.get(uri);
      if (entry === undefined) return null;
      try {
        return await answer(await entry.open.check(), entry);
      } catch (error) {
        editor.log(String(error));
        return null;
      }
    },
  };
}
