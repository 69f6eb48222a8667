import { CompletionItemKind } from "vscode-languageserver-types";
import type { ModelTree } from "../grammar/tree.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import type { TensorSource } from "../model/tensor.ts";
import { shapeText } from "../weights/shape.ts";
import type { Offer } from "./completion-item.ts";
import { meets, type WantedShape, wantedShape, wantedText } from "./wanted-shape.ts";

/** What stands in a folder, for the names of weight files. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

const formats: Readonly<Record<string, string>> = {
  safetensors: "safetensors",
  npz: "NumPy archive",
  npy: "NumPy array",
  json: "JSON",
  csv: "CSV",
};

/** The tensors of a weight file; those first that fit the param whose value they become. */
export function tensorOffers(
  { file, quoted, param }: { readonly file: string; readonly quoted: boolean; readonly param: string | null },
  source: TensorSource,
  model: ModelTree | null,
  symbols: readonly ModelSymbol[],
): Offer[] {
  const wanted = model === null || param === null ? null : wantedShape(model, symbols, param);
  return source.entries(file).map(({ name, shape, dtype }) => {
    const text = JSON.stringify(name);
    const fits = wanted === null || meets(shape, wanted);
    return {
      label: quoted ? text : name,
      kind: CompletionItemKind.Value,
      detail: `${shapeText(shape)} ${dtype}`,
      ...(wanted !== null && { documentation: fitText(param!, wanted, fits) }),
      // The rest of a string, where the quotes need escapes.
      insert: quoted ? text : text.slice(1, -1),
      rank: fits && shape.length <= 3 ? 0 : 3,
    };
  });
}

function fitText(param: string, wanted: WantedShape, fits: boolean): string {
  return `The model uses \`${param}\` as ${wantedText(wanted)}${fits ? "." : ": this one does not fit."}`;
}

/** The part of a path in which the last name is typed: `weights/` of `weights/mn`; the quotes are not there. */
export function folderOf(typed: string): string {
  return typed.slice(0, Math.max(typed.lastIndexOf("/"), typed.lastIndexOf("\\")) + 1);
}

/** Weight files and folders, by their paths from the document's folder. */
export function fileOffers(typed: string, quoted: boolean, entries: readonly FolderEntry[]): Offer[] {
  const folder = folderOf(typed);
  return entries.flatMap(({ name, isFolder }) => {
    const format = formats[/\.([^.]+)$/.exec(name)?.[1].toLowerCase() ?? ""];
    if ((!isFolder && format === undefined) || name.startsWith(".") || name === "node_modules") return [];
    const path = JSON.stringify(`${folder}${name}${isFolder ? "/" : ""}`);
    return {
      label: quoted ? path : path.slice(1, -1),
      kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
      detail: isFolder ? "folder" : format,
      rank: isFolder ? 1 : 0,
    };
  });
}
