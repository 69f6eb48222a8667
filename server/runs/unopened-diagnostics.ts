import type { Diagnostic } from "vscode-languageserver";
import type { Editor } from "../editor.ts";
import { canonical } from "../files/uris.ts";

/** Of files that are not open: shown until they are opened or checked again, or they or their weights change or go. */
export class UnopenedDiagnostics {
  readonly #editor: Editor;
  /** With the weight files that they load. */
  readonly #shown = new Map<string, ReadonlySet<string>>();
  /** Being checked, and so far as they were when that began. */
  readonly #checking = new Set<string>();

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Before the file is read: what happens to it from now on is noticed. */
  begin(uri: string): void {
    this.#checking.add(canonical(uri));
  }

  /** What a check has found, with these weight files; nothing where the file has been opened or changed since it began. */
  show(uri: string, diagnostics: Diagnostic[], weights: readonly string[]): void {
    if (!this.#checking.delete(canonical(uri))) return;
    if (diagnostics.length === 0) {
      this.clear(uri);
      return;
    }
    this.#shown.set(canonical(uri), new Set(weights));
    this.#editor.publish(canonical(uri), null, diagnostics);
  }

  clear(uri: string): void {
    this.#checking.delete(canonical(uri));
    if (this.#shown.delete(canonical(uri))) this.#editor.publish(canonical(uri), null, []);
  }

  /** A file on the disk has: a model, or the weights of some. */
  changed(uri: string): void {
    this.clear(uri);
    for (const [model, weights] of this.#shown) if (weights.has(canonical(uri))) this.clear(model);
  }

  /** Of files below the folder that are not among these. */
  clearOthers(folder: string, uris: readonly string[]): void {
    const there = new Set(uris.map(canonical));
    for (const uri of this.#shown.keys()) if (uri.startsWith(`${folder}/`) && !there.has(uri)) this.clear(uri);
  }
}
