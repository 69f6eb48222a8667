import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SymbolKind } from "vscode-languageserver-types";
import { fileSymbols, matchingSymbols } from "../../service/workspace-symbols.ts";
import { checked, spiral } from "./checked.ts";

const symbolsOf = (text: string) => {
  const { document, tree } = checked(text);
  return fileSymbols(document, tree);
};
const named = (name: string) => ({ name, kind: SymbolKind.Class, location: { uri: "file:///m.node" } }) as never;
const names = (all: string[], query: string) => matchingSymbols(all.map(named), query).map(({ name }) => name);

describe("the names of a file", () => {
  test("are its models and what they declare, each within its model, at its place", () => {
    expect(symbolsOf(spiral).map(({ name, containerName }) => [name, containerName])).toEqual([
      ["Spiral", undefined],
      ["x", "Spiral"],
      ["t", "Spiral"],
      ["A", "Spiral"],
      ["b", "Spiral"],
      ["act", "Spiral"],
      ["h", "Spiral"],
    ]);
    expect(symbolsOf(spiral)[3]).toMatchObject({
      kind: SymbolKind.Constant,
      location: { uri: "file:///models/test.node", range: { start: { line: 4, character: 8 } } },
    });
  });

  test("of a broken file are those that can be read", () => {
    for (let end = 0; end < spiral.length; end += 5) {
      for (const { name } of symbolsOf(spiral.slice(0, end))) expect(name).not.toBe("");
    }
    expect(symbolsOf("model { state x[2] } model M { param }").map(({ name }) => name)).toEqual(["M"]);
  });
});

describe("a query", () => {
  test("finds names by their letters in order, whatever their case, the nearest first", () => {
    expect(names(["Wide2", "W2", "w20", "b", "two"], "w2")).toEqual(["W2", "w20", "Wide2"]);
    expect(names(["weight", "wt"], "WT")).toEqual(["wt", "weight"]);
    expect(names(["a", "b"], "")).toEqual(["a", "b"]);
    expect(names(["aα", "β"], "α")).toEqual(["aα"]);
  });

  test("has no more answers than a list can show", () => {
    expect(
      names(
        Array.from({ length: 10_000 }, (_, i) => `p${i}`),
        "p",
      ),
    ).toHaveLength(500);
  });

  test("finds every name by any part of it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.boolean()), (name, kept) => {
        // Lower case may have other letters than the name: `İ` has two.
        fc.pre(name.toLowerCase().length === name.length && !/\s/.test(name));
        const query = [...name].filter((_, i) => kept[i]).join("");
        return names([name], query).length === 1;
      }),
    );
  });
});
