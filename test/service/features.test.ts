import { describe, expect, test } from "vitest";
import { SymbolKind } from "vscode-languageserver-types";
import { format } from "../../grammar/print.ts";
import { documentDiagnostics } from "../../service/diagnostics.ts";
import { documentSymbols, flatSymbols } from "../../service/document-symbols.ts";
import { formatting } from "../../service/formatting.ts";
import { inlayHints } from "../../service/verdict-hints.ts";
import { checked, spiral } from "./checked.ts";

describe("diagnostics", () => {
  test("stand at UTF-16 positions, in documents of Windows too, with a link to their page", () => {
    const text = spiral
      .replace("// ", "")
      .replaceAll("\n", "\r\n")
      .replace("param b", "/* \u{1F600} */ param b")
      .replace("A * x", "A * y");
    const found = documentDiagnostics(checked(text), []).find(({ message }) => String(message).includes("y"))!;
    expect(found.range).toEqual({ start: { line: 9, character: 20 }, end: { line: 9, character: 21 } });
    expect(found).toMatchObject({
      severity: 1,
      source: "contrax",
      code: expect.stringMatching(/^CX2\d\d$/),
      codeDescription: { href: expect.stringContaining(`/docs/diagnostics/${found.code}.md`) },
    });
    const wide = checked(spiral.replace("param b = [0, 0.1]", "param b = [0 /* \u{1F600} */, 0.1] + z"));
    const z = documentDiagnostics(wide, []).find(({ message }) => String(message).includes("z"))!;
    expect(z.range.start).toEqual({ line: 5, character: "  param b = [0 /* 12 */, 0.1] + ".length });
  });

  test("tell related places, and gray what is never used", () => {
    const twice = documentDiagnostics(checked(spiral.replace("param b =", "param A = [1]\n  param b =")), []);
    const duplicate = twice.find(({ relatedInformation }) => relatedInformation)!;
    expect(duplicate.relatedInformation![0].location.uri).toBe("file:///models/test.node");
    const unused = documentDiagnostics(checked(spiral.replace("+ b)", ")")), []);
    expect(unused).toMatchObject([{ severity: 4, tags: [1] }]);
  });

  test("of several models are told together, and the verdicts with them", () => {
    const document = checked(`${spiral.replace("A * x", "A * y")}\nmodel N { state x[1] flow x' = z }`);
    const verdict = { code: "CX401", severity: "error" as const, message: "v", span: { start: 0, end: 5 } };
    const found = documentDiagnostics(document, [verdict]);
    expect(found.filter(({ severity }) => severity === 1).map(({ range }) => range.start.line)).toEqual([9, 15, 0]);
  });
});

describe("document symbols", () => {
  test("are the models and what they state", () => {
    const [model] = documentSymbols(checked(spiral));
    expect(model).toMatchObject({ name: "Spiral", kind: SymbolKind.Class });
    expect(model.children!.map(({ name, detail = "" }) => `${name} ${detail}`.trim())).toEqual([
      "x state [2]",
      "t time",
      "A param [2, 2]",
      "b param [2]",
      "act activation smooth_leaky_relu(0.5)",
      "h layer [2]",
      "x' flow [2]",
      "require lognorm(2) <= 0",
    ]);
  });

  test("are flat for editors that take no hierarchy", () => {
    const flat = flatSymbols(checked(spiral));
    expect(flat.map(({ name, containerName = "-" }) => `${containerName} ${name}`)).toEqual([
      ...["- Spiral", "Spiral x", "Spiral t", "Spiral A", "Spiral b", "Spiral act", "Spiral h", "Spiral x'"],
      "Spiral require lognorm(2) <= 0",
    ]);
    expect(flat[3].location).toEqual({
      uri: "file:///models/test.node",
      range: { start: { line: 4, character: 2 }, end: { line: 4, character: 35 } },
    });
  });

  test("have each a name, and a selection within their range, however broken the document is", () => {
    for (let end = 0; end <= spiral.length; end++) {
      const document = checked(spiral.slice(0, end));
      for (const symbol of documentSymbols(document).flatMap((model) => [model, ...(model.children ?? [])])) {
        const [from, to] = [symbol.range, symbol.selectionRange].map(({ start, end }) => [
          document.document.offsetAt(start),
          document.document.offsetAt(end),
        ]);
        expect(symbol.name).not.toBe("");
        expect(from[0] <= to[0] && to[1] <= from[1], `${symbol.name} at ${end}`).toBe(true);
      }
    }
  });
});

describe("formatting", () => {
  const unformatted = "model M{state x[1]\nflow x'=-x // kept\n}\n";

  test("gives the canonical layout, leaving alone what has it", () => {
    const { document, tree } = checked(unformatted);
    const [edit] = formatting({ document, tree });
    const after =
      unformatted.slice(0, document.offsetAt(edit.range.start)) +
      edit.newText +
      unformatted.slice(document.offsetAt(edit.range.end));
    expect(after).toBe(format(unformatted));
    expect(after).not.toBe(unformatted);
    expect(formatting(checked(after))).toEqual([]);
  });

  test("leaves a document alone that has syntax errors", () => {
    expect(formatting(checked(unformatted.replace("}", "")))).toEqual([]);
  });
});

test("inlay hints stand behind what they speak of, those of the range asked for", () => {
  const document = checked(spiral);
  const start = spiral.indexOf("require");
  const hint = { span: { start, end: start + 23 }, text: "proved: lognorm(2) <= -1" };
  expect(inlayHints(document, [hint], { start: 0, end: spiral.length })).toMatchObject([
    { position: { line: 12, character: 25 }, label: "proved: lognorm(2) <= -1" },
  ]);
  expect(inlayHints(document, [hint], { start: 0, end: 10 })).toEqual([]);
});
