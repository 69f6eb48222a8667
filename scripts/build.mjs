// Bundles what ships into dist/: `node scripts/build.mjs`, for a release `node scripts/build.mjs --release`.
import { chmodSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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

/** Writes dist/extension.cjs, server.js, worker.js and cli.js: each complete in itself. False where one does not build. */
export async function buildAll({ release = false } = {}) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20",
    minify: release,
    sourcemap: !release,
    legalComments: release ? "external" : "none",
    logLevel: "warning",
  };
  const modules = { ...common, format: "esm", banner: { js: requireInModule } };
  const bundles = [
    build({
      ...common,
      format: "cjs",
      entryPoints: ["client/extension.ts"],
      outfile: "dist/extension.cjs",
      external: ["vscode"],
    }),
    build({ ...modules, entryPoints: ["server/main.ts"], outfile: "dist/server.js" }),
    build({ ...modules, entryPoints: ["server/worker.ts"], outfile: "dist/worker.js" }),
    build({
      ...modules,
      entryPoints: ["cli/main.ts"],
      outfile: "dist/cli.js",
      banner: { js: `#!/usr/bin/env node\n${requireInModule}` },
      plugins: [serverBesideCli],
    }),
  ];
  // All of them are tried, so that one run shows every error; esbuild has printed them.
  const failed = (await Promise.allSettled(bundles)).some(({ status }) => status === "rejected");
  if (failed) return false;
  chmodSync(path.join(root, "dist/cli.js"), 0o755);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!(await buildAll({ release: process.argv.includes("--release") }))) process.exit(1);
}
