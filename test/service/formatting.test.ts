import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TextEdit } from "vscode-languageserver-types";
import { parse } from "../../grammar/parse.ts";
import { format } from "../../grammar/print.ts";
import { formatting, lineFormatting, rangeFormatting } from "../../service/formatting.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { text as program, withoutPlaces } from "../grammar/programs.ts";
import { checked } from "./checked.ts";

function applied(text: string, edits: TextEdit[]): string {
  const { document } = checked(text);
  return applyEdits(
    text,
    edits.map(({ range, newText }) => ({
      span: { start: document.offsetAt(range.start), end: document.offsetAt(range.end) },
      text: newText,
    })),
  );
}

/** With the part from the first `«` to `»` formatted. */
function formatted(marked: string): string {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const text = marked.replace(/[«»]/g, "");
  return applied(text, rangeFormatting(checked(text), { start, end }));
}

describe("a range", () => {
  test("is formatted with the whole statements that it touches, and nothing else", () => {
    expect(formatted("model  M{\nstate  x[1]\n   param   A=«2 »* 3  \nflow  x'=A*x\n}")).toBe(
      "model  M{\nstate  x[1]\n  param A = 2 * 3\nflow  x'=A*x\n}",
    );
    expect(formatted("model  M{\nstate  x[1«]\n   param   A=2*3\nflow»  x'=A*x\n}")).toBe(
      "model  M{\n  state x[1]\n  param A = 2 * 3\n  flow  x' = A * x\n}",
    );
  });

  test("that begins where a statement ends does not touch it; an empty one touches what it stands at", () => {
    expect(formatted("model M {\nstate x[ 1 ]«\n»  flow   x'=-x\n}\n")).toBe(
      "model M {\nstate x[ 1 ]\n  flow   x'=-x\n}\n",
    );
    expect(formatted("model M {\nstate x[ «»1 ]\n  flow   x'=-x\n}\n")).toBe(
      "model M {\n  state x[1]\n  flow   x'=-x\n}\n",
    );
  });

  test("takes a statement to a line of its own", () => {
    expect(formatted("model M { state x[1] fl«»ow x'=-x }")).toBe("model M { state x[1]\n  flow  x' = -x }");
  });

  test("keeps comments, and formats those that it touches", () => {
    const text = "model M {\n      // «a\nstate x[1]   // b»\n/* c\n   d */ flow x'= -x\n}\n";
    expect(formatted(text)).toBe("model M {\n  // a\n  state x[1] // b\n/* c\n   d */ flow x'= -x\n}\n");
  });

  test("of Windows stays so", () => {
    expect(formatted("model M {\r\nstate x[ «»1 ]\r\nflow x'=-x\r\n}\r\n")).toBe(
      "model M {\r\n  state x[1]\r\nflow x'=-x\r\n}\r\n",
    );
  });

  test("may have line ends of both kinds", () => {
    const mixed = "model M {\n  state x[1]\r\n  flow  x' = -x\r\n}\r\n";
    expect(applied(mixed, formatting(checked(mixed)))).toBe(mixed.replaceAll("\r\n", "\n"));
  });

  test("of nothing but blanks changes nothing", () => {
    expect(formatted("model M {\n  \n «  \n » \n state x[1] }")).toBe("model M {\n  \n   \n  \n state x[1] }");
    expect(formatted("«»")).toBe("");
  });
});

const cut = fc.tuple(program, fc.nat(), fc.nat(), fc.nat());

test("the range of a whole document is the document's formatting (random programs)", () => {
  fc.assert(
    fc.property(program, ({ text }) => {
      if (parse(text).diagnostics.length > 0) return;
      const whole = { start: 0, end: text.length };
      expect(applied(text, rangeFormatting(checked(text), whole))).toBe(format(text));
      expect(applied(text, formatting(checked(text)))).toBe(format(text));
    }),
  );
});

test("the tree and the comments stay, whatever range of whatever text (random programs, cut off)", () => {
  const comments = (text: string) => text.match(/\/\/ c\d+\.|\/\* c\d+\./g);
  fc.assert(
    fc.property(cut, ([{ text: all }, length, a, b]) => {
      const text = all.slice(0, (length % (all.length + 1)) + (length % 3 === 0 ? all.length : 0));
      const [start, end] = [a, b].map((place) => place % (text.length + 1)).sort((one, other) => one - other);
      const after = applied(text, rangeFormatting(checked(text), { start, end }));
      expect(withoutPlaces(parse(after).models)).toEqual(withoutPlaces(parse(text).models));
      expect(parse(after).diagnostics.map(({ code }) => code)).toEqual(parse(text).diagnostics.map(({ code }) => code));
      expect(comments(after)).toEqual(comments(text));
    }),
    { numRuns: 300 },
  );
});

