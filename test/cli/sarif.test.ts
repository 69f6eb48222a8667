import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artifactLocation, sourceRoot } from "../../cli/sarif-artifact.ts";
import { contractive, contrax, folderOf, spiral } from "./contrax.ts";

/**
 * The schema that the standard's technical committee published, in its edition of SchemaStore (2.1.0-rtm.5, as the npm
 * package @microsoft/jest-sarif ships it). It is of draft 4, which differs from draft 7 in the name of `id` here.
 */
const {
  $schema: _,
  id,
  ...schema
} = JSON.parse(readFileSync(new URL("sarif-2.1.0.schema.json", import.meta.url), "utf8"));
/** RFC 3986: what may stand in a reference, each `%` before two digits. */
const uriReference = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2})*$/i;
const validate = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: {
    uri: (text) => uriReference.test(text) && URL.canParse(text),
    "uri-reference": uriReference,
    "date-time": true,
  },
}).compile({ $id: id, ...schema });

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string; readonly index: number };
      readonly region?: Region;
    };
  }[];
  readonly relatedLocations?: readonly { readonly physicalLocation: { readonly region: Region } }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly replacements: readonly {
        readonly deletedRegion: Region;
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
}

let place: Awaited<ReturnType<typeof folderOf>>;
beforeAll(async () => {
  place = await folderOf({
    ".git/HEAD": "",
    "models/spiral.node": spiral,
    "models/good.node": contractive,
    "models/typo.node": `model M {\r\n  state x[2] // 𝔸\r\n  parm A = eye(2)\r\n  flow x' = -A * x\r\n}\r\n`,
    "old.node": "model M {\r  state x[2]\r  flow x' = -y\r}\r",
    "latin.node": Buffer.from([0x2f, 0x2f, 0xe9, 0x0a]),
  });
});
afterAll(() => place.remove());

async function sarif(args: readonly string[], cwd = place.folder, input = "") {
  const run = await contrax(["check", ...args, "--format", "sarif"], cwd, input);
  const log = JSON.parse(run.stdout);
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  const [{ tool, results, artifacts, invocations, originalUriBaseIds, newlineSequences }] = log.runs;
  for (const { ruleId, ruleIndex, locations } of results as Result[]) {
    expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    const { index, ...location } = locations[0]!.physicalLocation.artifactLocation;
    expect(artifacts[index].location).toEqual(location);
  }
  const rules = tool.driver.rules;
  return { ...run, rules, results: results as Result[], artifacts, invocations, originalUriBaseIds, newlineSequences };
}

const textAt = (text: string, { startLine, startColumn, endLine, endColumn }: Region) => {
  const lines = text.split("\n").slice(startLine - 1, endLine);
  if (lines.length === 1) return lines[0]!.slice(startColumn - 1, endColumn - 1);
  return [lines[0]!.slice(startColumn - 1), ...lines.slice(1, -1), lines.at(-1)!.slice(0, endColumn - 1)].join("\n");
};

