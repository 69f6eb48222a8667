import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DocumentHighlightKind, type Range, type TextEdit } from "vscode-languageserver-types";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import { fingerprint } from "../../model/fingerprint.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { definition } from "../../service/definition.ts";
import { documentHighlights, references } from "../../service/references.ts";
import { prepareRename, rename } from "../../service/rename.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { text as program, withoutPlaces } from "../grammar/programs.ts";
import { checked } from "./checked.ts";

/** Every kind of name, in every kind of place. */
const all = `model Net {
  state x[n]
  time t in [0, T]
  input u[2] in [lo, 1]
  param n = 2
  param T = 1
  param lo = -1
  param i = 1
  param A: [n, n] = cos(t) * eye(n)
  param P = eye(n)
  param s = 0.5
  activation act = leaky_relu(s)
  layer h = act(A * x[i..n] + x ^ 1)
  flow x' = A^T * h - x
  domain x in [lo, 1]
  encode x = P * u
  output y = P * x
  require lognorm(2, metric: P) <= s
  require step(2, s) <= 1
  simulate from [s, lo] spread s until T
}
`;

/** The lines (from 1) and columns (from 1) of ranges. */
const places = (ranges: readonly Range[]) =>
  ranges.map(({ start }) => `${start.line + 1}:${start.character + 1}`).join(" ");

const put = (text: string, place: string) => {
  expect(text).toContain(place.replace("<|>", ""));
  return text.replace(place.replace("<|>", ""), () => place);
};

const target = (marked: string) => {
  const document = checked(marked);
  return definition(document, document.offset, (file) => `file:///models/${file}`);
};

describe("every name of a model", () => {
  // Name, where it is declared, where it is used: written down by hand from the text above.
  const table: readonly [name: string, place: string, declaration: string, uses: string][] = [
    ["state", "flow <|>x'", "2:9", "13:21 13:31 14:8 14:23 15:10 16:10 17:18"],
    ["time", "cos(<|>t)", "3:8", "9:25"],
    ["input", "P * <|>u", "4:9", "16:18"],
    ["size", "[<|>n, n]", "5:9", "2:11 9:13 9:16 9:34 10:17 13:26"],
    ["end of time", "until T<|>", "6:9", "3:17 20:40"],
    ["bound", "domain x in [<|>lo", "7:9", "4:18 15:16 20:21"],
    ["index", "x[<|>i..", "8:9", "13:23"],
    ["matrix", "act(<|>A *", "9:9", "13:17 14:13"],
    ["metric", "metric: P<|>)", "10:9", "16:14 17:14 18:30"],
    ["scalar", "leaky_relu(<|>s", "11:9", "12:31 18:36 19:19 20:18 20:32"],
    ["activation", "layer h = a<|>ct(", "12:14", "13:13"],
    ["layer", "* <|>h -", "13:9", "14:19"],
    ["output", "output <|>y", "17:10", ""],
    ["model", "model <|>Net", "1:7", ""],
  ];

  test.each(table)("%s: definition, references, highlights", (_, place, declaration, uses) => {
    const document = checked(put(all, place));
    const [link] = definition(document, document.offset, () => null);
    expect(places([link.targetSelectionRange])).toBe(declaration);
    expect(link.targetUri).toBe("file:///models/test.node");
    expect(places(references(document, document.offset, false).map(({ range }) => range))).toBe(uses);
    const everywhere = references(document, document.offset, true).map(({ range }) => range);
    expect(places(everywhere).split(" ").sort()).toEqual([declaration, ...uses.split(" ")].filter(Boolean).sort());
    const highlights = documentHighlights(document, document.offset)!;
    expect(highlights.map(({ range }) => range)).toEqual(everywhere);
    for (const { range, kind } of highlights) {
      const isDeclaration = places([range]) === declaration;
      expect(kind).toBe(isDeclaration ? DocumentHighlightKind.Write : DocumentHighlightKind.Read);
    }
  });

  test("the definition's whole is the statement", () => {
    const [link] = target(put(all, "act(<|>A *"));
    const { targetRange: range } = link;
    expect([range.start.line, range.start.character, range.end.character]).toEqual([8, 2, 35]);
  });
});

test.each([
  ["a number", put(all, "time t in [<|>0")],
  ["a keyword", put(all, "fl<|>ow")],
  ["a built-in", put(all, "<|>eye")],
  ["a transpose", put(all, "A^<|>T")],
  ["a comment", "model M { state x[1] // <|>x\n flow x' = -x }"],
  ["nothing", "<|>"],
])("%s has no definition, no references, no highlights", (_, marked) => {
  const document = checked(marked);
  expect(definition(document, document.offset, () => null)).toEqual([]);
  expect(references(document, document.offset, true)).toEqual([]);
  expect(documentHighlights(document, document.offset)).toBeNull();
});

