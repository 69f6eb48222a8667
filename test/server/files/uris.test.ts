import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filePath, resolveLoad } from "../../../server/files/uris.ts";

describe("a weight file is where its load says", () => {
  test.each([
    // On Linux and macOS.
    ["file:///models/a/m.node", "w.npz", "file:///models/a/w.npz"],
    ["file:///models/a/m.node", "../weights/w.npz", "file:///models/weights/w.npz"],
    ["file:///models/a/m.node", "..\\weights\\w.npz", "file:///models/weights/w.npz"],
    ["file:///models/a/m.node", "/data/w.npz", "file:///data/w.npz"],
    ["file:///models/a/m.node", "././/w.npz", "file:///models/a/w.npz"],
    ["file:///m.node", "../../w.npz", "file:///w.npz"],
    ["file:///models/m.node", "C:/w.npz", "file:///models/C%3A/w.npz"],
    // On Windows.
    ["file:///c%3A/models/m.node", "weights\\w.npz", "file:///c%3A/models/weights/w.npz"],
    ["file:///c:/models/m.node", "..\\..\\..\\w.npz", "file:///c%3A/w.npz"],
    ["file:///c%3A/models/m.node", "\\data\\w.npz", "file:///c%3A/data/w.npz"],
    ["file:///c%3A/models/m.node", "D:\\data\\w.npz", "file:///d%3A/data/w.npz"],
    ["file:///c%3A/models/m.node", "d:/../w.npz", "file:///d%3A/w.npz"],
    ["file:///c%3A/models/m.node", "C:w.npz", "file:///c%3A/models/w.npz"],
    ["file:///c%3A/models/m.node", "d:w.npz", "file:///d%3A/w.npz"],
    ["file:///c%3A/models/m.node", "\\\\server\\share\\..\\w.npz", "file://server/share/w.npz"],
    ["file://server/share/models/m.node", "w.npz", "file://server/share/models/w.npz"],
    ["file://server/share/models/m.node", "../../../w.npz", "file://server/share/w.npz"],
    ["file://server/share/models/m.node", "/w.npz", "file://server/share/w.npz"],
    ["file://server/share/models/m.node", "c:\\w.npz", "file:///c%3A/w.npz"],
    // Where no disk is.
    ["vscode-vfs://github/owner/models/m.node", "../w.npz", "vscode-vfs://github/owner/w.npz"],
    ["vscode-vfs://github/owner/m.node", "//owner/w.npz", "vscode-vfs://github/owner/w.npz"],
    ["memfs:/models/m.node?session=1#L3", "w.npz", "memfs:/models/w.npz"],
    // Where a new document will be saved.
    ["untitled:/models/m.node", "w.npz", "file:///models/w.npz"],
    ["untitled:/c:/models/m.node", "..\\w.npz", "file:///c%3A/w.npz"],
    // Signs that mean something in a URI, on either side.
    ["file:///mod%C3%A8les%20%23/m.node", "50 % #é?.npz", "file:///mod%C3%A8les%20%23/50%20%25%20%23%C3%A9%3F.npz"],
    ["file:///a%2520b/m.node", "w%20.npz", "file:///a%2520b/w%2520.npz"],
    ["file:///models/m.node", "\ud800.npz", "file:///models/%EF%BF%BD.npz"],
  ])("%s, %s", (document, file, expected) => {
    expect(resolveLoad(document, file)).toBe(expected);
  });

  test.each(["untitled:Untitled-1", "memfs:m.node", "::", ""])(
    "%j is in no folder, or leads into none outside",
    (document) => {
      expect(resolveLoad(document, "w.npz") ?? "file:///w.npz").toBe("file:///w.npz");
    },
  );

  const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[/\\\0]/.test(text));

  test("as Node.js finds it on this machine", () => {
    const part = fc.oneof(name, fc.constantFrom("..", ".", ""));
    fc.assert(
      fc.property(fc.array(name), fc.array(part, { minLength: 1 }), fc.boolean(), (folders, parts, isAbsolute) => {
        const folder = path.resolve("/", ...folders);
        const file = (isAbsolute ? "/" : "") + parts.join("/");
        fc.pre(!/^[a-z]:/i.test(file) && !file.startsWith("//") && !/^[a-z]:$/i.test(folders[0] ?? ""));
        const uri = resolveLoad(pathToFileURL(path.join(folder, "m.node")).href, file)!;
        expect(fileURLToPath(uri)).toBe(path.resolve(folder, file));
        expect(filePath(uri)).toBe(path.resolve(folder, file));
      }),
    );
  });

  test("whatever an editor and a person write", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (document, file) => {
        const uri = resolveLoad(document, file);
        // What was found is found again from beside it.
        if (uri !== null) expect(resolveLoad(uri, uri.slice(uri.lastIndexOf("/") + 1))).toEqual(expect.any(String));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (file) => {
        expect(resolveLoad("file:///c%3A/models/m.node", file)).toMatch(/^file:\/\/(\/[a-z]%3A)?/);
      }),
    );
  });
});
