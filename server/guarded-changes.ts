import type { WorkspaceEdit } from "vscode-languageserver";
import type { CheckedDocument } from "../service/checked-document.ts";
import { textEdit } from "../service/range.ts";
import type { NewFile } from "../service/repair/repair.ts";
import type { SpanEdit } from "../service/text-edits.ts";
import type { Editor } from "./editor.ts";
import { writeNewWeightFiles } from "./files/new-weight-files.ts";
import type { Host } from "./host.ts";
import type { Workspace } from "./workspace.ts";

export interface Change {
  /** What the editor calls it where it can be undone. */
  readonly label: string;
  readonly edits: readonly SpanEdit[];
  /** New weight files that the changed text loads. */
  readonly files: readonly Pick<NewFile, "file" | "bytes">[];
}

export type Outcome =
  | { readonly kind: "changed" }
  /** There is a file of this name by now, and nothing has been changed. */
  | { readonly kind: "taken"; readonly file: string }
  /** Why not: a clause. */
  | { readonly kind: "refused"; readonly reason: string };

/** Changes of documents, each for the version that it was made for and with all the files that it needs, or not at all. */
export class GuardedChanges {
  readonly #editor: Editor;
  readonly #host: Host;
  readonly #workspace: Workspace;
  readonly #changedSince: string;

  /** @param changedSince what a change that comes too late is refused with: a clause */
  constructor(editor: Editor, host: Host, workspace: Workspace, changedSince: string) {
    this.#editor = editor;
    this.#host = host;
    this.#workspace = workspace;
    this.#changedSince = changedSince;
  }

  edit({ document }: CheckedDocument, edits: readonly SpanEdit[]): WorkspaceEdit {
    return this.#editor.edit(
      document,
      edits.map((one) => textEdit(document, one)),
    );
  }

  async apply(checked: CheckedDocument, { label, edits, files }: Change): Promise<Outcome> {
    const { uri, version } = checked.document;
    const writing = await writeNewWeightFiles(this.#host, uri, files);
    if (writing.kind === "failed") return { kind: "refused", reason: writing.reason };
    if (writing.kind === "taken") return writing;
    // An editor that keeps no versions would change another text.
    const isNewest = this.#workspace.get(uri)?.open.document.version === version;
    const refused = isNewest ? await this.#editor.applyEdit(label, this.edit(checked, edits)) : this.#changedSince;
    if (refused === null) return { kind: "changed" };
    const left = await writing.undo();
    const stays = left.length === 0 ? "" : `; ${left.join(" and ")} stays, and nothing loads it`;
    return { kind: "refused", reason: `${refused}${stays}` };
  }
}
