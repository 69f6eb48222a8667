import { expect, test, vi } from "vitest";
import { tensorSource } from "../../weights/source.ts";
import { withTensors } from "../../weights/with-tensors.ts";
import { fixture, text } from "./fixtures.ts";

vi.mock("../../weights/limits.ts", () => ({ maxElements: 10, maxTextBytes: 20, maxMemberBytes: 140 }));

test("all tensors of a document together have a limit", () => {
  const files = new Map([
    ["six.csv", text("1 2 3 4 5 6")],
    ["four.csv", text("1 2 3 4")],
    ["one.csv", text("1")],
  ]);
  const source = tensorSource(files);
  expect(source.tensor("six.csv", null)).toHaveProperty("shape");
  // What is loaded already counts once.
  expect(source.tensor("six.csv", null)).toHaveProperty("shape");
  expect(source.tensor("four.csv", null)).toHaveProperty("shape");
  expect(source.tensor("one.csv", null)).toEqual({
    code: "CX308",
    message: '"one.csv": with its 1 elements the document loads more than 10',
  });
});

test("a tensor beyond the limit is not decoded", () => {
  const source = tensorSource(
    new Map([
      ["w.npz", fixture("damaged.npz")],
      ["seven.csv", text("1 2 3 4 5 6 7")],
    ]),
  );
  expect(source.tensor("seven.csv", null)).toHaveProperty("shape");
  // Decoding it would find the damage.
  expect(source.tensor("w.npz", "A")).toMatchObject({ code: "CX308" });
});

test.each([
  ["deflated.npz", "A", fixture("deflated.npz"), "bytes long; at most 140 are read"],
  ["stored.npz", "A", fixture("stored.npz"), "bytes long; at most 140 are read"],
  ["f4-little.npy", null, fixture("f4-little.npy"), "it has the shape [2, 3, 4]; at most 10 elements are read"],
  ["types.json", null, text("[1, 2, 3, 4, 5, 6, 7]"), "it is 21 bytes of text; at most 20 are read"],
])("%s beyond a limit", (file, name, bytes, problem) => {
  const failure = tensorSource(new Map([[file, bytes]])).tensor(file, name);
  expect(failure).toMatchObject({ code: "CX308", message: expect.stringContaining(problem) });
});

test("a text that would grow beyond the limit is not written", () => {
  expect(withTensors("w.csv", text("1, 2, 3"), new Map([[null, Float64Array.of(1 / 3, 2, 3)]]))).toEqual({
    code: "CX308",
    message: '"w.csv": with the changed numbers it is 24 bytes of text; at most 20 are read',
  });
});
