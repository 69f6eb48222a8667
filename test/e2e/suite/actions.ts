import * as assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { codeActions, diagnostics, folder, openText, rangeOf, until, untilDiagnostic } from "./editor.ts";

const text = `model Moved {
  state x[2]
  param A = [[-1.5, 0.30000000000000004], [5e-324, -0.1]]
  flow x' = A * x
}
`;

const actionAt = (document: vscode.TextDocument, at: string, title: RegExp) =>
  until(
    `${title}`,
    async () => (await codeActions(document, rangeOf(document, at))).find((one) => title.test(one.title)),
    () => diagnostics(document).map(({ message }) => message),
  );

async function run({ edit, command }: vscode.CodeAction): Promise<void> {
  if (edit) assert.ok(await vscode.workspace.applyEdit(edit));
  if (command) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

describe("code actions", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("declare a missing param with the shape that fits, by Auto Fix", async () => {
    const before = text.replace("A * x", "tanh(W * x) + A * x");
    const editor = await openText("undeclared.node", before);
    const { range } = await untilDiagnostic(editor.document, "CX201");
    await actionAt(editor.document, "W * x", /^Declare param W: \[2, 2\]$/);
    await vscode.window.showTextDocument(editor.document, { selection: new vscode.Range(range.start, range.start) });
    // VS Code drops what was asked for where it asks for the light bulb's sake meanwhile: a person presses again.
    for (let k = 0; k < 10 && editor.document.getText() === before; k++) {
      await vscode.commands.executeCommand("editor.action.autoFix");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const declared = before.replace("  flow", "  param W = [[0, 0], [0, 0]]\n  flow");
    assert.equal(editor.document.getText(), declared);
    const mistakes = () => diagnostics(editor.document).filter(({ severity }) => severity === 0);
    await until(
      "no mistake",
      () => mistakes().length === 0,
      () => mistakes().map(({ message }) => message),
    );
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), before);
  });

  it("mend slips on save, where that is asked for", async () => {
    const editor = await openText("saved.node", text.replace("state", "sate"));
    await untilDiagnostic(editor.document, "CX112");
    await vscode.commands.executeCommand("editor.action.fixAll");
    await until("the fix", () => editor.document.getText() === text);
  });

  it("move a literal to a weight file and back; an undo leaves the file", async () => {
    const file = path.join(folder(), "moved.A.safetensors");
    rmSync(file, { force: true });
    const { document } = await openText("moved.node", text);
    await run(await actionAt(document, "A = ", /^Move A.* moved\.A\.safetensors$/));
    await until("the load", () => document.getText().includes('param A = load("moved.A.safetensors", "A")'));
    assert.ok(existsSync(file));
    await run(await actionAt(document, "load(", /^Write A of moved/));
    await until("the literal", () => document.getText() === text);
    await vscode.commands.executeCommand("undo");
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), text);
    assert.ok(existsSync(file));
    rmSync(file);
  });
});