test("a refuted requirement is an error at its place, with the layer beside it", async () => {
  const { status, stderr, results, rules, artifacts, invocations, originalUriBaseIds } = await sarif([
    "models/spiral.node",
  ]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(invocations).toMatchObject([{ executionSuccessful: true, exitCode: 1, toolExecutionNotifications: [] }]);
  const refuted = results.find(({ ruleId }) => ruleId === "CX401")!;
  expect(refuted).toMatchObject({ level: "error", message: { text: expect.stringContaining("not contractive") } });
  const { artifactLocation, region } = refuted.locations[0]!.physicalLocation;
  expect(artifactLocation).toEqual({ uri: "models/spiral.node", uriBaseId: "SRCROOT", index: 0 });
  expect(textAt(spiral, region!)).toBe("require lognorm(2) <= 0");
  expect(textAt(spiral, refuted.relatedLocations![0]!.physicalLocation.region)).toBe("h");
  expect(results.find(({ ruleId }) => ruleId === "CX403")).toMatchObject({ level: "note" });
  expect(artifacts).toHaveLength(1);
  expect(originalUriBaseIds.SRCROOT.uri).toBe(pathToFileURL(`${place.folder}/`).href);
  expect(rules.find((rule: { id: string }) => rule.id === "CX401")).toMatchObject({
    shortDescription: { text: "A requirement is refuted" },
    helpUri: "https://github.com/contrax/contrax/blob/main/docs/diagnostics/CX401.md",
  });
});

test("paths start from the repository, wherever the call does", async () => {
  const { results } = await sarif(["spiral.node"], path.join(place.folder, "models"));
  expect(results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe("models/spiral.node");
});

test("what is proved has no result, and the status of the call is the log's", async () => {
  const { status, results, artifacts, invocations } = await sarif(["models/good.node"]);
  expect({ status, results }).toEqual({ status: 0, results: [] });
  expect(artifacts).toHaveLength(1);
  expect(invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 0 });
});

test("a fix of a mistake can be applied; columns are of UTF-16", async () => {
  const { status, results } = await sarif(["models/typo.node"]);
  expect(status).toBe(2);
  const [{ deletedRegion, insertedContent }] = results.find(({ ruleId }) => ruleId === "CX112")!.fixes![0]!
    .artifactChanges[0]!.replacements as [{ deletedRegion: Region; insertedContent: { text: string } }];
  expect(deletedRegion).toEqual({ startLine: 3, startColumn: 3, endLine: 3, endColumn: 7 });
  expect(insertedContent).toEqual({ text: "param" });
});

test("a carriage return alone ends a line, which a reader has to be told", async () => {
  const { results, newlineSequences } = await sarif(["old.node"]);
  expect(results[0]!.locations[0]!.physicalLocation.region).toMatchObject({ startLine: 3, startColumn: 14 });
  expect(newlineSequences).toContain("\r");
});

test("a file that cannot be read is a result without a region; a wrong call is a notification", async () => {
  const { status, results, invocations } = await sarif(["latin.node", "none/*.node"]);
  expect(status).toBe(2);
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({ ruleId: "CX501", level: "error" });
  expect(results[0]!.locations[0]!.physicalLocation.region).toBeUndefined();
  expect(invocations[0]).toMatchObject({
    executionSuccessful: false,
    exitCode: 2,
    toolExecutionNotifications: [{ level: "error", message: { text: expect.stringContaining("none/*.node") } }],
  });
});

test("standard input, which lies nowhere", async () => {
  const { results } = await sarif(["-"], place.folder, spiral);
  expect(results[0]!.locations[0]!.physicalLocation.artifactLocation).toEqual({ uri: "stdin", index: 0 });
});

test("a message keeps its fingerprint when it moves, and two alike have two", async () => {
  const twice = spiral.replace("}\n", "  require lognorm(2) <= 0\n}\n");
  const prints = async (text: string) => {
    const { results } = await sarif(["-"], place.folder, text);
    return results.filter(({ ruleId }) => ruleId === "CX401").map((one) => one.partialFingerprints["contrax/v1"]);
  };
  const [before] = await prints(spiral);
  expect(await prints(`// A remark.\n\n${spiral.replace("  require", "    require")}`)).toEqual([before]);
  const both = await prints(twice);
  expect(both[0]).toBe(before);
  expect(new Set(both).size).toBe(2);
});

test.skipIf(process.platform === "win32")("names that mean something in a URI or to a terminal", async () => {
  const hostile = [
    "a:b c#?%.node",
    "\u001b[31m.node",
    "é\u202e.node",
    'quote"\\back.node',
    "new\nline.node",
    "[x](y).node",
  ];
  const folder = path.join(place.folder, "hostile");
  await mkdir(folder, { recursive: true });
  for (const name of hostile) await writeFile(path.join(folder, name), spiral);
  const { artifacts } = await sarif([folder]);
  const found = artifacts.map(({ location }: { location: { uri: string } }) =>
    path.basename(decodeURIComponent(new URL(location.uri, "file:///root/").pathname)),
  );
  expect(found.sort()).toEqual([...hostile].sort());
});

test("any path is a reference that leads back to it", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[/\0]|^\.+$/.test(text));
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), (parts) => {
      const { uri, uriBaseId } = artifactLocation(`/root/${parts.join("/")}`, "/root");
      expect(uriBaseId).toBe("SRCROOT");
      expect(uri).toMatch(uriReference);
      expect(decodeURIComponent(new URL(uri, "file:///root/").pathname)).toBe(`/root/${parts.join("/")}`);
    }),
  );
  expect(artifactLocation("/elsewhere/m.node", "/root")).toEqual({ uri: "file:///elsewhere/m.node" });
  expect(artifactLocation("/root/\ud800.node", "/root").uri).toBe("%EF%BF%BD.node");
  expect(sourceRoot("/")).toBe("/");
});
