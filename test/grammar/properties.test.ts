import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/parse.ts";
import { format } from "../../grammar/print.ts";
import { text, withoutPlaces } from "./programs.ts";

describe("any program", () => {
  it("has the tree that the table of precedence gives it", () => {
    fc.assert(
      fc.property(text, ({ text, tree }) => {
        const parsed = parse(text);
        expect(parsed.diagnostics).toEqual([]);
        expect(withoutPlaces(parsed.models)).toEqual(tree);
      }),
      { numRuns: 150 },
    );
  });

  it("means the same after formatting, and formatting twice changes nothing more", () => {
    fc.assert(
      fc.property(text, ({ text, tree, comments }) => {
        const once = format(text)!;
        expect(withoutPlaces(parse(once).models)).toEqual(tree);
        expect(format(once)).toBe(once);
        for (const comment of comments) expect(once.replaceAll("\r\n", "\n").split(comment)).toHaveLength(2);
      }),
      { numRuns: 150 },
    );
  });

  it("has a place for each node that holds the places inside it", () => {
    const check = (node: unknown, within: { start: number; end: number }): void => {
      if (Array.isArray(node)) for (const part of node) check(part, within);
      else if (node !== null && typeof node === "object" && !ArrayBuffer.isView(node)) {
        const { span = within, ...parts } = node as { span?: { start: number; end: number } };
        expect(span.start).toBeGreaterThanOrEqual(within.start);
        expect(span.end).toBeLessThanOrEqual(within.end);
        expect(span.start).toBeLessThan(span.end);
        for (const [key, part] of Object.entries(parts)) if (key !== "operatorSpan") check(part, span);
      }
    };
    fc.assert(
      fc.property(text, ({ text }) => check(parse(text).models, { start: 0, end: text.length })),
      { numRuns: 100 },
    );
  });
});
