import { expect, test, vi } from "vitest";
import { tensorSource } from "../../weights/source.ts";
import { fixture, text } from "./fixtures.ts";

vi.mock("../../weights/limits.ts", () => ({ maxElements: 10, maxTextBytes: 20, maxMemberBytes: 150 }));

test("all tensors of a document together have a limit; one that is refused does not count", () => {
  const files = new Map([
    ["six.csv", text("1 2 3 4 5 6")],
    ["five.csv", text("1 2 3 4 5")],
    ["four.csv", text("1 2 3 4")],
    ["one.csv", text("1")],
  ]);
  const source = tensorSource(files);
  expect(source.tensor("five.csv", null)).toHaveProperty("shape");
  expect(source.tensor("six.csv", null)).toEqual({
    code: "CX308",
    message: '"six.csv": with its 6 elements the document loads more than 10',
  });
  expect(source.tensor("four.csv", null)).toHaveProperty("shape");
  // What is loaded already counts once.
  expect(source.tensor("four.csv", null)).toHaveProperty("shape");
  expect(source.tensor("one.csv", null)).toHaveProperty("shape");
});

test.each([
  ["deflated.npz", "A", fixture("deflated.npz"), "bytes long; at most 150 are read"],
  ["stored.npz", "A", fixture("stored.npz"), "bytes long; at most 150 are read"],
  ["f4-little.npy", null, fixture("f4-little.npy"), "it has the shape [2, 3, 4]; at most 10 elements are read"],
  ["types.json", null, text("[1, 2, 3, 4, 5, 6, 7]"), "it is 21 bytes of text; at most 20 are read"],
])("%s beyond a limit", (file, name, bytes, problem) => {
  const failure = tensorSource(new Map([[file, bytes]])).tensor(file, name);
  expect(failure).toMatchObject({ code: "CX308", message: expect.stringContaining(problem) });
});
