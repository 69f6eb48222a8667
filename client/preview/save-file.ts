import * as vscode from "vscode";
import type { FromPage } from "./messages.ts";

const kinds = { svg: "SVG pictures", png: "PNG pictures", csv: "CSV tables" } as const;

/** Asks where a plot's file goes, beside the model first, and writes it there. */
export async function saveFile(
  model: vscode.Uri,
  { name, ending, content }: FromPage & { kind: "save" },
): Promise<void> {
  const folder =
    model.scheme === "untitled" ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(model, "..");
  const file = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${name}.${ending}`) } : {}),
    filters: { [kinds[ending]]: [ending] },
  });
  if (!file) return;
  try {
    await vscode.workspace.fs.writeFile(
      file,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  } catch (error) {
    void vscode.window.showErrorMessage(`The plot was not saved: ${error instanceof Error ? error.message : error}`);
  }
}
