import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
/** What is not the project's own text. */
const foreign = new Set(["node_modules", "dist", "out", ".git", ".vscode-test"]);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (foreign.has(entry.name)) continue;
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(file);
    else yield file;
  }
}

const files = [...walk(".")];
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const manifest = JSON.parse(read("package.json"));

/** In the order in which data flows: a folder imports only from those before it. */
const stations = ["grammar", "model", "weights", "analysis", "verify", "classify", "service"];
const mayImport: Record<string, readonly string[]> = {
  ...Object.fromEntries(stations.map((folder, index) => [folder, stations.slice(0, index)])),
  // Proofs are checked again independently of how they were found.
  verify: ["grammar", "model", "weights"],
  library: stations,
  server: stations,
  // The language server is another process: the extension knows the shape of its messages only.
  client: ["server/messages", "service/preview/picture.ts"],
  cli: [...stations, "server"],
};

const sources = files.filter((file) => /^[a-z]+\/.*\.ts$/.test(file) && file.split("/")[0]! in mayImport);

/** What a file imports, statically or not, types included. */
function imports(file: string): string[] {
  return [...read(file).matchAll(/(?:\bfrom|\bimport\(?|\brequire\()\s*"([^"]+)"/g)].map((found) => found[1]!);
}

test("there are sources to look at", () => {
  expect(sources.length).toBeGreaterThan(20);
});

test.each(sources)("%s imports only what its folder may", (file) => {
  const folder = file.split("/")[0]!;
  for (const name of imports(file)) {
    if (name === "../package.json" && ["server", "cli"].includes(folder)) continue; // its version
    if (name.startsWith(".")) {
      const target = path.posix.join(path.posix.dirname(file), name);
      const other = target.split("/")[0]!;
      const allowed =
        other === folder ||
        mayImport[folder]!.some((from) => from === other || from === target || target.startsWith(`${from}/`));
      expect(allowed, `${file} imports ${target}`).toBe(true);
      expect(name, `${file} names the file it imports`).toMatch(/\.(ts|json)$/);
    } else {
      if ([...stations, "library"].includes(folder))
        expect(name, `${file} runs in a browser too`).not.toMatch(/^(node:|vscode$)/);
      if (folder !== "client") expect(name, `${file} runs without VS Code`).not.toBe("vscode");
    }
  }
});

test.each(["server/server.ts", "server/browser/browser.ts", "server/browser/browser-worker.ts"])(
  "all that %s needs runs in a browser too",
  (entry) => {
    const reached = new Set([entry]);
    // Files that are found while it goes are looked at as well.
    for (const file of reached) {
      for (const name of imports(file)) {
        expect(name, `${file} is reached from ${entry}`).not.toMatch(/^node:|\/node$/);
        if (name.endsWith(".ts")) reached.add(path.posix.join(path.posix.dirname(file), name));
      }
    }
    expect(reached.size).toBeGreaterThan(20);
  },
);

test("what package.json names exists", () => {
  const named = [
    manifest.icon,
    ...manifest.contributes.languages.flatMap((language: { configuration: string; icon: Record<string, string> }) => [
      language.configuration,
      ...Object.values(language.icon),
    ]),
    ...manifest.contributes.grammars.map((grammar: { path: string }) => grammar.path),
    ...manifest.contributes.walkthroughs.flatMap(({ steps }: Walkthrough) => steps.map(({ media }) => media.svg)),
    ...Object.values<string>(manifest.scripts).flatMap((script) => script.match(/[\w/.-]+\.mjs/g) ?? []),
  ];
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test("every command is declared, registered and named once", () => {
  const declared = manifest.contributes.commands.map(({ command }: { command: string }) => command).sort();
  const registered = [...read("client/commands.ts").matchAll(/registerCommand\(\s*"([^"]+)"/g)]
    .map((found) => found[1])
    .sort();
  expect(registered).toEqual(declared);
});

interface Walkthrough {
  readonly id: string;
  readonly steps: readonly {
    readonly id: string;
    readonly description: string;
    readonly media: { readonly svg: string; readonly altText: string };
    readonly completionEvents: readonly string[];
  }[];
}

test("the walkthrough names commands and pages that there are, and can be done", () => {
  const commands: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  const ofVSCode = ["editor.action.quickFix", "workbench.actions.view.problems"];
  for (const { steps } of manifest.contributes.walkthroughs as Walkthrough[]) {
    for (const { id, description, media, completionEvents } of steps) {
      const links = [...description.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!);
      const named = [...links, ...completionEvents.map((event) => event.replace(/^on(Command|Link):/, "$1:"))]
        .map((one) => /^command:([^?]+)/i.exec(one)?.[1])
        .filter((command) => command !== undefined);
      expect(
        named.filter((command) => ![...commands, ...ofVSCode].includes(command)),
        id,
      ).toEqual([]);
      const pages = links.flatMap((link) => /^https:.*\/blob\/main\/(.*)$/.exec(link)?.[1] ?? []);
      expect(
        pages.filter((page) => !existsSync(path.join(root, page))),
        id,
      ).toEqual([]);
      expect(
        links.filter((link) => !/^(command|https):/.test(link)),
        id,
      ).toEqual([]);
      // A step that nothing completes would never be checked off.
      for (const event of completionEvents) expect(event).toMatch(/^on(Command|Link|Context):\S/);
      expect(completionEvents).not.toEqual([]);
      expect(media.altText).not.toBe("");
      // VS Code shows it under a policy that allows no style sheet and no script.
      expect(read(media.svg)).not.toMatch(/<style|style=|<script|href=|url\(/);
      expect(read(media.svg)).toContain("var(--vscode-editor-background");
    }
  }
});

test("everything is bundled: nothing is installed with the extension", () => {
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.private).toBe(true);
});

test("no file names a machine's folders or a package registry", () => {
  const forbidden = /\/(?:home|root|Users)\/\w+\/|registry\.npmjs|registry\.yarnpkg|\/work\b/;
  const naming = files.filter(
    (file) => /\.(ts|mjs|cjs|js|json|md|ya?ml|node)$|^\.ci\//.test(file) && forbidden.test(read(file)),
  );
  expect(naming.filter((file) => file !== "test/house.test.ts")).toEqual([]);
});

test("sources stay short enough to read", () => {
  const long = sources.filter((file) => read(file).split("\n").length > 251);
  expect(long).toEqual([]);
});

test("nothing is left to do in the sources", () => {
  expect(sources.filter((file) => /\b(TODO|FIXME|XXX)\b/.test(read(file)))).toEqual([]);
});

test.each(["package-lock.json", "test/e2e/package-lock.json"])("%s names the packages of every platform", (file) => {
  interface Locked {
    dependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
  }
  const packages: Record<string, Locked> = JSON.parse(read(file)).packages;
  /** Where Node.js would find it: beside the package, or in a folder above it. */
  const isFound = (from: string, name: string): boolean =>
    `${from && `${from}/`}node_modules/${name}` in packages ||
    (from !== "" && isFound(from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/"))), name));
  // npm leaves out an optional one that the registry did not have when the file was written; `npm ci` then refuses it.
  const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !isFound(from, name)),
  );
  expect(missing).toEqual([]);
});
