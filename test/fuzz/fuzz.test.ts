import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { tryDocument } from "./documents.ts";
import { checkPlaces } from "./invariants.ts";
import { originals } from "./originals.ts";
import { tryMessages } from "./sessions.ts";

/** `npm run fuzz` tries 100,000. */
const documents = 1500;
const messages = 500;

const known = originals();

test("documents changed by chance are handled by every language feature", () => {
  for (let seed = 1; seed <= documents; seed++) expect(tryDocument(seed, known)).toBeNull();
}, 120_000);

test("messages changed by chance are answered, and the server stays well", async () => {
  expect(await tryMessages(1, messages, known.texts)).toBeNull();
}, 120_000);

describe("a wrong answer is noticed:", () => {
  const document = TextDocument.create("file:///a.node", "contrax", 1, "model M\r\n{ }");
  const at = (line: number, character: number) => ({ line, character });
  const edit = (from: number, to: number) => ({ range: { start: at(0, from), end: at(0, to) }, newText: "" });
  test.each([
    ["behind the line", { range: { start: at(0, 0), end: at(0, 9) } }],
    ["behind the document", [{ start: at(2, 0), end: at(2, 0) }]],
    ["negative", { start: at(0, -1), end: at(0, 1) }],
    ["no number", { start: at(0, Number.NaN), end: at(0, 1) }],
    ["backwards", { selectionRange: { start: at(0, 3), end: at(0, 1) } }],
    ["edits that overlap", [edit(0, 3), edit(2, 4)]],
  ])("%s", (_, answer) => {
    expect(() => checkPlaces(document, answer)).toThrow();
  });
  test("and a right one is not", () => {
    checkPlaces(document, [{ changes: { a: [edit(0, 3), edit(3, 4)] } }, { start: at(1, 3), end: at(1, 3) }, null, 5]);
  });
});
