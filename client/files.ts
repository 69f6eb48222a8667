import * as vscode from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { fromBase64, toBase64 } from "../server/messages/base64.ts";
import {
  changedNotification,
  deleteRequest,
  type FileContent,
  type FileEntry,
  type FileKind,
  type FileParams,
  type FileStatus,
  listRequest,
  type NewFileOutcome,
  type NewFileParams,
  readRequest,
  statRequest,
  unwatchNotification,
  watchNotification,
  writeRequest,
} from "../server/messages/file-messages.ts";

const { fs } = vscode.workspace;

/** Hands files of folders that are on no disk over to the server, which asks for them by name. */
export function handFilesOver(client: BaseLanguageClient): vscode.Disposable[] {
  const watched = new Map<string, vscode.Disposable>();
  const unwatch = (uri: string) => {
    watched.get(uri)?.dispose();
    watched.delete(uri);
  };
  const unwatchAll = () => {
    for (const uri of [...watched.keys()]) unwatch(uri);
  };
  return [
    client.onRequest<FileStatus | null, void>(statRequest, ({ uri }: FileParams) => status(vscode.Uri.parse(uri))),
    client.onRequest<FileEntry[] | null, void>(listRequest, ({ uri }: FileParams) => entries(vscode.Uri.parse(uri))),
    client.onRequest<FileContent, void>(readRequest, ({ uri }: FileParams) => content(vscode.Uri.parse(uri))),
    client.onRequest<NewFileOutcome, void>(writeRequest, ({ uri, base64 }: NewFileParams) =>
      create(vscode.Uri.parse(uri), base64),
    ),
    client.onRequest<boolean, void>(deleteRequest, ({ uri }: FileParams) =>
      fs.delete(vscode.Uri.parse(uri)).then(
        () => true,
        () => false,
      ),
    ),
    client.onNotification(watchNotification, ({ uri }: FileParams) => {
      unwatch(uri);
      const tell = () => void client.sendNotification(changedNotification, { uri } satisfies FileParams);
      watched.set(uri, watch(vscode.Uri.parse(uri), tell));
    }),
    client.onNotification(unwatchNotification, ({ uri }: FileParams) => unwatch(uri)),
    // A server that is started again says anew what it wants to know.
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped) unwatchAll();
    }),
    { dispose: unwatchAll },
  ];
}

async function status(uri: vscode.Uri): Promise<FileStatus | null> {
  try {
    const { type, size, mtime } = await fs.stat(uri);
    return { kind: kindOf(type), size, modified: mtime };
  } catch {
    return null;
  }
}

async function entries(uri: vscode.Uri): Promise<FileEntry[] | null> {
  try {
    return (await fs.readDirectory(uri)).map(([name, type]) => ({ name, kind: kindOf(type) }));
  } catch {
    return null;
  }
}

function kindOf(type: vscode.FileType): FileKind {
  if (type & vscode.FileType.Directory) return type & vscode.FileType.SymbolicLink ? "other" : "folder";
  return type & vscode.FileType.File ? "file" : "other";
}

async function content(uri: vscode.Uri): Promise<FileContent> {
  try {
    return { base64: toBase64(await fs.readFile(uri)) };
  } catch (error) {
    return { problem: reason(error) };
  }
}

/** Under another name first: a file system that fails half-way leaves no half of a file, and none is overwritten. */
async function create(uri: vscode.Uri, base64: string): Promise<NewFileOutcome> {
  const bytes = fromBase64(base64);
  if (bytes === null) return { kind: "failed", reason: "its content did not arrive" };
  const draft = uri.with({ path: `${uri.path}.${crypto.randomUUID()}.tmp` });
  try {
    await fs.writeFile(draft, bytes);
    await fs.rename(draft, uri, { overwrite: false });
    return { kind: "written" };
  } catch (error) {
    await fs.delete(draft).then(undefined, () => {});
    const isTaken = error instanceof vscode.FileSystemError && error.code === "FileExists";
    return isTaken ? { kind: "taken" } : { kind: "failed", reason: reason(error) };
  }
}

/** By its folder: in a pattern the signs of a file's name could mean something. */
function watch(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const folder = vscode.Uri.joinPath(uri, "..");
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "*"));
  const look = (one: vscode.Uri) => {
    if (one.toString() === uri.toString()) changed();
  };
  watcher.onDidCreate(look);
  watcher.onDidChange(look);
  watcher.onDidDelete(look);
  return watcher;
}

const reasons: Readonly<Record<string, string>> = {
  FileNotFound: "there is no such file",
  FileNotADirectory: "there is no such folder",
  NoPermissions: "permission denied",
  Unavailable: "the file system is not available",
};

/** A clause. */
function reason(error: unknown): string {
  const known = error instanceof vscode.FileSystemError ? reasons[error.code] : undefined;
  return known ?? (error instanceof Error ? error.message : String(error));
}
