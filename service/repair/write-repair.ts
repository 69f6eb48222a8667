import type { Span } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import type { Model } from "../../model/model.ts";
import type { TensorSource } from "../../model/tensor.ts";
import { tensorSource } from "../../weights/source.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { applyEdits, type SpanEdit } from "../text-edits.ts";
import { changeSize } from "./change-size.ts";
import { numberRepairEdits, writtenValues } from "./number-edits.ts";
import type { Digits, Found, NewFile, NoRepair, Repair, WrittenChange, WrittenRepair } from "./repair.ts";
import { valueEdits } from "./value-edits.ts";

/**
 * A repair as it may be put down in a document, each way more to the safe side than the one before; most often there is one.
 * Nothing is written to a disk.
 *
 * @param model of the checked document
 * @param newName the name, as in `load`, of the file that takes the place of a weight file
 */
export function* writings(
  checked: CheckedDocument,
  model: Model,
  repair: Repair,
  found: Found,
  digits: Digits,
  newName: (file: string) => string,
): Generator<WrittenRepair | NoRepair, void, void> {
  const { document, tree, compilation, source, files } = checked;
  const modelTree = tree.models.find(({ name }) => name.span.start === model.nameSpan.start);
  if (modelTree === undefined || !compilation.models.includes(model)) {
    yield none(`there is no model ${model.name} any more`);
    return;
  }
  const text = document.getText();
  if (found.kind === "number") {
    if (repair.kind === "min-norm" || repair.kind === "clip") return;
    for (const value of writtenValues(repair, found.value, digits)) {
      const edits = numberRepairEdits(text, modelTree, model, repair, value);
      const how = edits[0]?.span.start === edits[0]?.span.end ? "expression" : "inline";
      const params = "param" in repair ? new Map([[repair.param, how] as const]) : new Map();
      yield written(checked, model, modelTree.span, { edits, files: [], value, params });
    }
    return;
  }
  const restrictions = repair.kind === "min-norm" ? (repair.restrictions ?? {}) : {};
  const sources = { text, tree: modelTree, source, files, newName };
  const values = valueEdits(sources, found.changes, digits, restrictions);
  if (typeof values === "string") yield none(values);
  else {
    const { edits, files, written: places } = values;
    yield written(checked, model, modelTree.span, { edits, files, value: null, params: places });
  }
}

interface Writing {
  readonly edits: readonly SpanEdit[];
  readonly files: readonly NewFile[];
  readonly value: string | null;
  /** Where those that change are written. */
  readonly params: ReadonlyMap<string, WrittenChange["written"]>;
}

/** @param span of the model: models know nothing of each other, and the others stay as they are */
function written(
  { document, source }: CheckedDocument,
  model: Model,
  span: Span,
  { edits, files, value, params }: Writing,
): WrittenRepair | NoRepair {
  if (edits.length === 0) return none("nothing would change");
  // In the place of what stands before it is space: what is told of the model has its place in the document.
  const alone = " ".repeat(span.start) + document.getText().slice(span.start, span.end);
  const [repaired] = compile(parse(applyEdits(alone, edits)), withFiles(source, files)).models;
  if (repaired?.name !== model.name) return none("what would be written is not a model");
  const changes = [...params].flatMap(([param, how]): WrittenChange[] => {
    const size = changeSize(model, repaired, param);
    return size === null ? [] : [{ param, ...size, written: how }];
  });
  return { kind: "written", edits, files, model: repaired, changes, value };
}

/** The tensors of new files and, where a name is none of theirs, those there were. */
function withFiles(source: TensorSource, files: readonly NewFile[]): TensorSource {
  const added = new Map(files.map(({ file, bytes }) => [file, bytes]));
  const newer = tensorSource(added);
  return {
    tensor: (file, name) => (added.has(file) ? newer : source).tensor(file, name),
    entries: (file) => (added.has(file) ? newer : source).entries(file),
  };
}

function none(reason: string): NoRepair {
  return { kind: "none", reason, instead: null };
}
