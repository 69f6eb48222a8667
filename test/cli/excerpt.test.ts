import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { excerpt } from "../../cli/excerpt.ts";
import { printable, width } from "../../cli/terminal-text.ts";

/** The excerpt of what stands between « and » in the text. */
function marked(text: string) {
  const start = text.indexOf("«");
  const end = text.indexOf("»") - 1;
  const document = TextDocument.create("", "contrax", 0, text.replace(/[«»]/g, ""));
  const shown = excerpt(document, "a.node", { start, end }, "^");
  return { ...shown, lines: `${shown.source}\n${shown.marks}` };
}

describe("an excerpt", () => {
  test("marks what it is about, places counted from 1", () => {
    const shown = marked("model M {\n  state «x»[2]\n}");
    expect(shown.place).toBe("a.node:2:9");
    expect(shown.lineNumber).toBe("2");
    expect(shown.lines).toBe("  state x[2]\n        ^");
  });

  test("takes CRLF for one line's end and does not print it", () => {
    expect(marked("model M {\r\n  flow «x'» = h\r\n}\r\n").lines).toBe("  flow x' = h\n       ^^");
  });

  test("opens tabs, in the line and in what is marked", () => {
    expect(marked("\tstate\t«x\t[»2]").lines).toBe("    state    x    [2]\n             ^^^^^^");
  });

  test("gives wide characters their two cells and combining marks none", () => {
    expect(marked("/* 神経 */ «x̂»[2]").lines).toBe("/* 神経 */ x̂[2]\n           ^");
    expect(marked("// 🧠 «bad»").lines).toBe("// 🧠 bad\n      ^^^");
    expect(marked("«神経»").lines).toBe("神経\n^^^^");
  });

  test("marks a place where something is missing, at the line's end too", () => {
    expect(marked("param A =«»\nflow").lines).toBe("param A =\n         ^");
    expect(marked("«»").lines).toBe("\n^");
  });

  test("of several lines shows the first and says where it ends", () => {
    expect(marked("a «b\nc\nd» e").lines).toBe("a b\n  ^ (to line 3)");
  });

  test("cuts long lines around the place", () => {
    const shown = marked(`param A = [${"0, ".repeat(500)}«bad»${", 0".repeat(500)}]`);
    expect(width(shown.source)).toBeLessThanOrEqual(101);
    expect(shown.source).toMatch(/^….*bad.*…$/);
    expect(shown.marks.trimStart()).toBe("^^^");
    expect(shown.source.indexOf("bad")).toBe(shown.marks.indexOf("^"));
    expect(shown.place).toBe("a.node:1:1512");
  });

  test("never prints what steers a terminal", () => {
    const shown = marked("\u001b[31m «x»\u202e\u0007");
    expect(shown.source).toBe("\ufffd[31m x\ufffd\ufffd");
    expect(shown.marks).toBe("      ^");
    expect(printable("a\nb\u009b\u2066c")).toBe("a\ufffdb\ufffd\ufffdc");
  });
});
