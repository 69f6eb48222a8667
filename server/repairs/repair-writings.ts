import type { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { piecesOf } from "../../service/repair/param-places.ts";
import type { Digits, Found, NoRepair, Repair, WrittenRepair } from "../../service/repair/repair.ts";
import { writings } from "../../service/repair/write-repair.ts";
import { tensorSource } from "../../weights/source.ts";
import type { Job } from "../runs/jobs.ts";
import type { Doer } from "./find-repair.ts";

/** Bytes of weight files that are packed while a person types on: some 30 ms where they are compressed. */
const mostHere = 2 ** 18;

/** A repair to be written into a document. */
export interface Writing {
  readonly repair: Repair;
  readonly found: Found;
  readonly digits: Digits;
}

/** What `writings` says, of a large weight file by a job; null where that was cancelled. */
export async function repairWritings(
  checked: CheckedDocument,
  model: Model,
  { repair, found, digits }: Writing,
  newName: (file: string) => string,
  run: Doer,
): Promise<Iterable<WrittenRepair | NoRepair> | null> {
  const { document, files } = checked;
  if (!isLarge(checked, model, found)) return writings(checked, model, repair, found, digits, newName);
  const names = new Map([...files.keys()].map((file) => [file, newName(file)]));
  return run({ kind: "write", text: document.getText(), files, model: model.name, names, repair, found, digits });
}

/** Whether much would have to be packed: of an archive also what little bytes unpack to. */
function isLarge({ tree, source, files }: CheckedDocument, model: Model, found: Found): boolean {
  if (found.kind === "number") return false;
  const modelTree = tree.models.find(({ name }) => name.span.start === model.nameSpan.start);
  const places = found.changes.flatMap(({ param }) => (modelTree && piecesOf(modelTree, param)) ?? []);
  return places.some((place) => {
    if (place.kind !== "load") return false;
    const content = files.get(place.load.file);
    const tensor = source.tensor(place.load.file, place.load.tensor);
    const unpacked = "code" in tensor ? 0 : tensor.data.byteLength;
    return unpacked + (content instanceof Uint8Array ? content.length : 0) > mostHere;
  });
}

/** The job: reads the document anew, since only data reaches it. */
export function writtenElsewhere(job: Job & { readonly kind: "write" }): readonly (WrittenRepair | NoRepair)[] {
  const tree = parse(job.text);
  const source = tensorSource(job.files);
  const compilation = compile(tree, source);
  const document = { getText: () => job.text } as TextDocument;
  const checked = { document, tree, compilation, source, files: job.files };
  const model = compilation.models.find(({ name }) => name === job.model);
  if (model === undefined) return [];
  return [...writings(checked, model, job.repair, job.found, job.digits, (file) => job.names.get(file)!)];
}
