import type { Diagnostic } from "vscode-languageserver";
import type { Editor } from "./editor.ts";
import { canonical } from "./uris.ts";

/** Of files that are not open: shown until they are opened, checked again, changed or gone. */
export class UnopenedDiagnostics {
  readonly #editor: Editor;
  readonly #shown = new Set<string>();

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  show(uri: string, diagnostics: Diagnostic[]): void {
    if (diagnostics.length === 0) {
      this.clear(uri);
      return;
    }
    this.#shown.add(canonical(uri));
    this.#editor.publish(canonical(uri), null, diagnostics);
  }

  clear(uri: string): void {
    if (this.#shown.delete(canonical(uri))) this.#editor.publish(canonical(uri), null, []);
  }

  /** Of files below the folder that are not among these. */
  clearOthers(folder: string, uris: readonly string[]): void {
    const there = new Set(uris.map(canonical));
    for (const uri of this.#shown) if (uri.startsWith(`${folder}/`) && !there.has(uri)) this.clear(uri);
  }
}
