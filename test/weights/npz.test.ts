import { describe, expect, test } from "vitest";
import { tensorSource } from "../../weights/source.ts";
import { closedForm, fixture, loaded, refused } from "./fixtures.ts";

describe("archives written by NumPy", () => {
  test.each(["stored.npz", "deflated.npz"])("%s", (file) => {
    expect(loaded(file, "A")).toEqual({ shape: [3, 2], data: closedForm("float", 6), dtype: "<f4" });
    expect(loaded(file, "b")).toEqual({ shape: [3], data: closedForm("float", 3), dtype: ">f8" });
    expect(loaded(file, "layer.0/weight")).toEqual({ shape: [2, 2], data: closedForm("float", 4), dtype: "<f8" });
  });

  test("what they offer", () => {
    const source = tensorSource(new Map([["w.npz", fixture("deflated.npz")]]));
    expect(source.entries("w.npz")).toEqual([
      { name: "A", shape: [3, 2], dtype: "<f4" },
      { name: "b", shape: [3], dtype: ">f8" },
      { name: "layer.0/weight", shape: [2, 2], dtype: "<f8" },
    ]);
  });

  test("a tensor that deflates a thousandfold is read whole", () => {
    const { shape, data } = loaded("zeros.npz", "A");
    expect(shape).toEqual([300, 300]);
    expect(data.every((value) => value === 0)).toBe(true);
  });

  test("members that are no tensors, and a comment after the directory, do no harm", () => {
    expect(loaded("other-members.npz", "A").data).toEqual(closedForm("float", 4));
    expect(loaded("comment.npz", "A").data).toEqual(closedForm("float", 4));
    expect(refused("other-members.npz", "readme.txt")).toContain('CX306 "other-members.npz", tensor "readme.txt": ');
  });
});

describe("archives that are refused", () => {
  test.each([
    ["duplicate.npz", 'CX304 "duplicate.npz": it holds the tensor "A" twice'],
    ["bzip2.npz", 'CX305 "bzip2.npz", tensor "A": it is compressed by zip method 12'],
    ["damaged.npz", 'CX304 "damaged.npz", tensor "A": its checksum (CRC-32) does not match'],
    ["claims-much.npz", 'CX308 "claims-much.npz", tensor "A": it has the shape [9999999, 26]'],
    [
      "longer.npz",
      'CX304 "longer.npz", tensor "A": its header implies 160 bytes, the archive\'s directory states 1000160',
    ],
    ["lying-directory.npz", 'CX304 "lying-directory.npz", tensor "A": '],
  ])("%s", (file, start) => {
    expect(refused(file, "A")).toContain(start);
  });

  /** Bytes of the archive changed at a distance from its n-th occurrence of a record's signature. */
  function changed(signature: number[], at: number, bytes: number[]): Uint8Array {
    const archive = fixture("stored.npz");
    const start = archive.findIndex((_, i) => signature.every((byte, j) => archive[i + j] === byte));
    archive.set(bytes, start + at);
    return archive;
  }
  const local = [0x50, 0x4b, 3, 4];
  const directory = [0x50, 0x4b, 1, 2];
  const end = [0x50, 0x4b, 5, 6];

  test.each([
    ["encrypted", changed(directory, 8, [1, 0]), "CX305", "it is encrypted"],
    ["a zip64 size", changed(directory, 24, [255, 255, 255, 255]), "CX305", "zip64"],
    ["a zip64 count", changed(end, 10, [255, 255]), "CX305", "zip64"],
    ["one of several disks", changed(end, 4, [1, 0]), "CX305", "in several"],
    ["a size beyond the limit", changed(directory, 24, [1, 0, 0, 64]), "CX308", "1073741825 bytes"],
    ["a packed size beyond the file", changed(directory, 20, [0, 0, 0, 64]), "CX304", "beyond the archive"],
    ["a member elsewhere", changed(directory, 42, [1, 0, 0, 0]), "CX304", "does not begin where"],
    ["more members than there are", changed(end, 10, [9, 0]), "CX304", "9 members, of which 3"],
    ["no local header", changed(local, 0, [0]), "CX304", "does not begin where"],
  ])("%s", (_, archive, code, problem) => {
    const message = refused("w.npz", "A", archive);
    expect(message).toContain(code);
    expect(message).toContain(problem);
  });

  test("a member that reaches into the directory", () => {
    const archive = fixture("stored.npz");
    const view = new DataView(archive.buffer);
    const last = Array.from(archive.keys()).findLast((i) => directory.every((byte, j) => archive[i + j] === byte))!;
    view.setUint32(last + 20, view.getUint32(last + 20, true) + 1, true);
    expect(refused("w.npz", "A", archive)).toMatch(
      /CX304 .* "layer.0\/weight.npy" is .* beyond the directory's beginning/,
    );
  });

  test("members that share bytes", () => {
    const archive = fixture("stored.npz");
    const view = new DataView(archive.buffer);
    const entries = Array.from(archive.keys()).filter((i) => directory.every((byte, j) => archive[i + j] === byte));
    expect(entries.length).toBe(3);
    view.setUint32(entries[1] + 42, view.getUint32(entries[0] + 42, true), true);
    expect(refused("w.npz", "A", archive)).toMatch(/CX304 .* overlap/);
  });

  test("an archive cut short anywhere", () => {
    const whole = fixture("deflated.npz");
    for (let length = 0; length < whole.length; length++) {
      expect(refused("w.npz", "A", whole.slice(0, length))).toMatch(/^CX304 /);
    }
  });
});
