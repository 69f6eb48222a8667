import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import type { Model } from "../model/model.ts";
import { tensorSource } from "../weights/source.ts";
import { readDocument, readWeights } from "./documents.ts";

/** The models without errors of a file, or the end of a sentence that says why it cannot be read. */
export async function compileFile(
  file: string,
): Promise<{ readonly models: readonly Model[] } | { readonly problem: string }> {
  const read = await readDocument(file);
  if ("problem" in read) return read;
  const tree = parse(read.text.replace(/^\ufeff/, ""));
  const { models } = compile(tree, tensorSource(await readWeights(tree, file)));
  return { models };
}
