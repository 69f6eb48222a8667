import { describe, expect, test } from "vitest";
import { fileMove, movedFileName } from "../../service/refactorings/move-to-file.ts";
import { keepsMeaning } from "../../service/refactorings/refactoring.ts";
import { refactorings } from "../../service/refactorings/refactorings.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { checked } from "./checked.ts";

/** What is offered at the cursor, or for what stands between two of them, each with the text after it. */
function offers(marked: string, files: Record<string, string | Uint8Array> = {}) {
  const [before, selection, behind] = marked.split("<|>");
  const start = before.length;
  const end = behind === undefined ? start : start + selection.length;
  const document = checked(marked.replaceAll("<|>", ""), files);
  expect(document.compilation.models).toHaveLength(1);
  return refactorings(document, { start, end }).map((one) => ({
    ...one,
    after: one.change === "edits" ? applyEdits(document.document.getText(), one.edits) : null,
    keeps: one.change === "edits" && keepsMeaning(document, one.edits),
    document,
  }));
}

const titled = (all: ReturnType<typeof offers>, title: string | RegExp) => {
  const found = all.find((one) => (typeof title === "string" ? one.title === title : title.test(one.title)));
  expect(found, all.map((one) => one.title).join()).toBeDefined();
  return found!;
};

const model = (...statements: string[]) => `model M {\n${statements.map((one) => `  ${one}\n`).join("")}}\n`;

type Case = readonly [title: string, kind: string, before: readonly string[], after: readonly string[]];

const cases: readonly Case[] = [
  [
    "Extract param W = [[-1, 0.5], [0, -1]]",
    "refactor.extract",
    ["state x[2]", "// The field.", "flow x' = <|>[[-1, 0.5],\n    [0, -1]]<|> * x"],
    ["state x[2]", "// The field.", "param W = [[-1, 0.5],\n    [0, -1]]", "flow x' = W * x"],
  ],
  [
    "Extract param c = exp(-1) / 2",
    "refactor.extract",
    ["state x[1]", "flow x' = -(<|> exp(-1) / 2 <|>) * x"],
    ["state x[1]", "param c = exp(-1) / 2", "flow x' = -( c ) * x"],
  ],
  [
    "Extract param c = cos(t), in all 2 places",
    "refactor.extract",
    ["state x[2]", "time t in [0, 1]", "param R = [<|>cos(t)<|>, 1]", "flow x' = cos( t ) * x + R"],
    ["state x[2]", "time t in [0, 1]", "param c = cos(t)", "param R = [c, 1]", "flow x' = c * x + R"],
  ],
  [
    "Extract param k = 0.5",
    "refactor.extract",
    ["state x[1]", "param k2 = 2", "flow x' = -k2 * x", "require lognorm(2) <= <|>0.5<|>"],
    ["state x[1]", "param k2 = 2", "flow x' = -k2 * x", "param k = 0.5", "require lognorm(2) <= k"],
  ],
  [
    "Extract layer h = tanh(x)",
    "refactor.extract",
    ["state x[1]", "layer g = relu(2 * ta<|>nh(x))", "flow x' = g - x"],
    ["state x[1]", "layer h = tanh(x)", "layer g = relu(2 * h)", "flow x' = g - x"],
  ],
  [
    "Extract layer h2 = 2 * h",
    "refactor.extract",
    ["state x[1]", "layer h = tanh(x)", "flow x' = relu(<|>2 * h<|>) - x"],
    ["state x[1]", "layer h = tanh(x)", "layer h2 = 2 * h", "flow x' = relu(h2) - x"],
  ],
  [
    "Inline param k, in 2 places",
    "refactor.inline",
    ["state x[1]", "param <|>k = 1 - 3 // the rate", "flow x' = k * x + tanh(k * x)"],
    ["state x[1]", "flow x' = (1 - 3) * x + tanh((1 - 3) * x)"],
  ],
  [
    "Inline param k",
    "refactor.inline",
    ["state x[1]", "param T = 2", "param <|>k = T", "flow x' = 3^k * x"],
    ["state x[1]", "param T = 2", "flow x' = 3^ T * x"],
  ],
  [
    "Inline layer h",
    "refactor.inline",
    ["state x[1]", "layer h = tanh(x)", "flow x' = <|>h - x"],
    ["state x[1]", "flow x' = tanh(x) - x"],
  ],
  [
    "Write it as -0.5 * eye(3)",
    "refactor.rewrite",
    ["state x[3]", "flow x' = <|>[[-0.5, 0, 0], [0, -0.5, 0], [0, 0, -0.5]] * x"],
    ["state x[3]", "flow x' = (-0.5 * eye(3)) * x"],
  ],
  [
    "Write it as diag([1, 2])",
    "refactor.rewrite",
    ["state x[2]", "param <|>A = [[1, 0], [0, 2]]", "flow x' = -A * x"],
    ["state x[2]", "param A = diag([1, 2])", "flow x' = -A * x"],
  ],
];

