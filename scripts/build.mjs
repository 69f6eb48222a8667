// Bundles what ships into dist/: `node scripts/build.mjs`, for a release `node scripts/build.mjs --release`.
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { notices } from "./notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS packages inside an ES module ask for `require`. */
const requireInModule = `import { createRequire as contraxRequire } from "node:module";
const require = contraxRequire(import.meta.url);`;

/** `contrax lsp` starts the server's own bundle instead of carrying a second copy. */
const serverBesideCli = {
  name: "server-beside-cli",
  setup(api) {
    api.onResolve({ filter: /\/server\/main\.ts$/ }, () => ({ path: "./server.js", external: true }));
  },
};

/**
 * Writes dist/extension.cjs, server.js, worker.js, helper.js, cli.js and library/, each complete in itself, and the licences of what they
 * hold.
 * @returns {Promise<boolean>} false where one does not build; esbuild has printed why
 */
export async function buildAll({ release = false } = {}) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    minify: release,
    sourcemap: !release,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  };
  const module = { ...common, format: "esm", banner: { js: requireInModule } };
  const bundles = await Promise.allSettled([
    build({
      ...common,
      format: "cjs",
      entryPoints: ["client/extension.ts"],
      outfile: "dist/extension.cjs",
      external: ["vscode"],
    }),
    build({ ...module, entryPoints: ["server/main.ts"], outfile: "dist/server.js" }),
    build({ ...module, entryPoints: ["server/worker.ts"], outfile: "dist/worker.js" }),
    build({ ...module, entryPoints: ["server/helper.ts"], outfile: "dist/helper.js" }),
    // The library runs in a browser, too.
    build({
      ...common,
      platform: "neutral",
      mainFields: ["module", "main"],
      format: "esm",
      entryPoints: { index: "library/index.ts", verify: "verify/verify.ts" },
      outdir: "dist/library",
    }),
    build({
      ...module,
      entryPoints: ["cli/main.ts"],
      outfile: "dist/cli.js",
      banner: { js: `#!/usr/bin/env node\n${requireInModule}` },
      plugins: [serverBesideCli],
    }),
  ]);
  if (bundles.some(({ status }) => status === "rejected")) return false;
  chmodSync(path.join(root, "dist/cli.js"), 0o755);
  writeTypes();
  const inputs = bundles.flatMap(({ value }) => Object.keys(value.metafile.inputs));
  writeFileSync(path.join(root, "dist/NOTICES.txt"), notices(root, inputs));
  return true;
}

/** The library's declarations, by the compiler; the tests look at them, a build does not fail for them. */
function writeTypes() {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", path.join(root, "tsconfig.library.json")], { stdio: "inherit" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!(await buildAll({ release: process.argv.includes("--release") }))) process.exit(1);
}