test("no range of the canonical layout changes anything", () => {
  fc.assert(
    fc.property(program, fc.nat(), fc.nat(), ({ text: written }, a, b) => {
      const text = format(written);
      if (text === null) return;
      const [start, end] = [a, b].map((place) => place % (text.length + 1)).sort((one, other) => one - other);
      expect(rangeFormatting(checked(text), { start, end })).toEqual([]);
      const { document, tree } = checked(text);
      const { line } = document.positionAt(start);
      const now = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
      // A line that is empty yet is indented for what will stand there.
      if (now.trim() !== "") expect(lineFormatting({ document, tree }, start)).toEqual([]);
    }),
  );
});

describe("a document with syntax errors", () => {
  const good = "model A{state x[1]\nflow x'=-x // kept\n}";
  const bad = "model B{state x[1\n   flow x'=-x }";

  test("is formatted but for the models that cannot be read", () => {
    const canonical = "model A {\n  state x[1]\n  flow  x' = -x // kept\n}";
    for (const text of [`${good}\n${bad}\n`, `${bad}\n${good}\n`]) {
      expect(applied(text, formatting(checked(text)))).toBe(text.replace(good, canonical));
    }
    const windows = `${bad}\n${good}\n`.replaceAll("\n", "\r\n");
    const wanted = `${bad}\n${canonical}\n`.replaceAll("\n", "\r\n");
    expect(applied(windows, formatting(checked(windows)))).toBe(wanted);
  });

  test("stays as it is where nothing can be read", () => {
    for (const text of [bad, "x = 1", "model", "/* model A{}", '"'])
      expect(formatting(checked(text)), text).toEqual([]);
  });
});

describe("while typing", () => {
  /** The line at the cursor as it is then. */
  const typed = (marked: string) => {
    const document = checked(marked);
    return applied(document.document.getText(), lineFormatting(document, document.offset));
  };
  const unchanged = (marked: string) => expect(typed(marked)).toBe(marked.replace("<|>", ""));

  test("a closing brace goes to the beginning of its line", () => {
    expect(typed("model M {\n  state x[1]\n  flow x' = -x\n  }<|>\n")).toBe(
      "model M {\n  state x[1]\n  flow x' = -x\n}\n",
    );
    unchanged("model M { state x[1] flow x' = -x }<|>");
  });

  test("a new line is indented: between statements, in brackets, outside of models", () => {
    expect(typed("model M {\n  state x[1]\n<|>flow x' = -x\n}\n")).toBe("model M {\n  state x[1]\n  flow x' = -x\n}\n");
    expect(typed("model M {\n  state x[1]\n<|>\n  flow x' = -x\n}\n")).toBe(
      "model M {\n  state x[1]\n  \n  flow x' = -x\n}\n",
    );
    expect(typed("model M {\n  param A = [\n  <|>[1, 2],\n[3, 4]\n  ]\n}\n")).toBe(
      "model M {\n  param A = [\n    [1, 2],\n[3, 4]\n  ]\n}\n",
    );
    expect(typed("model M {\n  state x[1]\n}\n  <|>\n")).toBe("model M {\n  state x[1]\n}\n\n");
    expect(typed("model M {\r\n  state x[1]\r\n<|>flow x' = -x\r\n}\r\n")).toContain("\r\n  flow");
  });

  test("nothing moves in broken text, in comments, on lines that are right, and where the layout has no line", () => {
    unchanged("model M {\n  state x[1\n<|>flow x' = -x\n}\n");
    unchanged("model M {\n  state x[1]\n  }<|>\n}\n");
    unchanged("model M { /* a\n<|>  b */\n  state x[1]\n}\n");
    unchanged("model M { /* a\n<|>\n  b */\n  state x[1]\n}\n");
    unchanged("model M {\n  state x[1]\n  <|>flow x' = -x\n}\n");
    unchanged("model M {\n  state x\n<|>[1]\n  flow x' = -x\n}\n");
    unchanged("model M {\n  param A = [1,\n<|>\n    2]\n}\n");
    unchanged("<|>");
  });

  test("nothing moves in a large literal, which would take long", () => {
    const row = (blanks: string) => `${blanks}[${Array.from({ length: 256 }, (_, i) => i / 7).join(", ")}]`;
    const text = `model M {\n  param A = [\n${Array.from({ length: 256 }, () => row("      ")).join(",\n")}\n  ]\n}\n`;
    const document = checked(text);
    const start = performance.now();
    expect(lineFormatting(document, text.length >> 1)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(50);
  });

  test("only blanks change, whatever the text", () => {
    fc.assert(
      fc.property(program, fc.nat(), ({ text }, place) => {
        const edits = lineFormatting(checked(text), place % (text.length + 1));
        expect(edits.length).toBeLessThanOrEqual(1);
        const after = applied(text, edits);
        expect(after.replace(/[ \t]/g, "")).toBe(text.replace(/[ \t]/g, ""));
        expect(withoutPlaces(parse(after).models)).toEqual(withoutPlaces(parse(text).models));
      }),
    );
  });
});
