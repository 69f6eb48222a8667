import type { Diagnostic } from "vscode-languageserver";
import type { Editor } from "./editor.ts";
import { canonical } from "./uris.ts";

/** Of files that are not open: shown until they are opened, checked again, changed or gone. */
export class UnopenedDiagnostics {
  readonly #editor: Editor;
  readonly #shown = new Set<string>();
  /** Being checked, and so far as they were when that began. */
  readonly #checking = new Set<string>();

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Before the file is read: what happens to it from now on is noticed. */
  begin(uri: string): void {
    this.#checking.add(canonical(uri));
  }

  /** What a check has found; nothing where the file has been opened or changed since it began. */
  show(uri: string, diagnostics: Diagnostic[]): void {
    if (!this.#checking.delete(canonical(uri))) return;
    if (diagnostics.length === 0) {
      this.clear(uri);
      return;
    }
    this.#shown.add(canonical(uri));
    this.#editor.publish(canonical(uri), null, diagnostics);
  }

  clear(uri: string): void {
    this.#checking.delete(canonical(uri));
    if (this.#shown.delete(canonical(uri))) this.#editor.publish(canonical(uri), null, []);
  }

  /** Of files below the folder that are not among these. */
  clearOthers(folder: string, uris: readonly string[]): void {
    const there = new Set(uris.map(canonical));
    for (const uri of this.#shown) if (uri.startsWith(`${folder}/`) && !there.has(uri)) this.clear(uri);
  }
}
