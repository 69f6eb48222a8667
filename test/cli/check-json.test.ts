import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckDocument } from "../../cli/check-json.ts";
import { contractive, contrax, folderOf, spiral } from "./contrax.ts";

const root = new URL("../../", import.meta.url);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL("cli/check.schema.json", root), "utf8")),
);

let place: Awaited<ReturnType<typeof folderOf>>;
beforeAll(async () => {
  place = await folderOf({
    "spiral.node": spiral,
    "models/good.node": `// Two models.\n${contractive}${contractive.replace("Contractive", "Other").replace(/ {2}require.*\n/, "")}`,
    "broken.node": spiral.replace("layer h = ", "layer h = B * ").replace("<= 0", "< 0"),
    "crlf.node": `\ufeff${spiral.replaceAll("\n", "\r\n")}`,
    "timed.node":
      "model Timed {\n  state x[1]\n  time t in [0, 1]\n  flow x' = -(1 + t) * x\n  require lognorm(2) <= -1\n}\n",
  });
});
afterAll(() => place.remove());

async function check(...args: string[]) {
  const run = await contrax(["check", "--format", "json", "--nodes", "200", ...args], place.folder);
  const document: CheckDocument = JSON.parse(run.stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { ...run, document };
}

describe("check --format json", () => {
  test("says of the spiral what its closed form says", async () => {
    const { document, status, stderr } = await check("spiral.node");
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    const [{ file, diagnostics, models }] = document.files;
    expect(file).toBe("spiral.node");
    // At the layer, which stands above, and at the requirement.
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ["CX403", "information"],
      ["CX401", "error"],
    ]);
    expect(diagnostics[1].range).toEqual({ start: { line: 6, character: 2 }, end: { line: 6, character: 25 } });
    // sym J = [[-0.1, 2 - 1], [1, -0.05]] at slopes [1, 0.5]: the mean plus the root of (0.025^2 + 0.5^2).
    const value = -0.075 + Math.sqrt(0.025 ** 2 + 0.5 ** 2);
    const [model] = models;
    expect(model).toMatchObject({ name: "Spiral", states: 2, neurons: 2 });
    expect(model.layers).toMatchObject([{ name: "h", inputs: 2, outputs: 2, slopes: [0.5, 1] }]);
    // ||D A|| with D = I is the norm of A, sqrt(0.1^2 + 2^2).
    const { gain, lognorm } = model.layers[0];
    expect(gain?.norm).toBe("2");
    expect(gain?.lower).toBeCloseTo(Math.hypot(0.1, 2), 3);
    expect(lognorm?.lower).toBeCloseTo(value, 3);
    expect(model.bounds.map(({ norm, metric }) => [norm, metric])).toEqual([
      ["1", null],
      ["2", null],
      ["inf", null],
    ]);
    // Norms 1 and inf by their definitions, with each slope free: -0.1 d1 + 2 d2 and -0.1 d1 + 2 d1.
    const expected = { "1": -0.05 + 2, "2": value, inf: 1.9 } as const;
    for (const { norm, lower, upper } of model.bounds) {
      expect(lower).toBeLessThanOrEqual(expected[norm] + 1e-12);
      expect(upper).toBeGreaterThanOrEqual(expected[norm] - 1e-12);
    }
    expect(model.bounds[1].witness?.slopes.h).toHaveLength(2);
    expect(model.requirements).toMatchObject([
      { text: "lognorm(2) <= 0", kind: "lognorm", norm: "2", metric: null, h: null, limit: 0, verdict: "refuted" },
    ]);
    expect(model.requirements[0].range).toEqual(diagnostics[1].range);
    expect(model.requirements[0].lower).toBeGreaterThan(0);
    expect(model.requirements[0].upper).toBeGreaterThanOrEqual(value - 1e-12);
  });

  test("keeps its keys in the order of the schema, run for run", async () => {
    const [first, second] = [await check("spiral.node", "models"), await check("spiral.node", "models")];
    const still = (text: string) => text.replace(/"seconds": [\d.e-]+/g, '"seconds": 0');
    expect(still(first.stdout)).toBe(still(second.stdout));
    const model = first.document.files[0].models[0];
    expect(Object.keys(model)).toEqual(["name", "states", "neurons", "seconds", "layers", "bounds", "requirements"]);
  });

  test("leaves a model with an error out, and says why", async () => {
    const { document, status } = await check("broken.node");
    expect(status).toBe(2);
    const [{ diagnostics, models }] = document.files;
    expect(models).toEqual([]);
    expect(diagnostics.map(({ severity }) => severity)).toContain("error");
  });

  test("counts lines and UTF-16 units as an editor does, with a byte-order mark and CRLF", async () => {
    const { document } = await check("crlf.node");
    expect(document.files[0].diagnostics.find(({ code }) => code === "CX401")?.range).toEqual({
      start: { line: 6, character: 2 },
      end: { line: 6, character: 25 },
    });
  });

  test("takes a folder, in the order of the names, with every model of a file", async () => {
    const { document } = await check(".");
    expect(document.files.map(({ file, models }) => [file, models.length])).toEqual([
      ["broken.node", 0],
      ["crlf.node", 1],
      ["models/good.node", 2],
      ["spiral.node", 1],
      ["timed.node", 1],
    ]);
  });

  test("proves what is contractive, and informs where nothing is required", async () => {
    const { document, status } = await check("models/*.node");
    expect(status).toBe(0);
    const [{ diagnostics, models }] = document.files;
    expect(models[0].requirements[0].verdict).toBe("proved");
    expect(models[0].requirements[0].upper).toBeLessThanOrEqual(-1);
    expect(diagnostics.map(({ code }) => code)).toEqual(["CX404"]);
  });

  test("has the bounds that --norm asks for, in the order 1, 2, inf", async () => {
    const { document } = await check("--norm", "inf,2", "spiral.node");
    expect(document.files[0].models[0].bounds.map(({ norm }) => norm)).toEqual(["2", "inf"]);
  });

  test("has the models that --model names, and only what concerns them", async () => {
    const { document, status } = await check("--model", "Contractive", "models");
    expect(status).toBe(0);
    expect(document.files[0].models.map(({ name }) => name)).toEqual(["Contractive"]);
    expect(document.files[0].diagnostics).toEqual([]);
  });

  test("never proves what this version does not analyse", async () => {
    const { document, status } = await check("timed.node");
    const [{ verdict }] = document.files[0].models[0].requirements;
    expect(["proved", "undecided"]).toContain(verdict);
    expect(status).toBe(verdict === "proved" ? 0 : 1);
  });

  test("gives a file that cannot be read one diagnostic", async () => {
    const { document, status, stderr } = await check("missing.node", "spiral.node");
    expect(status).toBe(2);
    expect(document.files).toHaveLength(2);
    const origin = { line: 0, character: 0 };
    expect(document.files[0]).toEqual({
      file: "missing.node",
      diagnostics: [
        {
          code: "CX501",
          severity: "error",
          message: "missing.node: cannot be read: no such file or directory",
          range: { start: origin, end: origin },
        },
      ],
      models: [],
    });
    expect(stderr).toBe("contrax: missing.node: cannot be read: no such file or directory\n");
  });

  test("is a document even where nothing was found", async () => {
    const { document, status, stderr } = await check("*.nothing");
    expect(status).toBe(2);
    expect(document).toEqual({ version: 1, files: [] });
    expect(stderr).toContain("no model file (.node) matches this pattern");
  });
});

test("every sample's results follow the schema", async () => {
  const { document } = await check("--nodes", "20", fileURLToPath(new URL("samples", root)));
  expect(document.files.length).toBeGreaterThanOrEqual(10);
});

test("the types and the page are those of the schema", async () => {
  const { targets } = await import("../../scripts/check-json.mjs" as string);
  for (const [file, text] of Object.entries(targets)) expect(readFileSync(new URL(file, root), "utf8")).toBe(text);
});
