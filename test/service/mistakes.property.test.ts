import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { fixAllEdits } from "../../service/mistakes/fix-all.ts";
import { fixesFor, type OfferedFix } from "../../service/mistakes/mistakes.ts";
import { Trials } from "../../service/mistakes/trial.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { checked } from "./checked.ts";

const samples = new URL("../../samples/", import.meta.url);
const names = readdirSync(samples).filter((name) => name.endsWith(".node"));
/** Those without weight files, so that a check takes a millisecond. */
const texts = names.map((name) => readFileSync(new URL(name, samples), "utf8")).filter((text) => !/load\(/.test(text));

const token =
  /\/\/[^\n]*|[\p{L}_][\p{L}\p{N}_]*|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|"[^"\n]*"|<=|\.\.|\.\*|\^T|\S/gu;

/** Models of several samples in one document, sometimes with one name. */
const several = fc.array(fc.constantFrom(...texts), { minLength: 2, maxLength: 3 }).map((all) => all.join("\n"));

/** A sample with one token, or a few, left out, doubled, misspelt, exchanged for others or for those of another place. */
const mutated = fc
  .record({
    text: fc.oneof(fc.constantFrom(...texts), several),
    changes: fc.array(fc.record({ at: fc.nat(), kind: fc.nat(5), other: fc.nat() }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ text, changes }) =>
    changes.reduce((now, { at, kind, other }) => {
      const tokens = [...now.matchAll(token)].filter(([written]) => !written.startsWith("//"));
      const { index, 0: written } = tokens[at % tokens.length];
      const [another] = tokens[other % tokens.length];
      const swapped = written.length > 1 ? written[1] + written[0] + written.slice(2) : `${written}${written}`;
      const instead = ["", `${written} ${written}`, swapped, another, `${written} ${another}`, written.slice(0, -1)][
        kind
      ];
      return now.slice(0, index) + instead + now.slice(index + written.length);
    }, text),
  );

function look(text: string) {
  const document = checked(text);
  const diagnostics: Diagnostic[] = [...document.tree.diagnostics, ...document.compilation.diagnostics];
  return { document, diagnostics, errors: diagnostics.filter(({ severity }) => severity === "error").length };
}

/** Steps: each preferred fix takes away at least one mistake. */
function mendAll(text: string): void {
  let now = look(text);
  for (;;) {
    const trials = new Trials(now.document);
    const offered = now.diagnostics.slice(0, 8).flatMap((diagnostic) => fixesFor(diagnostic, trials));
    for (const { edits, title } of offered) {
      const { errors } = look(applyEdits(now.document.document.getText(), edits));
      expect(errors, title).toBeLessThanOrEqual(now.errors);
      // What does not change is not checked again, and is counted all the same.
      expect(trials.outcome(edits)?.errors, title).toBe(errors);
    }
    const next = offered.find((fix: OfferedFix) => fix.isPreferred);
    if (next === undefined) return;
    const after = look(applyEdits(now.document.document.getText(), next.edits));
    expect(after.errors, next.title).toBeLessThan(now.errors);
    now = after;
  }
}

test("preferred fixes, one after the other, take every time mistakes away and add none; no other adds one", () => {
  fc.assert(fc.property(mutated, mendAll), { numRuns: 300 });
});

test("fixing all takes mistakes away and comes to an end", () => {
  const fixAll = (text: string) => {
    let now = look(text);
    for (let edits = fixAllEdits(now.document); edits.length > 0; edits = fixAllEdits(now.document)) {
      const after = look(applyEdits(now.document.document.getText(), edits));
      expect(after.errors).toBeLessThan(now.errors);
      now = after;
    }
  };
  fc.assert(fc.property(mutated, fixAll), { numRuns: 300 });
});

test("half a document, cut anywhere, is no harder", () => {
  const half = fc.record({ text: fc.constantFrom(...texts), end: fc.nat() });
  fc.assert(
    fc.property(half, ({ text, end }) => mendAll(text.slice(0, end % text.length))),
    { numRuns: 150 },
  );
});