describe("a weight file", () => {
  const model = 'model M { state x[1] param A = load("a b.npz", "W") flow x\' = A * x }';

  test.each(["load(<|>", 'load("a<|>', 'load("a b.npz"<|>', 'load("a b.npz", "W<|>'])("is opened from %s", (place) => {
    expect(target(put(model, place))).toMatchObject([
      { targetUri: "file:///models/a b.npz", targetRange: { start: { line: 0, character: 0 } } },
    ]);
  });

  test("is opened although its tensor is not yet written, and not where the document is in no folder", () => {
    expect(target('model M { param A = load("w.npy<|>", }')).toMatchObject([{ targetUri: "file:///models/w.npy" }]);
    const document = checked(put(model, "load(<|>"));
    expect(definition(document, document.offset, () => null)).toEqual([]);
    expect(target(put(model, "<|>load("))).toEqual([]);
  });
});

describe("in broken documents", () => {
  test.each([
    ["without an end", "model M {\n state x[2]\n param A = eye(2)\n flow x' = <|>A * x"],
    ["without braces", "model M\n state x[2]\n param A = eye(2)\n flow x' = <|>A * x"],
    ["with an operand missing", "model M {\n state x[2]\n param A = eye(2)\n flow x' = A * <|>A + * (x\n}"],
    ["with an error before", "model M {\n state x[\n param A = eye(2)\n layer h = relu(<|>A * x\n}"],
  ])("names are found %s", (_, marked) => {
    expect(places(target(marked).map(({ targetSelectionRange }) => targetSelectionRange))).toBe("3:8");
  });

  test("a name that is declared twice is defined by the first, and written at both", () => {
    const document = checked("model M {\n param A = 1\n param <|>A = 2\n param b = A\n}");
    expect(places(target("model M {\n param A = 1\n param <|>A = 2\n}").map((l) => l.targetSelectionRange))).toBe(
      "2:8",
    );
    expect(documentHighlights(document, document.offset)!.map(({ kind }) => kind)).toEqual([3, 3, 2]);
  });

  test("any place of any beginning is answered", () => {
    for (let end = 0; end <= all.length; end += 3) {
      const document = checked(all.slice(0, end));
      for (const offset of [0, end >> 1, end]) {
        definition(document, offset, () => null);
        references(document, offset, true);
        prepareRename(document, offset);
      }
    }
  });
});

function renamed(marked: string, name: string): string {
  const document = checked(marked);
  return applied(document, rename(document, document.offset, name));
}

function applied({ document }: CheckedDocument, edits: TextEdit[] | { refused: string }): string {
  if ("refused" in edits) return `refused: ${edits.refused}`;
  const spans = edits.map(({ range, newText: text }) => ({
    span: { start: document.offsetAt(range.start), end: document.offsetAt(range.end) },
    text,
  }));
  return applyEdits(document.getText(), spans);
}

