// Bundles what ships into dist/: `node scripts/build.mjs`, for a release `node scripts/build.mjs --release`.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { languageClient } from "./language-client.mjs";
import { notices } from "./notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS packages inside ES modules get Node.js's own modules by import: `require` is not there, least of all in a browser. */
const builtinsByImport = {
  name: "builtins-by-import",
  setup(api) {
    api.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path: name, kind }) =>
      kind === "require-call" && isBuiltin(name) ? { path: name, namespace: "builtin" } : null,
    );
    api.onLoad({ filter: /./, namespace: "builtin" }, ({ path: name }) => ({ contents: `export * from "${name}";` }));
  },
};

/** Imports a module that is another bundle. */
const besideIt = (from, to) => ({
  name: "beside-it",
  setup(api) {
    api.onResolve({ filter: /^\./ }, ({ path: name }) => (name === from ? { path: to, external: true } : null));
  },
});

/**
<<<<<<< HEAD
 * Writes dist/client/, the extension for Node.js and for a browser; the modules server.js, worker.js, helper.js and cli.js for Node.js, browser.js and
=======
 * Writes dist/client/extension.js and the page that it opens, preview.js and preview-style.css; the modules server.js, worker.js, helper.js and cli.js for Node.js, browser.js and
>>>>>>> page
 * browser-worker.js for a browser, and the chunks that they share; browser-start.js, which starts browser.js; the library;
 * and the licences of what they hold.
 * @returns {Promise<boolean>} false where one does not build; esbuild has printed why
 */
export async function buildAll({ release = false } = {}) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    // What has two forms is named by the one that is meant.
    conditions: ["browser"],
    target: "node20",
    minify: release,
    sourcemap: !release,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  };
  removeChunks();
  const bundles = await Promise.allSettled([
    build({
      ...common,
      format: "cjs",
      entryPoints: ["client/extension.ts", "client/browser-extension.ts"],
      outdir: "dist/client",
      external: ["vscode"],
      plugins: [languageClient],
    }),
    // The preview's page and its style sheet: their sources are not given away with them, and a page cannot read them.
    build({
      ...common,
      platform: "browser",
      target: "es2023",
      format: "iife",
      sourcemap: false,
      entryPoints: { preview: "client/preview/page/main.ts", "preview-style": "client/preview/page/page.css" },
      outdir: "dist/client",
    }),
    build({
      ...common,
      format: "iife",
      entryPoints: ["server/browser/browser-start.ts"],
      outfile: "dist/browser-start.js",
      plugins: [besideIt("./browser.ts", "./browser.js")],
    }),
    build({
      ...common,
      format: "esm",
      splitting: true,
      entryPoints: {
        server: "server/main.ts",
        worker: "server/runs/worker.ts",
        helper: "server/runs/helper.ts",
        cli: "cli/main.ts",
        browser: "server/browser/browser.ts",
        "browser-worker": "server/browser/browser-worker.ts",
      },
      // Beside the others: what starts a thread finds its module beside itself.
      outdir: "dist",
      // Its synchronous functions alone are used: the same in a browser.
      alias: { fflate: "fflate/browser" },
      plugins: [builtinsByImport],
    }),
    // The library runs in a browser, too.
    build({
      ...common,
      platform: "neutral",
      mainFields: ["module", "main"],
      format: "esm",
      entryPoints: { index: "library/index.ts", verify: "verify/verify.ts" },
      outdir: "dist/library",
    }),
  ]);
  if (bundles.some(({ status }) => status === "rejected")) return false;
  // Which kind of module a file is, says the manifest in the nearest folder.
  writeFileSync(path.join(root, "dist/package.json"), '{ "type": "module" }\n');
  writeFileSync(path.join(root, "dist/client/package.json"), '{ "type": "commonjs" }\n');
  chmodSync(path.join(root, "dist/cli.js"), 0o755);
  writeTypes();
  const inputs = bundles.flatMap(({ value }) => Object.keys(value.metafile.inputs));
  writeFileSync(path.join(root, "dist/NOTICES.txt"), notices(root, inputs));
  return true;
}

/** Their names change with what they hold: those of earlier builds would be packed, too. */
function removeChunks() {
  const folder = path.join(root, "dist");
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) if (/^chunk-.*\.js(\.map)?$/.test(file)) rmSync(path.join(folder, file));
}

/** The library's declarations, by the compiler; the tests look at them, a build does not fail for them. */
function writeTypes() {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", path.join(root, "tsconfig.library.json")], { stdio: "inherit" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!(await buildAll({ release: process.argv.includes("--release") }))) process.exit(1);
}
