// In a process of its own: requires the extension's bundle, activates it in an editor that does nothing, and prints how many
// milliseconds that took, as JSON. The extension's own work is done when `activate` waits for the first time, for its server.
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
      if (name === "version") return "1.100.0";
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
// A bundle looks for what it imports on an object that inherits from the module's prototype.
const vscode = Object.create(stub());
Module._load = (request, ...rest) => (request === "vscode" ? vscode : load(request, ...rest));

const bundle = process.argv[2];
const start = performance.now();
const extension = require(bundle);
const required = performance.now();
const context = { subscriptions: [], asAbsolutePath: (path) => path, extension: { packageJSON: {} } };
Promise.resolve(extension.activate(context)).catch(() => {});
// What is imported for this kind of editor, and the client, come a few turns later.
setImmediate(() => {
  const activated = performance.now();
  console.log(JSON.stringify({ required: required - start, activated: activated - required }));
  process.exit();
});
