import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Exports } from "../../../client/extension.ts";
import { codeActions, codeOf, diagnostics, folder, openText, rangeOf, until, untilDiagnostic } from "./editor.ts";

const refuted = "CX401";
const weights = "weights/mnist-64.safetensors";
const repaired = "weights/mnist-64.contracted.safetensors";
const unproved = new Set([refuted, "CX402"]);
const at = (file: string) => path.join(folder(), file);

/** Samples with a verdict that a repair can turn. */
const samples = () =>
  readdirSync(folder()).filter((file) => file.endsWith(".node") && /^\/\/ verdict: .* refuted/m.test(read(file)));

const read = (file: string) => readFileSync(at(file), "utf8");

/** What the server tells people, from now on. */
async function messages(): Promise<string[]> {
  const told: string[] = [];
  const extension = vscode.extensions.getExtension<Exports>("contrax.contrax")!;
  const { client } = await extension.activate();
  client.onNotification("window/showMessage", ({ message }: { message: string }) => {
    told.push(message);
  });
  return told;
}

const openVerdicts = (document: vscode.TextDocument) =>
  diagnostics(document).filter((diagnostic) => unproved.has(codeOf(diagnostic)));

async function untilProved(document: vscode.TextDocument): Promise<void> {
  await until(
    `${path.basename(document.fileName)} proved`,
    () => openVerdicts(document).length === 0,
    () => openVerdicts(document).map(({ message }) => message),
  );
}

const preferred = (document: vscode.TextDocument, range: vscode.Range) =>
  until("a preferred quick fix", async () =>
    (await codeActions(document, range)).find(({ isPreferred, title }) => isPreferred && /, proves /.test(title)),
  );

/** As by Auto Fix… at the requirement; waits for the change. */
async function autoFix(editor: vscode.TextEditor, range: vscode.Range): Promise<void> {
  const { version } = editor.document;
  await vscode.window.showTextDocument(editor.document, { selection: new vscode.Range(range.start, range.start) });
  let asked = 0;
  await until("the repair", async () => {
    if (editor.document.version > version) return true;
    // VS Code asks for the light bulb's sake a moment after the cursor has moved, and drops what was asked before.
    if (Date.now() - asked > 10_000) {
      asked = Date.now();
      await vscode.commands.executeCommand("editor.action.autoFix");
    }
    return false;
  });
}

describe("repairs", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("mend every sample by one action, and one undo takes it back byte by byte", async () => {
    const failed: string[] = [];
    for (const sample of samples()) {
      const before = read(sample);
      const editor = await openText(`mended-${sample}`, before);
      const { document } = editor;
      try {
        const verdict = await untilDiagnostic(document, refuted);
        const { title } = await preferred(document, verdict.range);
        await autoFix(editor, verdict.range);
        await document.save();
        await untilProved(document);
        console.log(`      ${sample}: ${title}`);
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand("undo");
        assert.equal(document.getText(), before);
      } catch (error) {
        failed.push(`${sample}: ${(error as Error).message}`);
      } finally {
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
        rmSync(at(repaired), { force: true });
      }
    }
    assert.deepEqual(failed, []);
  });
});

/** Nobody may write into it, root included; false where that cannot be had. */
function lock(place: string): boolean {
  chmodSync(place, 0o555);
  const probe = path.join(place, "probe");
  try {
    writeFileSync(probe, "");
    rmSync(probe);
    execFileSync("chattr", ["+i", place], { stdio: "ignore" });
    writeFileSync(probe, "");
    rmSync(probe);
    return false;
  } catch {
    return !existsSync(probe);
  }
}

function unlock(place: string): void {
  try {
    execFileSync("chattr", ["-i", place], { stdio: "ignore" });
  } catch {
    // It never was, or there is no such program.
  }
  chmodSync(place, 0o755);
}

