import * as assert from "node:assert/strict";
import * as path from "node:path";
import * as vscode from "vscode";
import { folder, open, openText, rangeOf, until } from "./editor.ts";

const model = `// a remark
// of two lines
model Small {
  state x[2]
  param Weight = [
    [-1, 0.5],
    [-0.5, -1]
  ]
  flow  x' = Weight * x
  require lognorm(2) <= 0
}
`;

const run = <T>(command: string, ...rest: unknown[]) => vscode.commands.executeCommand<T>(command, ...rest);

describe("navigation", () => {
  afterEach(() => run("workbench.action.revertAndCloseActiveEditor"));

  it("goes to where a name is declared, and to a weight file", async () => {
    const { document } = await openText("declared.node", model);
    const at = rangeOf(document, "Weight * x").start;
    const links = await until("a definition", async () => {
      const found = await run<vscode.LocationLink[]>("vscode.executeDefinitionProvider", document.uri, at);
      return found.length > 0 && found;
    });
    assert.equal(links[0]!.targetSelectionRange!.start.line, 4);
    const trained = (await open("trained-layer.node")).document;
    const [, file] = /load\("([^"]+)"/.exec(trained.getText())!;
    const inFile = rangeOf(trained, `"${file}"`).start.translate(0, 1);
    const [weights] = await run<vscode.LocationLink[]>("vscode.executeDefinitionProvider", trained.uri, inFile);
    assert.equal(weights!.targetUri.fsPath, path.join(folder(), file!));
    const [link] = await run<vscode.DocumentLink[]>("vscode.executeLinkProvider", trained.uri);
    assert.equal(link!.target!.fsPath, path.join(folder(), file!));
  });

  it("renames a name everywhere, in one step, and says why it cannot", async () => {
    const { document } = await openText("rename.node", model);
    const at = rangeOf(document, "Weight * x").start;
    const edit = await until("a rename", () =>
      run<vscode.WorkspaceEdit>("vscode.executeDocumentRenameProvider", document.uri, at, "W"),
    );
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), model.replaceAll("Weight", "W"));
    await run("undo");
    assert.equal(document.getText(), model);
    await assert.rejects(
      async () => run("vscode.executeDocumentRenameProvider", document.uri, at, "layer"),
      /word of the language/,
    );
  });

  it("folds comments, models and matrices", async () => {
    const { document } = await openText("folds.node", model);
    const ranges = await until("folds", async () => {
      const found = await run<vscode.FoldingRange[]>("vscode.executeFoldingRangeProvider", document.uri);
      return found?.some(({ kind }) => kind === vscode.FoldingRangeKind.Comment) && found;
    });
    assert.deepEqual(
      ranges.map(({ start, end }) => [start, end]),
      [
        [0, 1],
        [2, 9],
        [4, 6],
      ],
    );
  });

  it("colours names by what they are", async () => {
    const { document } = await openText("colours.node", model);
    const legend = await run<vscode.SemanticTokensLegend>("vscode.provideDocumentSemanticTokensLegend", document.uri);
    const { data } = await until("tokens", () =>
      run<vscode.SemanticTokens>("vscode.provideDocumentSemanticTokens", document.uri),
    );
    const types = [...data].flatMap((value, i) => (i % 5 === 3 ? [legend.tokenTypes[value]] : []));
    assert.deepEqual(types, ["class", "variable", "parameter", "variable", "parameter", "variable", "function"]);
  });

  it("shows above a model where it stands", async () => {
    const { document } = await openText("lenses.node", model);
    const titles = async () => {
      const lenses = await run<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
      return lenses.map(({ command }) => command?.title ?? "");
    };
    let seen: string[] = [];
    await until(
      "the verdict",
      async () => (seen = await titles()).some((title) => title.startsWith("proved · lognorm(2) <= ")),
      () => seen,
    );
    assert.ok(seen.includes("Check"));
    const [check] = await run<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
    await run(check!.command!.command, ...check!.command!.arguments!);
  });
});
