import { type CodeAction, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { Span } from "../../grammar/diagnostic.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { isWanted } from "../../service/code-actions.ts";
import { fileMove, movedFileName } from "../../service/refactorings/move-to-file.ts";
import { keepsMeaning, type MovedLiteral, type Refactoring } from "../../service/refactorings/refactoring.ts";
import { refactorings } from "../../service/refactorings/refactorings.ts";
import type { Editor } from "../editor.ts";
import { resolveLoad } from "../files/uris.ts";
import { GuardedChanges } from "../guarded-changes.ts";
import type { Host } from "../host.ts";
import { moveCommand, type RefactoringReference, readRefactoring } from "../messages/refactoring-messages.ts";
import type { Workspace } from "../workspace.ts";

const changedSince = "the document has changed since; ask again";
const otherMeaning = "the model would mean something else";

interface Found {
  readonly checked: CheckedDocument;
  readonly refactoring: Refactoring;
}

/** Refactorings as an editor takes them: tried when a person has chosen one, and done for the version they were offered for. */
export class RefactoringRequests {
  readonly #editor: Editor;
  readonly #host: Host;
  readonly #workspace: Workspace;
  readonly #changes: GuardedChanges;

  constructor(editor: Editor, host: Host, workspace: Workspace) {
    this.#editor = editor;
    this.#host = host;
    this.#workspace = workspace;
    this.#changes = new GuardedChanges(editor, host, workspace, changedSince);
  }

  async offers(checked: CheckedDocument, span: Span, only: readonly string[] | undefined): Promise<CodeAction[]> {
    const actions = refactorings(checked, span)
      .filter(({ kind }) => isWanted(kind, only))
      .map((one) => this.#offer(checked, span, one));
    return (await Promise.all(actions)).filter((action) => action !== null);
  }

  async #offer(checked: CheckedDocument, span: Span, refactoring: Refactoring): Promise<CodeAction | null> {
    const { uri, version } = checked.document;
    const { title, kind } = refactoring;
    const data: RefactoringReference = { uri, version, ...span, refactoring: title };
    switch (refactoring.change) {
      case "none":
        return this.#disabled({ title, kind }, refactoring.reason);
      case "edits": {
        if (this.#editor.resolvesEdits) return { title, kind, data };
        if (!keepsMeaning(checked, refactoring.edits)) return null;
        return { title, kind, edit: this.#changes.edit(checked, refactoring.edits) };
      }
      case "file": {
        if (!this.#editor.appliesEdits) return null;
        const reason = this.#unwritable(uri);
        if (reason !== null) return this.#disabled({ title, kind }, reason);
        const name = await this.#freeName(uri, refactoring.moved, new Set());
        const named = `${title} ${name}`;
        return { title: named, kind, command: { title: named, command: moveCommand, arguments: [data] } };
      }
    }
  }

  #disabled(action: Pick<CodeAction, "title" | "kind">, reason: string): CodeAction | null {
    return this.#editor.showsDisabledActions ? { ...action, disabled: { reason } } : null;
  }

  /** Why no file can be written beside the document: a clause; null where one can. */
  #unwritable(uri: string): string | null {
    if (resolveLoad(uri, "") === null) return "save the model to a folder first: the weight file goes beside it";
    return this.#editor.trusted ? null : "trust this workspace first: a weight file would be written";
  }

  /** Whether this is an action whose edit is here to be asked for. */
  resolves({ data }: CodeAction): boolean {
    return readRefactoring(data) !== null;
  }

  /** @throws ResponseError where the document is another one by now, or would mean something else */
  async resolve(action: CodeAction): Promise<CodeAction> {
    const found = await this.#find(readRefactoring(action.data));
    if (found?.refactoring.change !== "edits") throw this.#refusal(LSPErrorCodes.ContentModified, changedSince);
    const { checked, refactoring } = found;
    if (!keepsMeaning(checked, refactoring.edits)) throw this.#refusal(LSPErrorCodes.RequestFailed, otherMeaning);
    return { ...action, edit: this.#changes.edit(checked, refactoring.edits) };
  }

  #refusal(code: number, problem: string): ResponseError<void> {
    this.#tell(problem);
    return new ResponseError(code, problem);
  }

  /** Moves a literal to a new weight file. A person is told of what cannot be done. */
  async move(asked: unknown): Promise<void> {
    const reference = readRefactoring(asked);
    const problem = reference === null ? changedSince : await this.#moved(reference);
    if (problem !== null) this.#tell(problem);
  }

  /** Null where it was, else why not: a clause. */
  async #moved(reference: RefactoringReference): Promise<string | null> {
    const { uri } = reference;
    const taken = new Set<string>();
    for (;;) {
      const found = await this.#find(reference);
      if (found?.refactoring.change !== "file") return changedSince;
      const unwritable = this.#unwritable(uri);
      if (unwritable !== null) return unwritable;
      const { checked, refactoring } = found;
      const file = await this.#freeName(uri, refactoring.moved, taken);
      const move = fileMove(checked, refactoring.moved, file);
      if (move === null) return "the file would not hold the same numbers";
      const change = { label: "Move to a weight file", edits: move.edits, files: [{ file, bytes: move.bytes }] };
      const outcome = await this.#changes.apply(checked, change);
      if (outcome.kind === "refused") return outcome.reason;
      if (outcome.kind === "changed") {
        const { tensor } = refactoring.moved;
        this.#editor.showInformation(`${tensor} is in ${file} now. An undo takes the load back and leaves the file.`);
        return null;
      }
      taken.add(file);
    }
  }

  async #freeName(uri: string, { tensor }: MovedLiteral, taken: ReadonlySet<string>): Promise<string> {
    for (let count = 1; ; count++) {
      const name = movedFileName(uri, tensor, count);
      if (taken.has(name)) continue;
      if ((await this.#host.stamp(resolveLoad(uri, name)!)) === null) return name;
    }
  }

  /** Null where the document is no more what it was. */
  async #find(reference: RefactoringReference | null): Promise<Found | null> {
    if (reference === null) return null;
    const { uri, version, start, end } = reference;
    const checked = await this.#workspace.get(uri)?.open.check();
    if (checked?.document.version !== version) return null;
    const refactoring = refactorings(checked, { start, end }).find(({ title }) => title === reference.refactoring);
    return refactoring === undefined ? null : { checked, refactoring };
  }

  /** What matters first: editors cut the ends of long messages off. */
  #tell(problem: string): void {
    this.#editor.showWarning(`Not changed, ${problem}.`);
  }
}
