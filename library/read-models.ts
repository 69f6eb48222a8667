import type { Diagnostic } from "../grammar/diagnostic.ts";
import { parse } from "../grammar/parse.ts";
import { compile, compileKeeping } from "../model/compile.ts";
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

/**
 * Reads one model so that it follows the values of some of its params, as `leastChange`, `clipped` and `leastNumber` need
 * it. Its bounds are computed of enclosures: those of `readModels` are a little tighter.
 * @param name of the model
 * @param params names of those that may change
 * @returns null where the text has no such model without errors, or where one of the params has to be a constant
 */
export function readKeeping(
  text: string,
  name: string,
  params: readonly string[],
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Model | null {
  return compileKeeping(parse(text), tensorSource(files), name, new Set(params));
}
