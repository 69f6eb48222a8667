import { describe, expect, test } from "vitest";
import { tensorSource } from "../../weights/source.ts";
import { fixture, refused, text } from "./fixtures.ts";

describe("finding a tensor", () => {
  test("a misspelt name: what may be meant, and what there is", () => {
    expect(refused("stored.npz", "layer.0/wieght")).toBe(
      'CX306 "stored.npz", tensor "layer.0/wieght": there is no such tensor; did you mean "layer.0/weight" [2, 2]? ' +
        'the file holds "A" [3, 2], "b" [3], "layer.0/weight" [2, 2]',
    );
  });

  test("no name: what there is, a few of many", () => {
    expect(refused("types.safetensors")).toBe(
      'CX306 "types.safetensors": a tensor\'s name is needed, load("file", "name"); the file holds "f64" [2, 3], ' +
        '"f32" [2, 3], "f16" [2, 3], "bf16" [2, 3], "i64" [2, 3], "i32" [2, 3] and 13 more',
    );
  });

  test.each(["vector.npy", "column.csv", "matrix.json"])("a name where none belongs: %s", (file) => {
    expect(refused(file, "A")).toContain(`CX306 "${file}", tensor "A": the file is one tensor without a name`);
  });

  test("names are escaped and cut before they are shown", () => {
    const message = refused("a.json", `\n${"x".repeat(1e6)}`, text('{"A": 1}'));
    expect(message.length).toBeLessThan(300);
    expect(message).not.toContain("\n");
  });
});

describe("choosing the format", () => {
  test("by extension, whatever its case", () => {
    const source = tensorSource(new Map([["W.NPY", fixture("vector.npy")]]));
    expect(source.tensor("W.NPY", null)).toMatchObject({ shape: [5] });
  });

  test.each(["weights.h5", "weights", "folder.d/weights"])("an unknown one: %s", (file) => {
    expect(refused(file, "A", text("{}"))).toMatch(/^CX302 .*\.safetensors, \.npz, \.npy, \.json, \.csv$/);
  });

  const torchZip = text("PK\x03\x04\x14\x00\x08\x08archive/data.pkl");
  const torchLegacy = Uint8Array.from([
    0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]);

  test.each([
    ["run 1/net.pt", text("anything")],
    ["net.PTH", text("")],
    ["net.ckpt", torchZip],
    ["net.bin", torchLegacy],
    ["net.safetensors", torchZip],
  ])("a PyTorch checkpoint gets the three lines that save it: %s", (file, bytes) => {
    const message = refused(file, "A", bytes);
    expect(message).toMatch(/^CX303 /);
    expect(
      message
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split("(")[0]),
    ).toEqual(["import torch, safetensors.torch", "state = torch.load", "safetensors.torch.save_file"]);
    expect(message).toContain(`torch.load("${file}"`);
    expect(message).toContain('.safetensors")');
  });
});

describe("files and what is kept of them", () => {
  test("a file that the host could not read keeps the host's reason", () => {
    const failure = { code: "CX301", message: "no such file" };
    const source = tensorSource(new Map([["w.npz", failure]]));
    expect(source.tensor("w.npz", "A")).toEqual(failure);
    expect(source.tensor("other.npz", "A")).toMatchObject({ code: "CX301" });
    expect(source.entries("w.npz")).toEqual([]);
  });

  test("a tensor is decoded once", () => {
    const source = tensorSource(new Map([["w.npz", fixture("stored.npz")]]));
    expect(source.tensor("w.npz", "A")).toBe(source.tensor("w.npz", "A"));
  });
});
