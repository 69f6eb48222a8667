// Writes the TypeScript types and the pages of what `contrax check`, `repair`, `simulate` and `evaluate` print as JSON, and of
// certificates, from their one source each, cli/check.schema.json, … and verify/certificate.schema.json,
// and what `contrax check --format sarif` says of each code from its page in
// docs/diagnostics/: `node scripts/check-json.mjs`. A test sees to it that this was not forgotten.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const read = (file) => readFileSync(new URL(file, root), "utf8");
/** The one that is written about. */
let schema;

export const targets = {};
reportPage("check", "--format", "a requirement is refuted or undecided");
reportPage("repair", "--report", "some model does not meet what is required");
reportPage("simulate", "--format", "a trajectory stopped before the time asked for");
reportPage("evaluate", "--format", "the adaptive method did not arrive at the end of the flow");
schema = JSON.parse(read("verify/certificate.schema.json"));
add("verify/certificate-json.ts", typesText("certificate.schema.json"));
// The page is written by hand but for its end.
const [byHand] = /^.*<!-- Below: [^\n]*-->\n/s.exec(read("docs/certificate.md"));
add("docs/certificate.md", `${byHand}\n${schema.description}\n\n${tables("###")}`);

add("cli/rules.json", JSON.stringify(rules()));

/** Each code's title and the first paragraph of its page. */
function rules() {
  const names = readdirSync(new URL("docs/diagnostics/", root)).filter((name) => /^CX\d+\.md$/.test(name));
  return names.sort().map((name) => {
    const [, id, title, text] = /^# (CX\d+): ([^\n]*)\n\n(.*?)\n\n/s.exec(read(`docs/diagnostics/${name}`));
    // In plain text a link is its words.
    const plain = text.replaceAll("\n", " ").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    return { id, title: `${title[0].toUpperCase()}${title.slice(1)}`, text: plain };
  });
}

/** The types and the page of what `contrax COMMAND OPTION json` prints; with status 1 where `open`. */
function reportPage(command, option, open) {
  schema = JSON.parse(read(`cli/${command}.schema.json`));
  add(`cli/${command}-json.ts`, typesText(`${command}.schema.json`));
  const statuses = `The exit status is 2 where the input or the call is wrong, 1 where ${open}, else 0.`;
  add(`docs/${command}-json.md`, page(`contrax ${command} ${option} json`, `cli/${command}.schema.json`, statuses));
}

function add(file, text) {
  targets[file] = laidOut(file, text);
}

/** As the linter wants every file to be. */
function laidOut(file, text) {
  const biome = fileURLToPath(new URL("node_modules/@biomejs/biome/bin/biome", root));
  const args = [biome, "format", `--stdin-file-path=${file}`];
  return execFileSync(process.execPath, args, { cwd: fileURLToPath(root), input: text, encoding: "utf8" });
}

function typesText(from) {
  const types = Object.entries(schema.$defs).map(([name, definition]) => {
    if (!definition.properties) return `export type ${name} = ${typeOf(definition)};\n`;
    const members = Object.entries(definition.properties).map(
      ([key, member]) => `  /** ${member.description} */\n  readonly ${key}: ${typeOf(member)};\n`,
    );
    return `/** ${definition.description} */\nexport interface ${name} {\n${members.join("")}}\n`;
  });
  return `// Generated from ${from} by scripts/check-json.mjs: change that file, not this one.\n\n${types.join("\n")}`;
}

/** A definition that allows null (`type: ["object", "null"]`) is an interface; null is written where it is used. */
function typeOf(part) {
  if (part.$ref) {
    const name = part.$ref.split("/").pop();
    return schema.$defs[name].type?.includes?.("null") && schema.$defs[name].properties ? `${name} | null` : name;
  }
  if (part.enum) return part.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in part) return JSON.stringify(part.const);
  if (part.anyOf) return part.anyOf.map(typeOf).join(" | ");
  if (Array.isArray(part.type)) return part.type.map((type) => typeOf({ ...part, type })).join(" | ");
  if (part.type === "array") {
    if (part.prefixItems) return `readonly [${part.prefixItems.map(typeOf).join(", ")}]`;
    return `readonly ${part.items.type === "array" ? `(${typeOf(part.items)})` : typeOf(part.items)}[]`;
  }
  if (part.type === "object") return `Readonly<Record<string, ${typeOf(part.additionalProperties)}>>`;
  return part.type === "integer" ? "number" : part.type;
}

function tables(level = "##") {
  return Object.entries(schema.$defs)
    .filter(([, definition]) => definition.properties)
    .map(([name, definition]) => {
      const rows = Object.entries(definition.properties).map(
        ([key, member]) => `| \`${key}\` | ${typeLink(typeOf(member))} | ${member.description} |\n`,
      );
      return `${level} ${name}\n\n${definition.description}\n\n| key | type | meaning |\n|---|---|---|\n${rows.join("")}`;
    })
    .join("\n");
}

function page(command, from, status) {
  return `# \`${command}\`

<!-- Generated from ${from} by scripts/check-json.mjs. -->

${schema.description} The schema is [${from}](../${from}) (JSON Schema 2020-12).

${status}

${tables()}`;
}

/** The name of a table links to it; what has none is written out. */
function typeLink(type) {
  const byName = /^Readonly<Record<string, (.*)>>$/.exec(type);
  if (byName) return `object of ${typeLink(byName[1])} by name`;
  return type
    .replaceAll("readonly ", "")
    .split(" | ")
    .map((part) => {
      const [, name, array] = /^(\w+)(\[\])?$/.exec(part) ?? [];
      const definition = schema.$defs[name];
      if (!definition) return `\`${part}\``;
      if (!definition.properties)
        return `\`${typeOf(definition).replaceAll("readonly ", "").replaceAll(" | ", "` or `")}\``;
      return `[${name}](#${name.toLowerCase()})${array ? ", a list" : ""}`;
    })
    .join(" or ");
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, text] of Object.entries(targets)) writeFileSync(new URL(file, root), text);
