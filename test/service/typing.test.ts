import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { constants, functions, keywords, properties } from "../../grammar/keywords.ts";
import { parse } from "../../grammar/parse.ts";
import { activations, slopeRestricted } from "../../model/activations.ts";
import { compile } from "../../model/compile.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { completion, listedFolder } from "../../service/completion.ts";
import { hover } from "../../service/hover.ts";
import { shapeHints } from "../../service/inlay-hints.ts";
import { tensorSource } from "../../weights/source.ts";

const folder = path.resolve(import.meta.dirname, "../../samples");
const samples = readdirSync(folder).filter((file) => file.endsWith(".node"));
const file = "weights/mnist-64.safetensors";
const files = new Map([[file, new Uint8Array(readFileSync(path.join(folder, file)))]]);
/** One for all texts: as in the server, a tensor is decoded once. */
const source = tensorSource(files);

function checkedText(text: string): CheckedDocument {
  const tree = parse(text);
  const document = TextDocument.create("file:///models/test.node", "contrax", 1, text);
  return { document, tree, compilation: compile(tree, source), source, files };
}

const traits = { snippets: true, insertReplace: true, markdown: true, commits: true };
const nothing = { report: () => null, repairs: () => ({ proved: [], unreachable: [] }) };
const builtins = [...keywords, ...properties, ...functions, ...constants, ...Object.keys(activations), slopeRestricted];
const naming = /\b(?:model|state|time|param|activation|layer|input|output)\s+$/;

/** The words of a text that are no new names, where they begin; comments, strings and numbers have none. */
function knownWords(text: string): { word: string; start: number }[] {
  const known = new Set([...builtins, "auto", "metric", "inf"]);
  const found: { word: string; start: number }[] = [];
  const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"|\^T\b|\d[\w.]*|([\p{L}_][\p{L}\p{N}_]*)/gu;
  for (const { index, 1: word } of text.matchAll(pattern)) {
    if (word === undefined) continue;
    if (naming.test(text.slice(0, index))) known.add(word);
    else if (known.has(word)) found.push({ word, start: index });
  }
  return found;
}

describe.each(samples)("%s, written from nothing", (name) => {
  const text = readFileSync(path.join(folder, name), "utf8");
  const words = knownWords(text);

  test("has words to look at", () => expect(words.length).toBeGreaterThan(8));

  test("whatever is written so far, there is an answer", () => {
    for (let end = 0; end <= text.length; end++) {
      const checked = checkedText(text.slice(0, end));
      expect(Array.isArray(completion(checked, end, traits)), text.slice(0, end)).toBe(true);
      listedFolder(checked, end);
      shapeHints(checked, { start: 0, end });
      hover(checked, end, nothing);
      hover(checked, Math.floor(end / 2), nothing);
    }
  }, 60_000);

  test("each next word that is known is offered, where what follows is not there yet", () => {
    for (const { word, start } of words) {
      const written = text.slice(0, start);
      const offered = completion(checkedText(written), start, traits).map(({ label }) => label);
      expect(offered, `${written}<|>${word}`).toContain(word);
    }
  });

  test("and where it is there, also from the middle of the word, which it would replace", () => {
    const checked = checkedText(text);
    for (const { word, start } of words) {
      for (const offset of [start, start + 1, start + word.length]) {
        const item = completion(checked, offset, traits).find(({ label }) => label === word);
        expect(item, `${text.slice(0, offset)}<|>${text.slice(offset, start + word.length)}`).toBeDefined();
        const edit = item!.textEdit as { insert: object; replace: object };
        const at = (from: number) => checked.document.positionAt(from);
        expect(edit.insert).toEqual({ start: at(start), end: at(offset) });
        expect(edit.replace).toEqual({ start: at(start), end: at(start + word.length) });
      }
    }
  });
});

test("a large literal before the cursor, whole or not, is skipped in time", () => {
  const row = Array.from({ length: 256 }, (_, i) => (i * 0.37 - 40).toFixed(4)).join(", ");
  const rows = new Array(256).fill(`[${row}]`).join(",\n");
  const head = `model M {\n  state x[256]\n  param A = [${rows}`;
  for (const text of [`${head}]\n  flow x' = A * `, `${head},\n[1, `, `${head}]\n  `]) {
    const checked = checkedText(text);
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      completion(checked, text.length, traits);
      hover(checked, head.length / 2, nothing);
      return performance.now() - start;
    });
    // The least of several, with room: the machine has other work.
    expect(Math.min(...times)).toBeLessThan(60);
  }
});
