import { URI } from "vscode-uri";
import { resolveLoad } from "./files.ts";
import { filePath } from "./uris.ts";

/** The URI of a weight file, named as in `load`; null for a document that is in no folder. */
export function loadUri(documentUri: string, file: string): string | null {
  const path = filePath(documentUri);
  return path === null ? null : URI.file(resolveLoad(path, file)).toString();
}
