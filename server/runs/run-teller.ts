import type { Model } from "../../model/model.ts";
import type { Editor } from "../editor.ts";
import { type RunEvent, runText } from "./run-log.ts";

/** Tells what happens to analyses: results in the log, details to who traces, failures to the person. */
export class RunTeller {
  readonly #editor: Editor;
  /** Reasons of failures that were told since the last success: a machine without threads fails every model. */
  readonly #told = new Set<string>();

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  tell(uri: string, model: Model, event: RunEvent): void {
    const text = runText(model, event);
    const line = `${uri.slice(uri.lastIndexOf("/") + 1)}: ${text}`;
    if (event.kind === "failed") {
      this.#editor.log(line);
      if (!this.#told.has(event.message)) this.#editor.showError(text);
      this.#told.add(event.message);
    } else if (event.kind === "ended") {
      this.#told.clear();
      this.#editor.inform(line);
    } else this.#editor.trace(line);
  }

  /** A person asks: the next failure is told whatever it is. */
  forget(): void {
    this.#told.clear();
  }
}