describe("repairs of weights in files", () => {
  const text = () => read("subnetwork.node");

  afterEach(async () => {
    unlock(at("weights"));
    rmSync(at(repaired), { force: true });
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  const writing = (document: vscode.TextDocument, range: vscode.Range) =>
    until("a repair that writes a file", async () =>
      (await codeActions(document, range)).find(({ command }) => command?.command === "contrax.applyRepair"),
    );

  it("go to a new file that the model then loads; the old one stays as it is", async () => {
    const before = readFileSync(at(weights));
    const editor = await openText("file.node", text());
    const { document } = editor;
    const verdict = await untilDiagnostic(document, refuted);
    const { command, title } = await writing(document, verdict.range);
    assert.ok(title.includes(repaired), title);
    await vscode.commands.executeCommand(command!.command, ...command!.arguments!);
    await until("the new load", () => document.getText().includes(`load("${repaired}", "ode.weight")`));
    await document.save();
    await untilProved(document);
    assert.deepEqual(readFileSync(at(weights)), before);
    assert.equal(readFileSync(at(repaired)).length, before.length);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), text());
  });

  it("are refused in a read-only folder, which is said; the text stays", async function () {
    const told = await messages();
    const editor = await openText("locked.node", text());
    const verdict = await untilDiagnostic(editor.document, refuted);
    if (!lock(at("weights"))) return this.skip();
    const { command } = await writing(editor.document, verdict.range);
    await vscode.commands.executeCommand(command!.command, ...command!.arguments!);
    await until(
      "the message",
      () => told.some((message) => /the folder is read-only/.test(message)),
      () => told,
    );
    assert.equal(editor.document.getText(), text());
    assert.equal(existsSync(at(repaired)), false);
  });
});

describe("a repair's comparison", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  const shown = () => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff && input.modified.scheme === "contrax-repair" ? input : undefined;
  };

  it("shows the model beside the repaired one, which cannot be changed, and applies it", async () => {
    const editor = await openText("compared.node", read("spiral.node"));
    const before = editor.document.getText();
    const verdict = await untilDiagnostic(editor.document, refuted);
    const { title } = await preferred(editor.document, verdict.range);
    const compare = (await codeActions(editor.document, verdict.range)).find(
      ({ command }) => command?.command === "contrax.compareRepairs",
    )!;
    const [repairs] = compare.command!.arguments as [{ title: string }[]];
    await vscode.commands.executeCommand("contrax.compareRepairs", [repairs.find((one) => one.title === title)]);
    const { original, modified } = await until("the comparison", shown);
    assert.equal(original.fsPath, editor.document.uri.fsPath);
    const document = await vscode.workspace.openTextDocument(modified);
    const after = document.getText();
    assert.notEqual(after, before);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(modified.scheme) ?? false, false);
    await vscode.commands.executeCommand("contrax.applyComparedRepair", modified);
    await until("the repair", () => editor.document.getText() === after);
    await until("the comparison closed", () => !shown());
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), before);
  });

  it("is not applied to a model that has changed since", async () => {
    const told = await messages();
    const editor = await openText("compared-later.node", read("spiral.node"));
    const verdict = await untilDiagnostic(editor.document, refuted);
    await preferred(editor.document, verdict.range);
    const compare = (await codeActions(editor.document, verdict.range)).find(
      ({ command }) => command?.command === "contrax.compareRepairs",
    )!;
    const [repairs] = compare.command!.arguments as [unknown[]];
    await vscode.commands.executeCommand("contrax.compareRepairs", repairs.slice(0, 1));
    const { modified } = await until("the comparison", shown);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(editor.document.uri, rangeOf(editor.document, "model").start, "// remark\n");
    await vscode.workspace.applyEdit(edit);
    const changed = editor.document.getText();
    await vscode.commands.executeCommand("contrax.applyComparedRepair", modified);
    await until(
      "the message",
      () => told.some((message) => /has changed since/.test(message)),
      () => told,
    );
    assert.equal(editor.document.getText(), changed);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });
});
