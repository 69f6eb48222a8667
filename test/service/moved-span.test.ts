import fc from "fast-check";
import { expect, test } from "vitest";
import { movedDiagnostic, movedSpan, textChange } from "../../service/moved-span.ts";

/** The span marked by `[` and `]` in `before`, moved to `after`: what it then holds. */
function moved(marked: string, after: string): string | null {
  const start = marked.indexOf("[");
  const end = marked.indexOf("]") - 1;
  const change = textChange(marked.replace("[", "").replace("]", ""), after);
  const span = change === null ? { start, end } : movedSpan({ start, end }, change);
  return span && after.slice(span.start, span.end);
}

test.each([
  ["text before it", "a [require] b", "xx a require b", "require"],
  ["text behind it", "a [require] b", "a require b c", "require"],
  ["text right before it", "a [require] b", "a xrequire b", "require"],
  ["text right behind it", "a [require] b", "a requirex b", "require"],
  ["text inside it", "a [require] b", "a reXXquire b", "reXXquire"],
  ["a part of it gone", "a [require] b", "a rere b", "rere"],
  ["its beginning replaced", "abc [require] b", "aXquire b", "quire"],
  ["its end replaced", "a [require] bcd", "a requX d", "requ"],
  ["all of it gone", "a [require] b", "a  b", null],
  ["nothing changed", "a [require] b", "a require b", "require"],
])("follows the text: %s", (_, marked, after, expected) => expect(moved(marked, after)).toBe(expected));

test("a change is what one text has and the other has not", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (before, after) => {
      const change = textChange(before, after);
      if (change === null) return before === after;
      const { start, oldEnd, newEnd } = change;
      return before.slice(0, start) + after.slice(start, newEnd) + before.slice(oldEnd) === after;
    }),
  );
});

test("a text outside of the change is found again where it went", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (head, tail, removed, added) => {
      const mark = "\u{1F600}mark";
      for (const [before, after] of [
        [head + mark + removed + tail, head + mark + added + tail],
        [head + removed + mark + tail, head + added + mark + tail],
      ]) {
        const change = textChange(before, after);
        if (change === null) continue;
        const start = before.indexOf(mark);
        const span = movedSpan({ start, end: start + mark.length }, change);
        // The change may be found elsewhere where texts repeat; the least it must do is to stay within the text.
        if (span !== null) expect(span.start >= 0 && span.end <= after.length && span.start <= span.end).toBe(true);
      }
    }),
  );
});

test("a diagnostic moves with its related places and loses fixes that would not fit", () => {
  const diagnostic = {
    code: "CX401",
    severity: "error" as const,
    message: "m",
    span: { start: 4, end: 6 },
    related: [
      { span: { start: 8, end: 9 }, message: "r" },
      { span: { start: 0, end: 1 }, message: "gone" },
    ],
    fixes: [{ title: "t", edits: [] }],
  };
  expect(movedDiagnostic(diagnostic, { start: 0, oldEnd: 2, newEnd: 5 })).toEqual({
    code: "CX401",
    severity: "error",
    message: "m",
    span: { start: 7, end: 9 },
    related: [{ span: { start: 11, end: 12 }, message: "r" }],
  });
});
