import type { Diagnostic } from "../grammar/diagnostic.ts";
import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import type { Model } from "../model/model.ts";
import { tensorSource } from "../weights/source.ts";

export interface Models {
  /** Those without errors, in the order of the text. */
  readonly models: readonly Model[];
  /** What is wrong with the text, with places as offsets into it. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of a `.node` file.
 * @param files the bytes of the weight files that it loads, by the paths that stand in `load`
 */
export function readModels(text: string, files: ReadonlyMap<string, Uint8Array> = new Map()): Models {
  const tree = parse(text);
  const { models, diagnostics } = compile(tree, tensorSource(files));
  return { models, diagnostics: [...tree.diagnostics, ...diagnostics] };
}
