import * as path from "node:path";
import * as vscode from "vscode";

/** The folder that is open: a copy of samples/, which a test may change. */
export const folder = () => vscode.workspace.workspaceFolders![0]!.uri.fsPath;

export async function open(file: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(path.join(folder(), file));
  return vscode.window.showTextDocument(document, { preview: false });
}

export async function openText(name: string, text: string): Promise<vscode.TextEditor> {
  await vscode.workspace.fs.writeFile(vscode.Uri.file(path.join(folder(), name)), Buffer.from(text));
  return open(name);
}

type Maybe<T> = T | false | undefined;

/** Waits for what a person would wait for; fails with what was there instead. */
export async function until<T>(
  what: string,
  look: () => Maybe<T> | Thenable<Maybe<T>>,
  seen: () => unknown = () => "nothing",
): Promise<T> {
  for (const start = Date.now(); Date.now() - start < 60_000; ) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited 60 s for ${what}; there was ${JSON.stringify(seen())}`);
}

export const diagnostics = (document: vscode.TextDocument) => vscode.languages.getDiagnostics(document.uri);

/** The code of a diagnostic, which carries a link to its page. */
export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

export const untilDiagnostic = (document: vscode.TextDocument, code: string | RegExp) =>
  until(
    `a diagnostic ${code}`,
    () => diagnostics(document).find((d) => (typeof code === "string" ? codeOf(d) === code : code.test(codeOf(d)))),
    () => diagnostics(document).map((d) => `${codeOf(d)}: ${d.message}`),
  );

/** Where `text` stands for the first time. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const start = document.getText().indexOf(text);
  if (start < 0) throw new Error(`no ${JSON.stringify(text)} in the document`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

export async function replace(editor: vscode.TextEditor, text: string, by: string): Promise<void> {
  const range = rangeOf(editor.document, text);
  if (!(await editor.edit((edit) => edit.replace(range, by)))) throw new Error("the edit was refused");
}

export async function hoverText(document: vscode.TextDocument, text: string): Promise<string> {
  const at = rangeOf(document, text).start;
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");
}

export const codeActions = (document: vscode.TextDocument, range: vscode.Range) =>
  vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    range,
    undefined,
    20,
  );
