import * as assert from "node:assert/strict";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  codeOf,
  diagnostics,
  folder,
  hoverText,
  open,
  openText,
  rangeOf,
  replace,
  until,
  untilDiagnostic,
} from "./editor.ts";

const contractive = `model Small {
  state x[2]
  param Weight = [[-1, 0.5], [-0.5, -1]]
  flow  x' = Weight * x
  require lognorm(2) <= 0
}
`;

describe("the language", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  it("is that of a .node file", async () => {
    const { document } = await open("spiral.node");
    assert.equal(document.languageId, "contrax");
    assert.ok(vscode.extensions.getExtension("contrax.contrax"), "the extension is there");
  });

  it("marks a mistake while it is typed, at its token, and takes the mark away", async () => {
    const editor = await openText("typing.node", contractive);
    await replace(editor, "Weight * x", "Weight * ");
    const mistake = await untilDiagnostic(editor.document, /^CX1/);
    assert.equal(mistake.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(mistake.source, "contrax");
    const line = rangeOf(editor.document, "Weight * ").start.line;
    assert.ok(mistake.range.start.line === line || mistake.range.start.line === line + 1, JSON.stringify(mistake));
    await vscode.commands.executeCommand("undo");
    await until("no mistake", () => diagnostics(editor.document).every((d) => !codeOf(d).startsWith("CX1")));
  });

  it("reports three mistakes at once, each at its line", async () => {
    const text =
      "model M {\n  state x[2]\n  param A = [[1, 2], [3]]\n  param b = 2 +\n  layer h = relu(x))\n  flow x' = h\n}\n";
    const { document } = await openText("three.node", text);
    const lines = await until(
      "three mistakes",
      () => {
        const found = diagnostics(document).filter((d) => d.severity === vscode.DiagnosticSeverity.Error);
        return found.length >= 3 && found.map((d) => d.range.start.line);
      },
      () => diagnostics(document).map((d) => d.message),
    );
    for (const line of [2, 4]) assert.ok(lines.includes(line), `a mistake in line ${line + 1}: ${lines}`);
  });

  it("states both shapes where they do not agree", async () => {
    const { document } = await openText(
      "shapes.node",
      "model M {\n  state x[4]\n  param W = [[1, 2], [3, 4], [5, 6]]\n  flow x' = W * x\n}\n",
    );
    const mistake = await untilDiagnostic(document, /^CX2/);
    assert.match(mistake.message, /W/);
    assert.match(mistake.message, /\[3, 2\]/);
    assert.match(mistake.message, /\[4\]/);
    assert.equal(mistake.range.start.line, 3);
  });

  it("mends a misspelt name", async () => {
    const editor = await openText("names.node", contractive.replace("Weight * x", "Wieght * x"));
    const mistake = await untilDiagnostic(editor.document, /^CX2/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      editor.document.uri,
      mistake.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ edit }) => edit);
    assert.ok(fix, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit!);
    assert.equal(editor.document.getText(), contractive);
  });

  it("tells the shape of a param and the slopes of an activation under the mouse", async () => {
    const { document } = await open("spiral.node");
    assert.match(await until("a hover", () => hoverText(document, "A =")), /\[2, 2\]/);
    assert.match(await until("a hover", () => hoverText(document, "smooth_leaky_relu(")), /0\.5/);
  });

  it("formats a document, keeping what it means and its comments", async () => {
    const { document } = await openText(
      "layout.node",
      contractive.replace(/\n {2}/g, "\n").replace("Weight * x", "Weight*x // kept"),
    );
    const edits = await until("edits", () =>
      vscode.commands.executeCommand<vscode.TextEdit[] | undefined>(
        "vscode.executeFormatDocumentProvider",
        document.uri,
        {
          tabSize: 2,
          insertSpaces: true,
        },
      ),
    );
    const change = new vscode.WorkspaceEdit();
    change.set(document.uri, edits);
    await vscode.workspace.applyEdit(change);
    assert.equal(document.getText(), contractive.replace("Weight * x", "Weight * x // kept"));
  });

  it("lists the models and what they declare", async () => {
    const { document } = await openText("two.node", contractive + contractive.replace("Small", "Other"));
    const symbols = await until("symbols", async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
        "vscode.executeDocumentSymbolProvider",
        document.uri,
      );
      return found?.length === 2 && found;
    });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ["Small", "Other"],
    );
    assert.ok(symbols[0]!.children.some(({ name }) => name === "Weight"));
  });

  it("completes keywords, names and activations where each belongs", async () => {
    const editor = await openText("complete.node", contractive.replace("flow  x' = Weight * x", "\n  flow  x' = "));
    const labels = async (position: vscode.Position) => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        editor.document.uri,
        position,
      );
      return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    };
    const value = await labels(rangeOf(editor.document, "x' = ").end);
    for (const label of ["Weight", "relu", "tanh"]) assert.ok(value.includes(label), `${label} in ${value}`);
    const statement = await labels(rangeOf(editor.document, "-1]]\n").end.translate(0, 2));
    for (const label of ["layer", "require"]) assert.ok(statement.includes(label), `${label} in ${statement}`);
  });

  it("completes the tensors of a weight file", async () => {
    const editor = await open("trained-layer.node");
    const [, file] = /load\("([^"]+)"/.exec(editor.document.getText())!;
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      editor.document.uri,
      rangeOf(editor.document, `load("${file}", "`).end,
    );
    assert.ok(list.items.some(({ label }) => (typeof label === "string" ? label : label.label) === "ode.weight"));
  });

  it("checks an untitled document too", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "contrax", content: "model M { state }" });
    await vscode.window.showTextDocument(document);
    await untilDiagnostic(document, /^CX1/);
  });

  it("leaves Node.js add-ons and node_modules alone", async () => {
    const other = await openText("broken.node", "model M { state }");
    const modules = path.join(folder(), "node_modules/addon");
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(modules));
    const file = vscode.Uri.file(path.join(modules, "binding.node"));
    await vscode.workspace.fs.writeFile(file, Buffer.from("model M { state }"));
    const document = await vscode.workspace.openTextDocument(file);
    // The server answers in order: once it has spoken of a later change elsewhere it had its chance to speak of this.
    await replace(other, "state }", "state y }");
    await untilDiagnostic(other.document, /^CX1/);
    assert.deepEqual(diagnostics(document), []);
  });
});
