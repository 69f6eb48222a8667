import * as vscode from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";
import {
  type NewModelParams,
  type NewModelResult,
  newModelRequest,
  type TemplateItem,
  templatesRequest,
} from "../server/messages/new-model-messages.ts";

/** What the server reads, and what it knows how to convert. */
const weightFiles = { "Weight files": ["safetensors", "npz", "npy", "json", "csv", "pt", "pth"] };

type Choice = vscode.QuickPickItem & { readonly template?: string };

/**
 * Opens a model to begin from, not saved yet.
 *
 * @param from the weight file of an explorer's menu; in the walkthrough's links "weights" to choose one, or a template
 */
export async function newModel(client: BaseLanguageClient, from?: vscode.Uri | string): Promise<void> {
  if (from instanceof vscode.Uri) return proposeFrom(client, from);
  if (from === "weights") return chooseWeights(client);
  if (typeof from === "string") return openTemplate(client, from);
  const templates = await client.sendRequest<TemplateItem[]>(templatesRequest);
  const choices: Choice[] = [
    {
      label: "$(folder-opened) From a Weight File…",
      detail: "Propose layers from the names and shapes of its tensors",
    },
    { label: "Templates", kind: vscode.QuickPickItemKind.Separator },
    ...templates.map(({ name, title, detail }) => ({ label: title, detail, template: name })),
  ];
  const placeHolder = "What the model begins with";
  const chosen = await vscode.window.showQuickPick(choices, { placeHolder, matchOnDetail: true });
  if (chosen === undefined) return;
  await (chosen.template === undefined ? chooseWeights(client) : openTemplate(client, chosen.template));
}

async function openTemplate(client: BaseLanguageClient, template: string): Promise<void> {
  const content = await asked(client, { template });
  if (content === null) return;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "contrax", content }));
}

async function chooseWeights(client: BaseLanguageClient): Promise<void> {
  const options = { filters: weightFiles, openLabel: "Propose a Model", title: "The weight file of the model" };
  const [file] = (await vscode.window.showOpenDialog(options)) ?? [];
  if (file !== undefined) await proposeFrom(client, file);
}

/** Beside the weight file, for `load` names it from there: to be saved there, or not at all. */
async function proposeFrom(client: BaseLanguageClient, weights: vscode.Uri): Promise<void> {
  const file = weights.path.slice(weights.path.lastIndexOf("/") + 1);
  const place = await freePlace(weights, file.replace(/\.[^.]*$/, ""));
  const text = await asked(client, { document: client.code2ProtocolConverter.asUri(place), file });
  if (text === null) return;
  const document = await vscode.workspace.openTextDocument(place.with({ scheme: "untitled" }));
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
  editor.selection = new vscode.Selection(0, 0, 0, 0);
  // It was empty when it was opened, which is when models are analysed.
  if (vscode.workspace.getConfiguration("contrax", document).get("analysis.run") === "manual") return;
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  await client.sendRequest(ExecuteCommandRequest.type, { command: "contrax.check", arguments: [uri] });
}

async function freePlace(weights: vscode.Uri, stem: string): Promise<vscode.Uri> {
  for (let count = 1; ; count++) {
    const place = vscode.Uri.joinPath(weights, "..", `${stem}${count === 1 ? "" : `-${count}`}.node`);
    const isOpen = vscode.workspace.textDocuments.some(({ uri }) => uri.path === place.path);
    if (!isOpen && !(await exists(place))) return place;
  }
}

function exists(uri: vscode.Uri): Thenable<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Null where there is none, which the person is told. */
async function asked(client: BaseLanguageClient, params: NewModelParams): Promise<string | null> {
  const result = await client.sendRequest<NewModelResult>(newModelRequest, params);
  if ("text" in result) return result.text;
  void vscode.window.showErrorMessage(result.problem);
  return null;
}
