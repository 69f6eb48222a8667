import { expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { OpenDocument } from "../../server/open-document.ts";
import { MemoryHost } from "./memory-host.ts";

test("a position that is none has an offset in the text", () => {
  const document = TextDocument.create("file:///a.node", "contrax", 1, "model M {\n}\n");
  const open = new OpenDocument(document, new MemoryHost(), () => {});
  const offset = (line: unknown, character: unknown) => open.document.offsetAt({ line, character } as never);
  expect(offset(1, 1)).toBe(11);
  expect(offset(0.5, 3)).toBe(3);
  expect(offset(1, 0.5)).toBe(10);
  for (const wrong of [null, undefined, "x", Number.NaN, -1, {}]) expect(offset(wrong, wrong)).toBe(0);
  expect(offset(1e308, Number.POSITIVE_INFINITY)).toBe(12);
});
