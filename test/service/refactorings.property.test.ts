import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { keepsMeaning, type Refactoring } from "../../service/refactorings/refactoring.ts";
import { refactorings } from "../../service/refactorings/refactorings.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { randomModel } from "../model/random-models.ts";
import { checked } from "./checked.ts";

const samples = new URL("../../samples/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, samples));
const files = Object.fromEntries(
  readdirSync(new URL("weights/", samples)).map((name) => [`weights/${name}`, read(`weights/${name}`)]),
);

/** Every refactoring that is offered anywhere in the document: each expression selected, the cursor in each and on each name. */
function all(document: ReturnType<typeof checked>): Refactoring[] {
  const found = new Map<string, Refactoring>();
  const look = (start: number, end: number) => {
    for (const one of refactorings(document, { start, end })) found.set(JSON.stringify(one), one);
  };
  for (const { statements } of document.tree.models) {
    for (const statement of statements) {
      if ("name" in statement) look(statement.name.span.start, statement.name.span.start);
      walkExpressions(expressionsOf(statement), ({ span }) => {
        look(span.start, span.end);
        look(span.start, span.start);
      });
    }
  }
  return [...found.values()];
}

function changesOf(document: ReturnType<typeof checked>) {
  return all(document).flatMap((one) => {
    if (one.change !== "edits") return [];
    const text = applyEdits(document.document.getText(), one.edits);
    return keepsMeaning(document, one.edits) ? [] : [`${one.title}\n${text}`];
  });
}

describe("refactorings leave the meaning as it is", () => {
  test.each(readdirSync(samples).filter((name) => name.endsWith(".node")))("in %s", (name) => {
    const document = checked(read(name).toString(), files);
    expect(document.compilation.models.length).toBeGreaterThan(0);
    expect(all(document).length).toBeGreaterThan(0);
    expect(changesOf(document)).toEqual([]);
  });

  test("in random models", () => {
    fc.assert(
      fc.property(fc.gen(), fc.boolean(), (g, timeDependent) => {
        const document = checked(randomModel(g, ["tanh", "relu", "leaky_relu(0.1)"].slice(0, 2), timeDependent));
        expect(changesOf(document)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
