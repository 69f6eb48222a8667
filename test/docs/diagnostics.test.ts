import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkFile } from "../../cli/check-file.ts";
import { folderOf } from "../cli/contrax.ts";

const root = new URL("../../", import.meta.url);
const pages = readdirSync(new URL("docs/diagnostics/", root)).filter((name) => name.startsWith("CX"));
const page = (name: string) => readFileSync(new URL(`docs/diagnostics/${name}`, root), "utf8");

/** Codes whose cause no text of a reasonable size shows, and what triggers them instead. */
const triggers: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> = {
  CX100: { "example.node": Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0]) },
  CX101: { "example.node": `// ${"x".repeat(21 * 2 ** 20)}` },
  CX102: { "example.node": `model M { state x[1] flow x' = ${"(".repeat(300)}-x${")".repeat(300)} }` },
  CX308: {
    "example.node": `model M { state x[2] param A = load("A.npy") flow x' = A * x }`,
    // A header that claims 10^12 doubles.
    "A.npy": Buffer.concat([
      Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
      Buffer.from(`${"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }".padEnd(117)}\n`),
    ]),
  },
  CX501: {},
};

/** What no check of a file finds: CX309 comes from writing one, CX502 takes a mistake in Contrax to see. */
const untriggered = new Set(["CX309", "CX502"]);

interface Block {
  readonly language: string;
  /** What the example's `load` calls it. */
  readonly file: string | undefined;
  readonly text: string;
}

function blocks(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, file, text]) => ({
    language,
    file,
    text,
  }));
}

/** The codes and severities that `check` finds in `example.node` beside these files. */
async function diagnose(files: Readonly<Record<string, string | Uint8Array>>) {
  const { folder, remove } = await folderOf(files);
  try {
    const { diagnostics } = await checkFile(`${folder}/example.node`, {
      model: null,
      analysis: { nodes: 100 },
      signal: new AbortController().signal,
      onProgress: () => {},
    });
    return diagnostics;
  } finally {
    await remove();
  }
}

describe("docs/diagnostics", () => {
  test("has a page for each code in the sources, and none besides", () => {
    const folders = ["grammar", "model", "weights", "analysis", "service", "server", "client", "cli"];
    const used = new Set<string>();
    for (const folder of folders)
      for (const name of readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: "utf8" }))
        if (name.endsWith(".ts"))
          for (const [code] of readFileSync(new URL(`${folder}/${name}`, root), "utf8").matchAll(/\bCX[1-5]\d\d\b/g))
            used.add(code);
    expect(pages.map((name) => name.replace(".md", ""))).toEqual([...used].sort());
  });

  test("lists the pages by their titles", () => {
    const links = pages.map((name) => {
      const [, code, title] = /^# (CX\d+): (.*)$/m.exec(page(name)) ?? [];
      return `- [${code}](${name}): ${title}`;
    });
    expect(page("README.md").match(/^- .*$/gm)).toEqual(links);
  });

  test.each(pages)("%s shows what triggers it and how it is mended", async (name) => {
    const code = name.replace(".md", "");
    if (untriggered.has(code)) return;
    const all = blocks(page(name));
    const [example, ...mended] = all.filter(({ language }) => language === "contrax").map(({ text }) => text);
    const beside = Object.fromEntries(all.flatMap(({ file, text }) => (file ? [[file, text]] : [])));
    const trigger = triggers[code] ?? { "weights.bin": "", "model.pt": "", ...beside, "example.node": example };
    expect((await diagnose(trigger)).map((diagnostic) => diagnostic.code)).toContain(code);

    for (const text of code in triggers ? [example, ...mended].filter((text) => text !== undefined) : mended) {
      const diagnostics = await diagnose({ ...beside, "example.node": text });
      // Nothing is wrong any more; what is only information may be said, and what this version leaves undecided.
      const wrong = diagnostics.filter(({ severity }) => severity === "error" || severity === "warning");
      expect(wrong.filter((diagnostic) => diagnostic.code !== "CX402")).toEqual([]);
      expect(diagnostics.map((diagnostic) => diagnostic.code)).not.toContain(code);
    }
  });
});
