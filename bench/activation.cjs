// In a process of its own: requires the extension's bundle, activates it in an editor that does nothing, and prints how many
// milliseconds that took, and how many of a processor's, as JSON. The extension's own work is done when `activate` waits for
// the first time, for its server. V8 compiles the bundle anew each time: VS Code 1.100 hands it nothing compiled before.
const { readFileSync } = require("node:fs");
const Module = require("node:module");

/** What can be called and constructed. */
function nothing() {}

/** Whatever is asked of it: a function, a class, an object, an event. */
function stub() {
  const known = new Map();
  return new Proxy(nothing, {
    get(_, name) {
      if (name === "then" || name === Symbol.iterator) return undefined;
      if (name === "prototype") return Object.prototype;
      if (name === Symbol.toPrimitive) return () => "1.100.0";
      if (name === "toString") return () => "stub";
      // Lists of documents, editors, folders, tabs.
      if (/^(textDocuments|visibleTextEditors|all|tabs|groups|notebookDocuments|visibleNotebookEditors)$/.test(name))
        return [];
      if (name === "workspaceFolders" || name === "activeTextEditor") return undefined;
      if (!known.has(name)) known.set(name, stub());
      return known.get(name);
    },
    apply: stub,
    construct: stub,
    has: () => true,
  });
}

// Node.js's own modules are there already: the process is that of all extensions.
for (const name of ["child_process", "crypto", "fs", "net", "os", "path", "stream", "url", "util"]) require(name);

const load = Module._load;
// As many members as VS Code's module has: a bundle may look at all of them.
const declarations = readFileSync(require.resolve("@types/vscode/index.d.ts"), "utf8");
const members = declarations.matchAll(/^\texport (?:abstract )?(?:class|const|enum|function|let|namespace) (\w+)/gm);
const vscode = Object.fromEntries([...members].map(([, name]) => [name, stub()]));
vscode.version = "1.100.0";
Module._load = (request, ...rest) => (request === "vscode" ? vscode : load(request, ...rest));

const bundle = process.argv[2];
const usedBefore = process.cpuUsage();
const start = performance.now();
const extension = require(bundle);
const context = { subscriptions: [], asAbsolutePath: (path) => path, extension: { packageJSON: {} } };
Promise.resolve(extension.activate(context)).catch(() => {});
setImmediate(() => {
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(usedBefore);
  console.log(JSON.stringify({ elapsed, processor: (user + system) / 1000 }));
  process.exit();
});
