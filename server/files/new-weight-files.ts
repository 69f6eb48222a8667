import { contractedName } from "../../service/contracted-name.ts";
import type { NewFile } from "../../service/repair/repair.ts";
import type { Host } from "../host.ts";
import { resolveLoad } from "./uris.ts";

/** What became of files that were to be written: all of them are, or none. */
export type Writing =
  | { readonly kind: "written"; undo(): Promise<readonly string[]> }
  /** There is a file of this name by now. */
  | { readonly kind: "taken"; readonly file: string }
  /** Why not, for people. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * For each file the next name that is free beside it.
 *
 * @param documentUri of a document in a folder: one that loads files
 * @param files as written in `load`
 * @param taken names that are not free, whatever the disk says; those that are found are added
 */
export async function freeNames(
  host: Host,
  documentUri: string,
  files: readonly string[],
  taken = new Set<string>(),
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const file of new Set(files)) {
    for (;;) {
      const name = contractedName(file, (one) => taken.has(one));
      taken.add(name);
      if ((await host.stamp(resolveLoad(documentUri, name)!)) !== null) continue;
      names.set(file, name);
      break;
    }
  }
  return names;
}

/** @param documentUri of a document in a folder */
export async function writeNewWeightFiles(
  host: Host,
  documentUri: string,
  files: readonly Pick<NewFile, "file" | "bytes">[],
): Promise<Writing> {
  const written: string[] = [];
  /** @returns those that could not be removed */
  const undo = async () => {
    const left = await Promise.all(
      written.map(async (file) => ((await host.removeFile(resolveLoad(documentUri, file)!)) ? [] : [file])),
    );
    return left.flat();
  };
  for (const { file, bytes } of files) {
    const outcome = await host.writeNewFile(resolveLoad(documentUri, file)!, bytes);
    if (outcome.kind === "written") {
      written.push(file);
      continue;
    }
    await undo();
    return outcome.kind === "taken"
      ? { kind: "taken", file }
      : { kind: "failed", reason: `${outcome.reason}: ${file} cannot be written` };
  }
  return { kind: "written", undo };
}