describe("a refactoring", () => {
  test.each(cases)("%s", (title, kind, before, after) => {
    const found = titled(offers(model(...before)), title);
    expect(found.kind).toBe(kind);
    expect(found.after).toBe(model(...after));
    expect(found.keeps).toBe(true);
  });

  test.each([
    ["half an expression", "flow x' = -2 * <|>x + 3<|> * x"],
    ["what is all of a statement", "layer h = <|>tanh(x)<|> flow x' = h"],
    ["a row of a matrix", "param A = [<|>[1]<|>, [1]] flow x' = A^T * (A * x)"],
    ["a name", "param k = 2 flow x' = <|>k<|> * x"],
  ])("is none of %s", (_, statements) => {
    const all = offers(model("state x[1]", statements));
    expect(all.filter(({ kind, change }) => kind === "refactor.extract" && change === "edits")).toEqual([]);
  });

  test("does not make two layers of one", () => {
    const found = titled(offers(model("state x[1]", "layer <|>h = tanh(x)", "flow x' = h - 2 * h")), "Inline layer h");
    expect(found).toMatchObject({ change: "none", reason: expect.stringContaining("used in 2 places") });
  });

  test("is none in a model with mistakes", () => {
    const document = checked(model("state x[1]", "param k = 2", "flow x' = -k * y"));
    expect(refactorings(document, { start: 31, end: 31 })).toEqual([]);
  });

  test("keeps Windows line ends", () => {
    const marked = model("state x[1]", "flow x' = (<|>2 + 1<|>) * x");
    const found = titled(offers(marked.replaceAll("\n", "\r\n")), /^Extract param/);
    expect(found.after).toContain("  param c = 2 + 1\r\n  flow x' = (c) * x\r\n");
  });
});

describe("a literal and a weight file", () => {
  const literal = "[[-0.1, 2, 1e-300], [0.30000000000000004, -0, 5e-324]]";
  const text = model("state x[3]", `param A = ${literal}`, "flow x' = A^T * (A * x)");

  test("change places, and every double stays what it is", () => {
    const found = titled(offers(text.replace("param A", "param <|>A")), "Move A, [2, 3], to a weight file");
    if (found.change !== "file") throw new Error("no file");
    const { edits, bytes } = fileMove(found.document, found.moved, "m.A.safetensors")!;
    const loading = applyEdits(text, edits);
    expect(loading).toBe(text.replace(literal, 'load("m.A.safetensors", "A")'));
    const back = offers(loading.replace("param A", "param <|>A"), { "m.A.safetensors": bytes });
    const inline = titled(back, "Write A of m.A.safetensors, [2, 3], into the model");
    expect(inline.after).toBe(text);
    expect(inline.keeps).toBe(true);
  });

  test("the file is one of the format: length, header, doubles, at a multiple of 8 bytes", () => {
    const found = titled(offers(text.replace("param A", "param <|>A")), /^Move/);
    if (found.change !== "file") throw new Error("no file");
    const { bytes } = fileMove(found.document, found.moved, "m.A.safetensors")!;
    const view = new DataView(bytes.buffer);
    const length = Number(view.getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header).toEqual({ A: { dtype: "F64", shape: [2, 3], data_offsets: [0, 48] } });
    const doubles = Array.from({ length: 6 }, (_, i) => view.getFloat64(8 + length + 8 * i, true));
    expect(doubles).toEqual([-0.1, 2, 1e-300, 0.30000000000000004, -0, 5e-324]);
    expect(bytes).toHaveLength(8 + length + 48);
  });

  test("a matrix that is too wide for a line stands by rows", () => {
    const row = Array.from({ length: 20 }, (_, i) => i + 0.5);
    const files = { "w.json": JSON.stringify([row, row]) };
    const all = offers(model("state x[20]", 'param A = <|>load("w.json")', "flow x' = A^T * (A * x)"), files);
    const found = titled(all, "Write w.json, [2, 20], into the model");
    expect(found.after).toContain(`  param A = [\n    [${row.join(", ")}],\n    [${row.join(", ")}]\n  ]\n`);
    expect(found.keeps).toBe(true);
  });

  test("a large tensor stays in its file, and it is said why", () => {
    const rows = Array.from({ length: 65 }, () => new Array(64).fill(0.5));
    const files = { "w.json": JSON.stringify({ A: rows }) };
    const all = offers(model("state x[64]", 'param A = <|>load("w.json", "A")', "flow x' = A^T * (A * x)"), files);
    expect(titled(all, /^Write A of w.json/)).toMatchObject({
      change: "none",
      reason: "A of w.json has 4160 numbers: at most 4096 are written into a model",
    });
  });

  test("the file is named after the document and the tensor", () => {
    expect(movedFileName("file:///a/my%20model.node", "A", 1)).toBe("my model.A.safetensors");
    expect(movedFileName("file:///a/m.node", "A", 3)).toBe("m.A-3.safetensors");
  });
});
