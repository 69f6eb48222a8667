import { rm } from "node:fs/promises";
import path from "node:path";
import { loadPath } from "../server/files/files.ts";
import { writeNewFile } from "../server/files/new-file.ts";
import { applyEdits } from "../service/text-edits.ts";
import { trainedDocument } from "../service/trained-document.ts";
import { movedLoads } from "./moved-loads.ts";
import type { Subject } from "./train-subject.ts";

/** Writes the weights, then the model that loads them. @returns why they cannot be written; else null */
export async function writeTrained(
  { file, text, tree, modelTree, trainee, given }: Subject,
  values: Float64Array,
  output: string,
  target: number | null,
): Promise<string | null> {
  const weightFile = output.replace(/\.node$/, ".safetensors");
  const name = path.basename(weightFile);
  if (name.includes("\\")) return `${output}: a backslash separates folders in \`load\`: name another file`;
  const { edits, weights } = trainedDocument(text, modelTree, { trainee, values, given }, name, target);
  const folder = path.dirname(path.resolve(output));
  const moved = (load: string) =>
    path.isAbsolute(load) ? load : path.relative(folder, loadPath(file, load)).split(path.sep).join("/");
  const isLost = ({ start, end }: { start: number; end: number }) =>
    edits.some(({ span }) => span.start <= start && end <= span.end);
  const others = movedLoads(tree, moved).filter(({ span }) => !isLost(span));
  let written = weightFile;
  try {
    await writeNewFile(weightFile, weights);
    written = output;
    await writeNewFile(output, new TextEncoder().encode(applyEdits(text, [...edits, ...others])));
    return null;
  } catch (error) {
    if (written === output) await rm(weightFile, { force: true });
    return `${written}: cannot be written: ${(error as Error).message}`;
  }
}
