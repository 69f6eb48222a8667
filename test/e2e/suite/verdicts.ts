import * as assert from "node:assert/strict";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  codeActions,
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

const refuted = "CX401";
const settings = () => vscode.workspace.getConfiguration("contrax");

/** x' = tanh(A x) with A symmetric: its logarithmic norm is 0.5 at the slopes 1 and 0 at the slopes 0. */
const expansive = `model Expansive {
  state x[2]
  param A = [[0.5, 0], [0, -1]]
  flow x' = tanh(A * x)
  require lognorm(2) <= 0.25
}
`;

describe("the verdicts", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  it("refute the spiral sample when it is opened, with the layer that carries it", async () => {
    const { document } = await open("spiral.node");
    const verdict = await untilDiagnostic(document, refuted);
    assert.equal(verdict.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(verdict.range), "require lognorm(2) <= 0");
    assert.match(verdict.message, /0\.425/);
    const [related] = verdict.relatedInformation ?? [];
    assert.ok(related, "related information");
    assert.equal(related.location.range.start.line, rangeOf(document, "layer h").start.line);
  });

  it("come on save, not while typing", async () => {
    const editor = await openText("save.node", expansive);
    await untilDiagnostic(editor.document, refuted);
    await replace(editor, "0.5, 0]", "-0.5, 0]");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.ok(editor.document.isDirty);
    assert.ok(
      diagnostics(editor.document).some((d) => codeOf(d) === refuted),
      "the old verdict stays until there is a new one",
    );
    await editor.document.save();
    await until("the refutation gone", () => diagnostics(editor.document).every((d) => codeOf(d) !== refuted));
    await replace(editor, "-0.5, 0]", "0.75, 0]");
    await editor.document.save();
    const verdict = await untilDiagnostic(editor.document, refuted);
    assert.match(verdict.message, /0\.7[45]/);
  });

  it("turn to proved by a quick fix, and back by one undo", async () => {
    const editor = await openText("fix.node", await text("spiral.node"));
    const before = editor.document.getText();
    const verdict = await untilDiagnostic(editor.document, refuted);
    const fix = await until("a preferred quick fix", async () =>
      (await codeActions(editor.document, verdict.range)).find(({ isPreferred }) => isPreferred),
    );
    assert.match(fix.title, /^Least change of A: .*, proves lognorm\(2\) <= 0$/);
    assert.ok(fix.edit, `an edit for ${fix.title}`);
    await vscode.workspace.applyEdit(fix.edit);
    await editor.document.save();
    await until("the refutation gone", () => diagnostics(editor.document).every((d) => codeOf(d) !== refuted));
    await until("the proof beside it", async () => (await hints(editor.document)).some((hint) => /^proved/.test(hint)));
    assert.match(await hoverText(editor.document, "require lognorm"), /proved/i);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), before);
  });

  it("are given where nothing is required, with the requirement that holds", async () => {
    const editor = await openText("bounds.node", expansive.replace(/ {2}require.*\n/, ""));
    const bounds = await untilDiagnostic(editor.document, "CX404");
    assert.equal(editor.document.getText(bounds.range), "Expansive");
    for (const norm of ["1", "2", "inf"]) assert.ok(bounds.message.includes(`lognorm(${norm})`), bounds.message);
    const fix = await until("a fix", async () =>
      (await codeActions(editor.document, bounds.range)).find(({ title }) => /require/i.test(title)),
    );
    await vscode.workspace.applyEdit(fix.edit!);
    await editor.document.save();
    assert.match(editor.document.getText(), /\n {2}require lognorm\(/);
    await until("its proof", async () => (await hints(editor.document)).some((hint) => /^proved/.test(hint)));
  });

  it("are those of each model where a file holds several", async () => {
    const contractive = expansive.replace("Expansive", "Contractive").replace("0.5, 0]", "-0.5, 0]");
    const { document } = await openText("several.node", contractive + expansive);
    await untilDiagnostic(document, refuted);
    await until("one proof", async () => (await hints(document)).filter((hint) => /^proved/.test(hint)).length === 1);
    const verdicts = diagnostics(document).filter((d) => codeOf(d) === refuted);
    assert.deepEqual(
      verdicts.map(({ range }) => range.start.line),
      [10],
    );
  });

  it("stay, at their moved place, when only a comment is added", async () => {
    const editor = await openText("comment.node", expansive);
    await untilDiagnostic(editor.document, refuted);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "// a remark\n"));
    await until("the verdict one line below", () =>
      diagnostics(editor.document).some((d) => codeOf(d) === refuted && d.range.start.line === 5),
    );
  });

  it("wait for the command where the analysis is manual", async () => {
    await settings().update("analysis.run", "manual", vscode.ConfigurationTarget.Global);
    try {
      const { document } = await openText("manual.node", expansive);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.deepEqual(diagnostics(document).map(codeOf), []);
      await vscode.commands.executeCommand("contrax.checkModel");
      await untilDiagnostic(document, refuted);
    } finally {
      await settings().update("analysis.run", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("follow a weight file that another program changes", async () => {
    const weights = vscode.Uri.file(path.join(folder(), "changing.json"));
    const write = (value: number) =>
      vscode.workspace.fs.writeFile(
        weights,
        Buffer.from(
          JSON.stringify([
            [value, 0],
            [0, -1],
          ]),
        ),
      );
    await write(0.5);
    const { document } = await openText(
      "weights.node",
      expansive.replace("[[0.5, 0], [0, -1]]", 'load("changing.json")'),
    );
    await untilDiagnostic(document, refuted);
    await write(-0.5);
    await until(
      "the refutation gone",
      () => diagnostics(document).every((d) => codeOf(d) !== refuted),
      () => diagnostics(document),
    );
    await write(0.75);
    assert.match((await untilDiagnostic(document, refuted)).message, /0\.7[45]/);
  });

  it("come back after the server is restarted", async () => {
    const { document } = await open("spiral.node");
    await untilDiagnostic(document, refuted);
    await vscode.commands.executeCommand("contrax.restartServer");
    await untilDiagnostic(document, refuted);
  });
});

/** The texts behind the lines. */
async function hints(document: vscode.TextDocument): Promise<string[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[] | undefined>(
    "vscode.executeInlayHintProvider",
    document.uri,
    whole,
  );
  return (found ?? []).map(({ label }) =>
    typeof label === "string" ? label : label.map(({ value }) => value).join(""),
  );
}

async function text(file: string): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.file(path.join(folder(), file)))).toString();
}
