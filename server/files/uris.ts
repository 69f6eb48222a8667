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

/**
 * Where a weight file is; null for a document that is in no folder.
 *
 * @param file as written in `load`: relative to the document's folder, or absolute; either kind of slash
 */
export function resolveLoad(documentUri: string, file: string): string | null {
  const parsed = parsedUri(documentUri);
  if (parsed === null || !parsed.path.startsWith("/")) return null;
  // Not saved yet, but its place is chosen: that of a file.
  const document = parsed.scheme === "untitled" ? parsed.with({ scheme: "file" }) : parsed;
  // A half of a surrogate pair has no percent-encoding.
  const name = file.replaceAll("\\", "/").replace(/\p{Surrogate}/gu, "\ufffd");
  const { authority, root, below } = place(document, name);
  return document.with({ authority, path: root + normalized(below), query: "", fragment: "" }).toString();
}

interface Place {
  readonly authority: string;
  /** What `..` does not leave: a drive or a share of Windows, else nothing. */
  readonly root: string;
  /** The path below the root. */
  readonly below: string;
}

function place(document: URI, name: string): Place {
  const { authority, path } = document;
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const root = windowsRoot(document);
  if (root !== "") {
    const [, server, share, rest] = /^\/\/([^/]+)(\/[^/]+)(.*)$/.exec(name) ?? [];
    if (server !== undefined) return { authority: server, root: share, below: rest };
    const [, letter, after] = /^([a-z]:)(.*)$/i.exec(name) ?? [];
    if (letter !== undefined) {
      // `d:w.npz` is in the folder where one is on that drive: known for the document's own drive only.
      const isBeside = !after.startsWith("/") && `/${letter}`.toLowerCase() === root.toLowerCase();
      return { authority: "", root: `/${letter}`, below: isBeside ? folder.slice(root.length) + after : after };
    }
  }
  return { authority, root, below: name.startsWith("/") ? name : folder.slice(root.length) + name };
}

/** The drive or the share, as `/c:` or `/share`; nothing elsewhere. */
function windowsRoot({ scheme, authority, path }: URI): string {
  if (scheme !== "file") return "";
  return (authority === "" ? /^\/[a-z]:(?=\/)/i : /^\/[^/]+(?=\/)/).exec(path)?.[0] ?? "";
}

/** Without `.`, `..` and slashes that say nothing. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The URI of what stands in a folder; null where its name, or the folder's URI, is none. */
export function inFolder(folder: string, name: string): string | null {
  const parsed = parsedUri(folder);
  if (parsed === null || /^\.{0,2}$|[/\\\0]|\p{Surrogate}/u.test(name)) return null;
  return parsed.with({ path: `${parsed.path.replace(/\/$/, "")}/${name}` }).toString();
}

/** Null where the editor sent something that is none. */
function parsedUri(uri: string): URI | null {
  try {
    return URI.parse(uri);
  } catch {
    return null;
  }
}

/** Editors spell the same URI in several ways: this is ours. */
export function canonical(uri: string): string {
  return parsedUri(uri)?.toString() ?? uri;
}

/** Relative to a folder, as people write paths. */
export function relativeName(folder: string, uri: string): string {
  const [above, path] = [(parsedUri(folder)?.path ?? folder).replace(/\/$/, ""), parsedUri(uri)?.path ?? uri];
  return path.startsWith(`${above}/`) ? path.slice(above.length + 1) : path;
}
