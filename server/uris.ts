import { URI } from "vscode-uri";

/** Null for a document that is in no folder of this machine: an untitled one, one of a virtual workspace. */
export function filePath(uri: string): string | null {
  const parsed = parsedUri(uri);
  return parsed?.scheme === "file" ? parsed.fsPath : null;
}

/** Below a node_modules folder. */
export function isOfPackage(uri: string): boolean {
  return /[/\\]node_modules[/\\]/.test(parsedUri(uri)?.path ?? uri);
}

/** Null where the editor sent something that is none. */
function parsedUri(uri: string): URI | null {
  try {
    return URI.parse(uri);
  } catch {
    return null;
  }
}
