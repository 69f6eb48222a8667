// So that every npm script works in a fresh clone: installs the packages where they are absent or not the locked ones.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs `npm ci` in `folder` unless its node_modules holds what its lock file asks for; says so when it does. */
export function ensureInstalled(folder = root) {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    console.error(`Contrax needs Node.js 20 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  if (isInstalled(folder)) return;
  console.log(`Installing the packages of ${path.relative(root, folder) || "this project"} (npm ci) …`);
  execFileSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}

function isInstalled(folder) {
  let locked, present;
  try {
    locked = JSON.parse(readFileSync(path.join(folder, "package-lock.json"), "utf8")).packages;
    present = JSON.parse(readFileSync(path.join(folder, "node_modules/.package-lock.json"), "utf8")).packages;
  } catch {
    return false;
  }
  // Optional packages are those of other platforms: npm leaves them out.
  return Object.entries(locked).every(
    ([at, { version, optional }]) => at === "" || optional || present[at]?.version === version,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
