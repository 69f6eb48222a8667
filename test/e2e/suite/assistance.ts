import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { hoverText, open, openText, rangeOf, until, untilDiagnostic } from "./editor.ts";

/** Has an `A` that fits the state, a `W` that does not. */
const text = `model Assisted {
  state x[2]
  param W = [[1, 2], [3, 4], [5, 6]]
  param A = [[-1, 0.5], [-0.5, -1]]
  layer h = tanh(A * x)
  flow  x' = h - 2 * x

}
`;

describe("assistance", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  async function complete(document: vscode.TextDocument, at: vscode.Position): Promise<vscode.CompletionItem[]> {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      at,
    );
    return list.items;
  }

  const label = (item: vscode.CompletionItem) => (typeof item.label === "string" ? item.label : item.label.label);

  it("offers a statement with stops, which is valid as it stands", async () => {
    const editor = await openText("assisted.node", text);
    const at = rangeOf(editor.document, "\n\n}").start.translate(1, 0);
    const item = (await complete(editor.document, at)).find((one) => label(one) === "require lognorm");
    assert.ok(item?.insertText instanceof vscode.SnippetString, "a snippet");
    await editor.insertSnippet(item.insertText, at);
    assert.match(editor.document.getText(), /\nrequire lognorm\(2\) <= 0\n/);
    await vscode.commands.executeCommand("workbench.action.files.save");
    // Proved: what stood there as it is means what it says.
    await until("a verdict", async () => (await hoverText(editor.document, "require lognorm")).includes("proved"));
  });

  it("puts names first whose shape fits", async () => {
    const { document } = await openText("fitting.node", text.replace("A * x)", "A * )"));
    await untilDiagnostic(document, /^CX1/);
    const items = await complete(document, rangeOf(document, "A * ").end);
    const order = (name: string) => items.find((one) => label(one) === name)?.sortText ?? "none";
    assert.ok(order("x") < order("W"), `${order("x")} before ${order("W")}`);
  });

  it("names the weight files of the folder", async () => {
    const { document } = await openText("files.node", text.replace("[[-1, 0.5], [-0.5, -1]]", 'load("weights/")'));
    const items = await complete(document, rangeOf(document, 'load("weights/').end);
    assert.deepEqual(items.map(label), ["weights/mnist-64.safetensors"]);
  });

  it("tells the singular values of a matrix under the mouse", async () => {
    const { document } = await openText("values.node", text);
    const shown = await until("a hover", () => hoverText(document, "A ="));
    assert.match(shown, /largest singular values ≈ 1\.118, 1\.118/);
    assert.match(shown, /\| lognorm \|/);
  });

  it("writes a shape into the text from its hint", async () => {
    const { document } = await open("spiral.node");
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await until("hints", async () => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        document.uri,
        all,
      );
      return found.length > 0 && found;
    });
    const hint = hints.find((one) => one.label === ": [2, 2]");
    assert.ok(hint?.textEdits, JSON.stringify(hints));
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, hint.textEdits);
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /param A: \[2, 2\] = /);
  });
});
