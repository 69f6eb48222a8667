import fc from "fast-check";
import { expect, test } from "vitest";
import { readMessage } from "../../../client/preview/read-message.ts";
import { plainView } from "../../../service/preview/picture.ts";

test("what a page sends is taken as it is", () => {
  for (const message of [
    { kind: "ready" },
    { kind: "reset" },
    { kind: "reveal" },
    { kind: "choose", model: "M", choice: { view: plainView, repair: null } },
    { kind: "model", model: "M" },
    { kind: "lock", isLocked: true },
    { kind: "write", model: "M", version: 1, initial: [[1, 2]], spread: null, until: null },
    { kind: "save", name: "M-plane", ending: "png", content: Uint8Array.of(1) },
    { kind: "save", name: "M-plane", ending: "csv", content: "t\n1\n" },
    { kind: "copy", text: "t" },
  ]) {
    expect(readMessage(message)).toBe(message);
  }
});

test("anything else is none: no other file is named, nothing else is copied", () => {
  for (const message of [
    { kind: "save", name: "../../.bashrc", ending: "csv", content: "x" },
    { kind: "save", name: "a\\b", ending: "csv", content: "x" },
    { kind: "save", name: "a", ending: "exe", content: "x" },
    { kind: "save", name: "a", ending: "csv", content: { length: 1 } },
    { kind: "copy", text: { toString: () => "x" } },
    { kind: "choose", model: "M", choice: null },
    { kind: "model", model: null },
    { kind: "lock", isLocked: "true" },
    { kind: "eval", text: "x" },
  ]) {
    expect(readMessage(message)).toBeNull();
  }
  fc.assert(fc.property(fc.anything(), (value) => readMessage(value) === null));
});
