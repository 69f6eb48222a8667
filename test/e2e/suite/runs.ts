import * as assert from "node:assert/strict";
import * as path from "node:path";
import * as vscode from "vscode";
import { codeOf, folder, open, openText, replace, until, untilDiagnostic } from "./editor.ts";

const refuted = "CX401";
const settings = () => vscode.workspace.getConfiguration("contrax");

interface Shown {
  readonly text: string;
  readonly detail: string;
}

interface Client {
  /** Of vscode-languageclient; not part of its interface. */
  readonly _serverProcess?: { readonly pid?: number };
}

const extension = () =>
  vscode.extensions.getExtension("contrax.contrax")!.exports as {
    client: Client;
    status(): Shown;
  };
const untilStatus = (text: string) =>
  until(
    `the status ${text}`,
    () => extension().status().text === text,
    () => extension().status(),
  );

const small = `model Expansive {
  state x[2]
  param A = [[0.5, 0], [0, -1]]
  flow x' = tanh(A * x)
  require lognorm(2) <= 0.25
}
`;

describe("the analyses", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  it("are told by the status item: a verdict, one that is out of date, none where there are errors", async () => {
    const editor = await openText("status.node", small);
    // Only then is the extension there for sure.
    await untilDiagnostic(editor.document, refuted);
    await untilStatus("Refuted");
    await replace(editor, "0.5, 0]", "0.25, 0]");
    await untilStatus("Out of date");
    await editor.document.save();
    await untilStatus("Proved");
    await replace(editor, "A * x", "B * x");
    await untilStatus("No verdict: errors");
    assert.match(extension().status().detail, /Expansive: 1 error/);
    // Undone, the meaning has its verdict at once: nothing was saved.
    await vscode.commands.executeCommand("undo");
    await untilStatus("Proved");
  });

  it("have an answer for what is seen although long ones of hidden documents were asked for before", async () => {
    await settings().update("analysis.timeBudget", 40, vscode.ConfigurationTarget.Global);
    try {
      for (let i = 0; i < 3; i++) {
        const file = vscode.Uri.file(path.join(folder(), `hard${i}.node`));
        await vscode.workspace.fs.writeFile(file, Buffer.from(hard(i)));
        await vscode.workspace.openTextDocument(file);
      }
      const begun = Date.now();
      const { document } = await openText("seen.node", small.replace("0.25", "0.125"));
      await untilDiagnostic(document, refuted);
      assert.ok(Date.now() - begun < 20_000, `${Date.now() - begun} ms`);
    } finally {
      await settings().update("analysis.timeBudget", undefined, vscode.ConfigurationTarget.Global);
      for (let i = 0; i < 3; i++)
        await vscode.workspace.fs.delete(vscode.Uri.file(path.join(folder(), `hard${i}.node`)));
    }
  });

  it("of the whole workspace are reported, and shown at files that are not open", async () => {
    const file = vscode.Uri.file(path.join(folder(), "unopened.node"));
    await vscode.workspace.fs.writeFile(file, Buffer.from(small));
    await settings().update("analysis.timeBudget", 0.5, vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand("contrax.reportWorkspace");
      const report = await vscode.workspace.openTextDocument(
        vscode.Uri.parse("contrax-report:/Models of the workspace.md"),
      );
      assert.match(report.getText(), /\*\*\d+ requirements: \d+ proved, \d+ refuted.* models in \d+ files/);
      assert.match(report.getText(), /\| unopened\.node \|.*\*\*refuted\*\*/);
      await until("the page", () =>
        vscode.window.tabGroups.all.some(({ tabs }) =>
          tabs.some(({ label }) => label.includes("Models of the workspace")),
        ),
      );
      const found = vscode.languages.getDiagnostics(file).map(codeOf);
      assert.ok(found.includes(refuted), `${found}`);
      // Open, it is told once.
      const { document } = await open("unopened.node");
      await untilStatus("Refuted");
      await until(
        "one refutation",
        () => vscode.languages.getDiagnostics(document.uri).filter((one) => codeOf(one) === refuted).length === 1,
      );
    } finally {
      await settings().update("analysis.timeBudget", undefined, vscode.ConfigurationTarget.Global);
      await vscode.workspace.fs.delete(file);
    }
  });

  it("know the names of all models", async () => {
    const symbols = await until("symbols", async () => {
      const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
        "vscode.executeWorkspaceSymbolProvider",
        "Spiral",
      );
      return found.length > 0 && found;
    });
    assert.ok(symbols.some(({ name, location }) => name === "Spiral" && location.uri.path.endsWith("/spiral.node")));
  });

  it("come back after the server was killed", async () => {
    const { document } = await openText("killed.node", small);
    await untilDiagnostic(document, refuted);
    await untilStatus("Refuted");
    const pid = extension().client._serverProcess?.pid;
    assert.ok(pid, "the server's process");
    process.kill(pid, "SIGKILL");
    await until("another server", () => {
      const now = extension().client._serverProcess?.pid;
      return now !== undefined && now !== pid;
    });
    await untilStatus("Refuted");
    await untilDiagnostic(document, refuted);
  });
});

/** Entries in [-1, 1], the same at every run: its analysis takes all the time that it has. */
function hard(seed: number): string {
  let state = seed + 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return Math.round((state / 2147483647 - 0.5) * 2000) / 1000;
  };
  const matrix = Array.from({ length: 60 }, () => Array.from({ length: 60 }, next));
  return `model Hard${seed} { state x[60] param A = ${JSON.stringify(matrix)} flow x' = tanh(A * x) require lognorm(2) <= 3 }`;
}