describe("rename", () => {
  test("changes every place, whichever of them is asked about", () => {
    const small = "model M { state x[1] param A = 2 flow x' = A * x + sin(1) * A * x }";
    const after = small.replaceAll("A", "weight");
    expect(renamed(put(small, "param <|>A"), "weight")).toBe(after);
    expect(renamed(put(small, "= A<|> *"), "weight")).toBe(after);
    expect(renamed(put(small, "<|>x'"), "θ")).toBe(small.replaceAll("x", "θ"));
    expect(renamed(put(small, "model <|>M"), "Net_2")).toBe(small.replace("model M", "model Net_2"));
  });

  test("is prepared with the name under the cursor", () => {
    const document = checked(put(all, "act(<|>A"));
    expect(prepareRename(document, document.offset)).toEqual({
      range: { start: { line: 12, character: 16 }, end: { line: 12, character: 17 } },
      placeholder: "A",
    });
  });

  test("to the same name changes nothing", () => {
    expect(renamed(put(all, "act(<|>A"), "A")).toBe(all);
  });

  test("writes the normal form C, and finds names in any form", () => {
    const decomposed = "e\u0301";
    const text = `model M { state x[1] param ${decomposed} = 2 flow x' = -<|>\u00e9 * x }`;
    expect(renamed(text, `u\u0308`)).toBe("model M { state x[1] param \u00fc = 2 flow x' = -\u00fc * x }");
  });

  test("to T makes no transpose of a power", () => {
    const text = "model M { state x[1] param <|>k = 2 flow x' = -2^k * x }";
    expect(renamed(text, "T")).toBe("model M { state x[1] param T = 2 flow x' = -2^ T * x }");
  });

  test("of a name that is declared again parts it from the first", () => {
    const text = "model M { param A = 1 param <|>A = 2 param b = A }";
    expect(renamed(text, "B")).toBe("model M { param A = 1 param B = 2 param b = A }");
  });

  test("gives a name to what a keyword was used for", () => {
    expect(renamed("model M { state x[1] param <|>time = 2 flow x' = -time * x }", "k")).not.toContain("time");
  });

  test.each([
    ["param <|>P", "layer", "`layer` is a word of the language and cannot be a name"],
    ["param <|>P", "inf", "`inf` is a word of the language and cannot be a name"],
    ["param <|>P", "model", "`model` is a word of the language and cannot be a name"],
    ["param <|>P", "2x", "`2x` is not a name"],
    ["param <|>P", "", "`` is not a name"],
    ["param <|>P", "a b", "`a b` is not a name"],
    ["param <|>P", "a-b", "`a-b` is not a name"],
    ["param <|>P", "x\u20d7", "is not a name"],
    ["param <|>P", "relu", "`relu` is an activation of the language"],
    ["param <|>P", "slope_restricted", "is an activation of the language"],
    ["param <|>P", "eye", "`eye` is a function of the language"],
    ["param <|>P", "pi", "`pi` is a constant of the language"],
    ["param <|>P", "lognorm", "`lognorm` is a property of the language"],
    ["param <|>P", "auto", "`auto` is a word of requirements of the language"],
    ["param <|>P", "x", "`x` is declared already, as the state"],
    ["param <|>P", "act", "`act` is declared already, as an activation"],
    ["model <|>Net", "simulate", "`simulate` is a word of the language"],
    ["model <|>Net", "Other", "there is a model `Other` already"],
  ])("of %s to %s is refused", (place, name, why) => {
    expect(renamed(put(`${all}\nmodel Other { state x[1] flow x' = -x }`, place), name)).toContain(`refused: `);
    expect(renamed(put(`${all}\nmodel Other { state x[1] flow x' = -x }`, place), name)).toContain(why);
  });

  test("may take a name of another model, and a model that of a param", () => {
    const two = "model M { param A = 1 }\nmodel N { param <|>B = 2 }";
    expect(renamed(two, "A")).toContain("model N { param A = 2 }");
    expect(renamed("model <|>M { param A = 1 }", "A")).toBe("model A { param A = 1 }");
  });

  test.each([
    ["req<|>uire", "`require` is a word of the language"],
    ["lo<|>gnorm", "`lognorm` is a property of the language"],
    ["<|>leaky_relu", "`leaky_relu` is an activation of the language"],
    ["e<|>ye(", "`eye` is a function of the language"],
    ["<|>metric", "`metric` is a word of requirements"],
    ["= <|>0.5", "there is no name here"],
    [" <|>* h", "there is no name here"],
  ])("at %s is refused", (place, why) => {
    const document = checked(put(all, place));
    const answer = prepareRename(document, document.offset);
    expect(answer).toHaveProperty("refused", expect.stringContaining(why));
  });

  test("of what is not declared, and in comments, is refused", () => {
    const unknown = checked("model M { state x[1] flow x' = <|>y }");
    expect(prepareRename(unknown, unknown.offset)).toHaveProperty(
      "refused",
      expect.stringContaining("`y` is declared"),
    );
    const comment = checked("model M { state x[1] flow x' = x // la<|>yer\n }");
    expect(prepareRename(comment, comment.offset)).toHaveProperty("refused", expect.stringContaining("no name here"));
  });
});

/** A name that no program here has. */
const fresh = "renamed_name";

describe("what a rename keeps", () => {
  test("the tree, but for the name (random programs)", () => {
    fc.assert(
      fc.property(program, fc.nat(), ({ text }, choice) => {
        const tree = parse(text);
        if (tree.diagnostics.length > 0) return;
        const compilation = compile(tree, { entries: () => [], tensor: () => null as never });
        const all = compilation.symbols.flatMap(({ symbols }) => symbols);
        if (all.length === 0) return;
        const symbol = all[choice % all.length];
        // Its other declaration would be parted from it.
        if (symbol.repeats.length > 0) return;
        const document = { ...checked(text), compilation, tree };
        const after = applied(document, rename(document, symbol.nameSpan.start, fresh));
        const back = (node: unknown) => JSON.parse(JSON.stringify(withoutPlaces(node)).replaceAll(fresh, symbol.name));
        const read = parse(after);
        expect(read.diagnostics).toEqual([]);
        expect(back(read.models)).toEqual(back(tree.models));
        // No reference is left behind: the same mistakes as before.
        const again = checked(after);
        expect(again.compilation.diagnostics.length).toBe(compilation.diagnostics.length);
      }),
      { numRuns: 300 },
    );
  });

  test("the meaning: the fingerprint without names (a model with every kind of name)", () => {
    const meaning = (text: string) => {
      const { compilation } = checked(text);
      expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      return compilation.models.map((model) => fingerprint(nameless(model)));
    };
    const source = all.replace("x[i..n] + x ^ 1", "x[i..n]").replace("cos(t) * eye(n)", "2 * eye(n)");
    for (const { nameSpan, name } of checked(source).compilation.symbols[0].symbols) {
      const document = checked(source);
      const after = applied(document, rename(document, nameSpan.start, "θ_2"));
      expect(after, name).not.toBe(source);
      expect(meaning(after), name).toEqual(meaning(source));
    }
  });
});

function nameless(model: Model): Model {
  return {
    ...model,
    name: "",
    stateName: "",
    time: { ...model.time, name: "" },
    layers: model.layers.map((layer) => ({ ...layer, name: "", weight: null })),
    requirements: model.requirements.map((requirement) => ({ ...requirement, text: "" })),
    classifier: model.classifier && { ...model.classifier, inputName: "", outputName: "" },
  };
}
