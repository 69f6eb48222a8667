import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Tree } from "../grammar/tree.ts";
import type { Compilation } from "../model/compile.ts";
import type { LoadFailure, TensorSource } from "../model/tensor.ts";

/** One version of a document and what was made of it: where every language feature begins. */
export interface CheckedDocument {
  /** Does not change: a later version is another document. */
  readonly document: TextDocument;
  readonly tree: Tree;
  readonly compilation: Compilation;
  readonly source: TensorSource;
  /** The weight files that it loads, by their names in `load`: their bytes, or why they cannot be had. */
  readonly files: ReadonlyMap<string, Uint8Array | LoadFailure>;
}
