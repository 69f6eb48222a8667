import assert from "node:assert/strict";
import * as path from "node:path";
import * as vscode from "vscode";
import { codeOf, diagnostics, folder, until, untilDiagnostic } from "./editor.ts";

describe("the first minutes", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  const active = () => vscode.window.activeTextEditor?.document;

  it("New Model proposes a model for a weight file, beside it, and analyses it before it is saved", async () => {
    const weights = vscode.Uri.file(path.join(folder(), "weights/mnist-64.safetensors"));
    await vscode.commands.executeCommand("contrax.newModel", weights);
    const document = await until("the proposal", () => {
      const shown = active();
      return shown?.getText().includes("model Mnist64 {") && shown;
    });
    assert.equal(document.uri.scheme, "untitled");
    assert.equal(document.languageId, "contrax");
    assert.equal(path.basename(document.uri.path), "mnist-64.node");
    await untilDiagnostic(document, "CX401");
    assert.deepEqual(
      diagnostics(document).filter((d) => /^CX[1235]/.test(codeOf(d))),
      [],
    );
    assert.ok(await document.save(), "it is saved where it was proposed");
    const saved = vscode.Uri.file(path.join(folder(), "weights/mnist-64.node"));
    assert.match(Buffer.from(await vscode.workspace.fs.readFile(saved)).toString(), /^model Mnist64 \{$/m);
    // There is one of that name now.
    await vscode.commands.executeCommand("contrax.newModel", weights);
    await until("a second proposal", () => path.basename(active()?.uri.path ?? "") === "mnist-64-2.node");
    await vscode.workspace.fs.delete(saved);
  });

  it("New Model opens a template, as the walkthrough has it", async () => {
    await vscode.commands.executeCommand("contrax.newModel", "one-layer");
    const document = active()!;
    assert.equal(document.isUntitled, true);
    assert.match(document.getText(), /^model Spiral \{/);
    await untilDiagnostic(document, "CX401");
  });

  it("New Model asks what to begin with, and takes no answer for one", async () => {
    const before = active();
    const done = vscode.commands.executeCommand("contrax.newModel");
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    await done;
    assert.equal(active(), before);
  });

  it("the walkthrough opens", async () => {
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", "contrax.contrax#contrax.first", false);
    await until("its page", () => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      return tab !== undefined && /walkthrough/i.test(tab.label);
    });
  });
});
