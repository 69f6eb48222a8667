import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Exports } from "../../../client/extension.ts";
import { open, replace, until } from "./editor.ts";

describe("the preview", () => {
  const exports = () => vscode.extensions.getExtension<Exports>("contrax.contrax")!.exports;
  const tabs = () =>
    vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("contrax.preview"));
  const shown = (model: string) =>
    until(
      `a picture of ${model}`,
      () => {
        const [panel] = exports().previews();
        return panel?.shown?.kind === "picture" && panel.shown.picture.model === model && panel.shown;
      },
      () =>
        exports()
          .previews()
          .map(({ shown }) => shown && { ...shown, picture: null }),
    );

  afterEach(async () => {
    await vscode.window.tabGroups.close(tabs());
    await until("no preview", () => exports().previews().length === 0);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("opens beside the editor, shows the cursor's model, follows it to another one and redraws on change", async () => {
    const editor = await open("antisymmetric-rnn.node");
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await vscode.commands.executeCommand("contrax.openPreview");
    const first = await shown("WithTanh");
    assert.equal(first.picture.bundles.length, 1);
    assert.ok(first.picture.bundles[0].course instanceof Float64Array);
    assert.deepEqual(first.models, ["WithTanh", "WithSteeperSlopes"]);
    assert.equal(tabs()[0].group.viewColumn, vscode.ViewColumn.Two);
    const line = editor.document
      .getText()
      .split("\n")
      .findIndex((text) => text.startsWith("model WithSteeperSlopes"));
    editor.selection = new vscode.Selection(line + 1, 0, line + 1, 0);
    const second = await shown("WithSteeperSlopes");
    await replace(editor, "activation act = smooth_leaky_relu(0.5)", "activation act = smooth_leaky_relu(0.25)");
    await until("another picture", () => {
      const now = exports().previews()[0]?.shown;
      return now?.kind === "picture" && now.version > second.version;
    });
  });

  it("opens at a lens' model, and asks again with another preview of it: there is one that follows", async () => {
    const editor = await open("antisymmetric-rnn.node");
    const uri = editor.document.uri.toString();
    await vscode.commands.executeCommand("contrax.openPreview", uri, "WithSteeperSlopes");
    await shown("WithSteeperSlopes");
    await vscode.commands.executeCommand("contrax.openPreview", uri, "WithTanh");
    await shown("WithTanh");
    assert.equal(tabs().length, 1);
  });

  it("says what is wrong where there is nothing to draw, and draws once it is mended", async () => {
    const editor = await open("spiral.node");
    await vscode.commands.executeCommand("contrax.openPreview");
    await shown("Spiral");
    await replace(editor, "flow  x' = h", "flow  x' = nothing");
    const problem = await until("a problem", () => {
      const now = exports().previews()[0]?.shown;
      return now?.kind === "problem" && now;
    });
    assert.notEqual(problem.text, "");
    assert.notEqual(problem.advice, "");
    assert.equal(problem.hasPlace, true);
    await replace(editor, "flow  x' = nothing", "flow  x' = h");
    await shown("Spiral");
  });

  it("leaves nothing behind when it is opened and closed a hundred times", async function () {
    this.timeout(400_000);
    await open("spiral.node");
    for (let k = 0; k < 100; k++) {
      await vscode.commands.executeCommand("contrax.openPreview");
      // VS Code tells of its tab in its own time.
      await until("the tab", () => tabs().length === 1);
      assert.equal(exports().previews().length, 1);
      await vscode.window.tabGroups.close(tabs());
      await until("no preview", () => exports().previews().length === 0);
    }
    await vscode.commands.executeCommand("contrax.openPreview");
    await shown("Spiral");
  });
});
