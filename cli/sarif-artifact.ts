import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { standardInput } from "./documents.ts";

export interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: "SRCROOT";
}

/** The folder that paths in a report start from: of the repository that this one lies in, or this one itself. */
export function sourceRoot(folder: string): string {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, ".git"))) return at;
    if (at === path.dirname(at)) return path.resolve(folder);
  }
}

/** As the URI of a folder ends. */
export function rootUri(root: string): string {
  return pathToFileURL(`${root}${path.sep}`).href;
}

/** Where a file is, from the root of the sources; outside of it, from nowhere. */
export function artifactLocation(file: string, root: string): ArtifactLocation {
  if (file === standardInput) return { uri: "stdin" };
  const relative = path.relative(root, file);
  const isOutside = relative === "" || relative.split(path.sep)[0] === ".." || path.isAbsolute(relative);
  if (isOutside) return { uri: pathToFileURL(file).href };
  return { uri: relative.split(path.sep).map(encoded).join("/"), uriBaseId: "SRCROOT" };
}

/** A half of a surrogate pair has no percent-encoding. */
function encoded(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, "\ufffd"));
}
