import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contractive, contrax, folderOf, spiral } from "./contrax.ts";

const root = new URL("../../", import.meta.url);
let place: Awaited<ReturnType<typeof folderOf>>;
beforeAll(async () => {
  place = await folderOf({
    "models/spiral.node": spiral,
    "models/two.node": `${contractive}${contractive.replace("Contractive", "Other").replace("<= -1", "<= -0.5")}`,
    "broken.node": spiral.replace("A * x", "B * x"),
  });
});
afterAll(() => place.remove());

const run = (...args: string[]) => contrax(args, place.folder);
const file = (name: string) => path.join(place.folder, name);

async function validate(name: string) {
  const schema = JSON.parse(await readFile(new URL("verify/certificate.schema.json", root), "utf8"));
  const check = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const document = JSON.parse(await readFile(name, "utf8"));
  expect(check(document), JSON.stringify(check.errors)).toBe(true);
  return document;
}

describe("contrax certificate and verify", () => {
  test("never write over the model", async () => {
    const before = await readFile(file("models/two.node"), "utf8");
    const refused = await run("certificate", "models/two.node", "-o", "./models/two.node");
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toContain("is the model file itself");
    expect(await readFile(file("models/two.node"), "utf8")).toBe(before);
  });

  test("write what is proved, and prove it again", async () => {
    const written = await run("certificate", "models/two.node", "-o", "two.json", "--nodes", "100");
    expect(written).toMatchObject({ status: 0, stderr: "" });
    expect(written.stdout).toContain("certified: lognorm(2) of Contractive <= -1\n");
    const document = await validate(file("two.json"));
    expect(document.source).toEqual({
      file: "models/two.node",
      sha256: createHash("sha256")
        .update(await readFile(file("models/two.node")))
        .digest("hex"),
    });
    const verified = await run("verify", "two.json");
    expect(verified).toMatchObject({ status: 0, stderr: "" });
    expect(verified.stdout.replaceAll(/(inf|1|2)\) of/g, "p) of").split("\n")).toEqual([
      ...["Contractive", "Other"].flatMap((name) => [
        expect.stringMatching(`^verified: lognorm\\(p\\) of ${name} <= -`),
        expect.stringMatching(`^verified: lognorm\\(p\\) of ${name} <= -`),
        expect.stringMatching(`^verified: lognorm\\(p\\) of ${name} <= -`),
        expect.stringMatching(`^verified: lognorm\\(p\\) of ${name} <= -`),
      ]),
      "models/two.node: Contractive is the model of the certificate",
      "models/two.node: Other is the model of the certificate",
      "",
    ]);
  });

  test("say what is not certified, with status 1, and round bounds up", async () => {
    const { status, stdout } = await run("certificate", "models/spiral.node", "-o", "spiral.json", "--nodes", "100");
    expect(status).toBe(1);
    expect(stdout).toContain("not certified: lognorm(2) <= 0 of Spiral: the requirement is refuted\n");
    const verified = await run("verify", "spiral.json");
    expect(verified.status).toBe(0);
    const [, bound] = /verified: lognorm\(2\) of Spiral <= ([\d.]+)/.exec(verified.stdout)!;
    // Closed form: 0.42562465…
    const value = -0.075 + Math.sqrt(0.025 ** 2 + 0.5 ** 2);
    expect(Number(bound)).toBeGreaterThanOrEqual(value);
    expect(Number(bound)).toBeLessThan(value + 1e-6);
  });

  test("to standard output the certificate alone, run for run the same", async () => {
    const [a, b] = [
      await run("certificate", "models/spiral.node", "--nodes", "50"),
      await run("certificate", "models/spiral.node", "--nodes", "50"),
    ];
    expect(a.stdout).toBe(b.stdout);
    expect(JSON.parse(a.stdout).source.file).toBe("models/spiral.node");
    expect(a.stderr).toContain("certified: lognorm(2) of Spiral");
  });

  test("a model that has changed is told apart from a proof that fails", async () => {
    await run("certificate", "models/two.node", "-o", "changed.json", "--nodes", "100");
    const text = await readFile(file("models/two.node"), "utf8");
    const verdicts = async () => {
      const { status, stdout } = await run("verify", "changed.json");
      expect(stdout).not.toContain("refused");
      return [status, ...stdout.split("\n").filter((line) => line.startsWith("models/"))];
    };
    try {
      // Layout and comments change nothing.
      await writeFile(file("models/two.node"), `// a comment\n${text.replaceAll("  ", "    ")}`);
      expect((await verdicts())[0]).toBe(0);
      await writeFile(file("models/two.node"), text.replace("[0, 2]", "[0, 2.001]"));
      expect(await verdicts()).toEqual([
        1,
        "models/two.node: Contractive is not the model of the certificate any more: its coefficients differ",
        "models/two.node: Other is the model of the certificate",
      ]);
      await writeFile(file("models/two.node"), text.replaceAll("tanh", "sigmoid"));
      expect((await verdicts())[1]).toContain("its slopes differ");
      await writeFile(file("models/two.node"), text.replace("<= -1", "<= -2"));
      expect((await verdicts())[1]).toContain("it does not require lognorm(2) <= -1");
      await writeFile(file("models/two.node"), text.replace("model Other", "model Else"));
      expect((await verdicts())[2]).toBe("models/two.node: there is no model Other without errors");
      await rm(file("models/two.node"));
      expect(await verdicts()).toEqual([0, "models/two.node is not there: nothing is said of what it holds now"]);
    } finally {
      await writeFile(file("models/two.node"), text);
    }
  });

  test("a claim in another metric than the one required is told", async () => {
    const text = `model M {
  state x[2]
  param P = [[2, 0], [0, 1]]
  flow x' = -x
  require lognorm(2, metric: P) <= -0.9
}
`;
    await writeFile(file("metric.node"), text);
    await run("certificate", "metric.node", "-o", "metric.json", "--nodes", "20");
    expect(await run("verify", "metric.json")).toMatchObject({ status: 0 });
    await writeFile(file("metric.node"), text.replace("[2, 0]", "[3, 0]"));
    const { status, stdout } = await run("verify", "metric.json");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^verified: lognorm\(2, metric: stated\) of M <= -0\.9$/m);
    expect(stdout).toMatch(/^metric\.node: M is not the model .* does not require lognorm\(2, metric: P\) <= -0\.9$/m);
  });

  test("a corrupted certificate is refused with the place, and no stack trace", async () => {
    await run("certificate", "models/spiral.node", "-o", "good.json", "--nodes", "100");
    const text = await readFile(file("good.json"), "utf8");
    const verify = async (corrupted: string) => {
      await writeFile(file("bad.json"), corrupted);
      return run("verify", "bad.json");
    };
    const lowered = await verify(text.replace(/"bound": 0.4256\d+/, '"bound": 0.4256'));
    expect(lowered.status).toBe(1);
    expect(lowered.stdout).toMatch(
      /^refused: lognorm\(2\) of Spiral <= 0\.4256: models\[0\]\.claims\[1\]\.proof\[0\]\.trees\[0\]/m,
    );
    const weights = await verify(text.replace("[-2,-0.1]", "[-2.5,-0.1]"));
    expect(weights.status).toBe(1);
    expect(weights.stdout).toMatch(/^refused: .*forms\[0\]\.sha256/m);
    for (const broken of [text.slice(0, 500), "", "\u0000", text.replace('"version": 1', '"version": 3')]) {
      const { status, stdout, stderr } = await verify(broken);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(/^contrax: bad\.json is no certificate that can be checked: .*\n$/);
    }
  });

  test("input that is wrong: status 2, one message, nothing written", async () => {
    for (const [args, message] of [
      [["broken.node"], /error\[CX/],
      [["missing.node"], /^contrax: missing\.node: cannot be read: no such file or directory\n$/],
      [["models/two.node", "--model", "Nobody"], /^contrax: no model is called "Nobody"\n$/],
      [["-"], /^contrax: a certificate names its model file: save the model first\n$/],
      [["models/two.node", "-o", "no/such/folder.json"], /cannot be written: no such file or directory\n$/],
    ] as const) {
      const { status, stderr } = await run("certificate", "-o", "none.json", ...args, "--nodes", "20");
      expect(status, String(args)).toBe(2);
      expect(stderr).toMatch(message);
    }
    expect(await readdir(place.folder)).not.toContain("none.json");
    expect((await readdir(place.folder)).filter((name) => name.startsWith("."))).toEqual([]);
    expect(await run("verify", "missing.json")).toMatchObject({ status: 2, stdout: "" });
  });

  test("a certificate beside its model, moved with it", async () => {
    await run("certificate", "models/two.node", "-o", "models/two.json", "--nodes", "100");
    await rename(file("models"), file("moved"));
    const { status, stdout } = await run("verify", "moved/two.json");
    await rename(file("moved"), file("models"));
    expect(status).toBe(0);
    expect(stdout).toContain("moved/two.node: Other is the model of the certificate\n");
  });
});

test("the largest sample's certificate follows the schema", async () => {
  const sample = fileURLToPath(new URL("samples/trained-layer.node", root));
  const { stdout } = await run("certificate", sample, "-o", "trained.json", "--nodes", "2", "--norm", "inf");
  expect(stdout).toContain("certified: lognorm(2) of TrainedLayer <= 2.2\n");
  await validate(file("trained.json"));
  expect((await run("verify", "trained.json")).status).toBe(0);
});
