// The language client for VS Code is published as CommonJS: of 120 files, each a function that runs when it is first
// asked for and copies what others export. That is most of what an extension does at its start. TypeScript has written
// them from ES modules, in few forms; taken back into those, a bundle holds what is used, and nothing is copied.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";

/** What the client could do and the server does not offer: its capabilities do not name it, and it is left out. */
export const unserved = [
  "callHierarchy",
  "colorProvider",
  "declaration",
  "fileOperations",
  "implementation",
  "inlineCompletion",
  "inlineValue",
  "linkedEditingRange",
  "textDocumentContent",
  "typeDefinition",
  "typeHierarchy",
];

const packages =
  /[\\/]node_modules[\\/]vscode-(?:jsonrpc|languageclient|languageserver-(?:protocol|types))[\\/]lib[\\/].*\.js$/;
/** Of their files, those that do nothing when they run but say what they export. */
const declaring = /[\\/]lib[\\/](?:common|esm)[\\/]/;

/** In place of packages of which nothing is used. */
const standIns = new Map([
  // The documents' selector, the extension's own, has no patterns; the server asks for no notebooks.
  ["minimatch", "export class Minimatch { makeRe() { throw new Error('patterns are not bundled'); } }"],
  // The manifest names the version of VS Code, and a VS Code before it does not take the extension.
  ["semver/functions/parse", "export default (version) => ({ version });"],
  ["semver/functions/satisfies", "export default () => true;"],
]);

/** For the bundles of `client/`. */
export const languageClient = {
  name: "language-client",
  setup(api) {
    api.onResolve({ filter: /^(minimatch|semver\/.*)$/ }, ({ path: name }) => ({ path: name, namespace: "stand-in" }));
    api.onLoad({ filter: /./, namespace: "stand-in" }, ({ path: name }) => ({ contents: standIns.get(name) }));
    // VS Code's module has some hundred members: it is asked for once, and they are not copied for each file.
    api.onResolve({ filter: /^the-editor$/ }, () => ({ path: "vscode", namespace: "the-editor" }));
    api.onLoad({ filter: /./, namespace: "the-editor" }, () => ({ contents: `export const api = require("vscode");` }));
    api.onLoad({ filter: /[\\/]client[\\/].+\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replace(/^import \* as (\w+) from "vscode";$/m, editor),
      loader: "ts",
    }));
    api.onResolve({ filter: /^(\.|vscode-(jsonrpc|languageserver-(protocol|types))$)/ }, async (asked) => {
      if (asked.pluginData === languageClient || !packages.test(asked.importer)) return null;
      const { importer, resolveDir, kind } = asked;
      const found = await api.resolve(asked.path, { importer, resolveDir, kind, pluginData: languageClient });
      return { ...found, sideEffects: !declaring.test(found.path) };
    });
    api.onLoad({ filter: packages }, ({ path: file }) => {
      const text = readFileSync(file, "utf8");
      const isClient = file.endsWith(path.join("languageclient", "lib", "common", "client.js"));
      return { contents: asModule(isClient ? withoutUnserved(text) : text, file) };
    });
  },
};

const editor = (_, name) => `import { api as ${name} } from "the-editor";`;

/** @throws Error where a feature is not registered as it was when this was written */
function withoutUnserved(text) {
  return unserved.reduce((rest, name) => {
    const without = rest.replace(
      new RegExp(`^ *this\\.registerFeature\\(new ${name}_1\\.\\w+\\(this\\)\\);\n`, "gm"),
      "",
    );
    if (without === rest) throw new Error(`the language client registers ${name} in another way now`);
    return without;
  }, text);
}

/**
 * The ES module that TypeScript has written a CommonJS file from.
 *
 * @throws Error where something is left that only CommonJS has
 */
function asModule(text, file) {
  const modules = new Map();
  const names = new Set();
  const written = text
    // What TypeScript puts before it: functions that import and export.
    .replace(/^var __\w+ = \(this && this\.__\w+\)[\s\S]*?^\}[()]*;\n/gm, "")
    .replace(/^(?:"use strict"|Object\.defineProperty\(exports, "__esModule".*|(?:exports\.\w+ = )+void 0);\n/gm, "")
    .replace(/^__exportStar\(require\("(.+)"\), exports\);$/gm, 'export * from "$1";')
    .replace(
      /^(?:const|var) (\w+) = (?:(__importStar|__importDefault)\()?require\("(.+)"\)\)?;$/gm,
      (_, name, form, module) => {
        modules.set(name, module);
        if (module === "vscode") return editor(_, name);
        if (isBuiltin(module)) return `const ${name} = require("${module}");`;
        // A package that is a function.
        const isFunction = form === undefined && module.startsWith("semver/");
        return `import ${isFunction ? name : `* as ${name}`} from "${module}";`;
      },
    )
    .replace(
      /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/gm,
      (_, name, from, its) => `export { ${its} as ${name} } from "${modules.get(from)}";`,
    )
    .replace(/\bexports\.(\w+)/g, (_, name) => {
      names.add(name);
      return `$${name}`;
    });
  const left = /^.*(?:\bexports\b|\b__(?:import|export)\w+|\brequire\("(?!\w+"\);$)).*$/m.exec(
    withoutComments(written),
  );
  if (left !== null) throw new Error(`${file} cannot be taken as an ES module: ${left[0].trim()}`);
  return withNamespaces([...names].reduce(withExport, written));
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

/** With `name` exported, of which the text speaks as `$name`. */
function withExport(text, name) {
  // Exported under its own name, it is left out where nobody imports it.
  const own = new RegExp(`^\\$${name} = ${name};\n|\\$${name} = (?=${name} = \\{\\}\\)\\);$)`, "m");
  const rest = text.replace(own, "");
  return new RegExp(`\\$${name}\\b`).test(rest)
    ? `var $${name};\nexport { $${name} as ${name} };\n${text}`
    : `export { ${name} };\n${rest}`;
}

/** With TypeScript's namespaces as expressions that are left out where nothing of them is used. */
function withNamespaces(text) {
  return text.replace(
    /^(export )?var (\w+);\n\(function \(\2\) \{\n([\s\S]*?)^\}\)\(\2 \|\| \(\2 = \{\}\)\);$/gm,
    (_, exported = "", name, body) =>
      `${exported}var ${name} = /* @__PURE__ */ (function (${name}) {\n${body}return ${name};\n})({});`,
  );
}
