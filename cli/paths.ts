import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { systemErrorText } from "../server/files/system-error.ts";
import { isBinaryFile } from "./documents.ts";

export interface FoundFiles {
  /** Paths to open, `-` for standard input, each file once; forward slashes. */
  readonly files: readonly string[];
  /** Arguments that name nothing to work on, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * The files that PATH arguments mean: a file itself, whatever its name; of a folder and all below it, and of a
 * pattern, the model files. Node.js's binary add-ons and what lies in node_modules are no model files. A path that
 * does not exist is among the files: reading it says so.
 */
export async function findFiles(args: readonly string[]): Promise<FoundFiles> {
  const files = new Map<string, string>();
  const problems: string[] = [];
  for (const arg of args) {
    const found = await expand(arg);
    if (typeof found === "string") problems.push(found);
    else for (const file of found) addOnce(files, file, await identity(file));
  }
  return { files: [...files.values()], problems };
}

/** The files of one argument in the order of their names, or why there are none. */
async function expand(arg: string): Promise<string[] | string> {
  if (arg === "-") return [arg];
  const kind = await stat(arg).then(
    (status) => (status.isDirectory() ? "folder" : "file"),
    () => "missing",
  );
  const pattern = slashes(arg);
  if (kind === "missing" && !isDynamicPattern(pattern)) return [pattern];
  const [base, rest] = kind === "missing" ? splitPattern(pattern) : [arg, "**/*.node"];
  if (inNodeModules(path.resolve(base))) {
    return `${arg}: not read, .node files inside node_modules are Node.js's binary add-ons`;
  }
  if (kind === "file") return [pattern];
  const found = await search(rest, base);
  if (found.length > 0) return found;
  if (kind === "missing") return `${arg}: no model file (.node) matches this pattern`;
  const trouble = await readdir(arg).then(() => null, systemErrorText);
  return trouble === null ? `${arg}: no model file (.node) in this folder` : `${arg}: cannot be read: ${trouble}`;
}

async function search(pattern: string, folder: string): Promise<string[]> {
  const matches = await glob(pattern, {
    cwd: folder,
    expandDirectories: false,
    ignore: "**/node_modules/**",
  });
  // By real path, the shortest first: a symbolic link to a folder above would show every file again and again.
  const files = new Map<string, string>();
  for (const match of matches.sort((a, b) => a.length - b.length || compare(a, b))) {
    const file = path.join(folder, match);
    if (!match.endsWith(".node") || inNodeModules(match) || (await isBinaryFile(file))) continue;
    addOnce(files, slashes(file), await identity(file));
  }
  return [...files.values()].sort(compare);
}

/** The folder that a pattern begins with, and the rest of it: `../models/*.node` is `*.node` in `../models`. */
function splitPattern(pattern: string): [string, string] {
  const segments = pattern.split("/");
  const first = segments.findIndex((segment) => isDynamicPattern(segment));
  return first <= 0 ? [".", pattern] : [`${segments.slice(0, first).join("/")}/`, segments.slice(first).join("/")];
}

/** On Windows a backslash separates folders, although in a pattern it would escape. */
export function toPattern(arg: string, separator: string): string {
  return separator === "\\" ? arg.replaceAll("\\", "/") : arg;
}

function slashes(file: string): string {
  return toPattern(file, path.sep);
}

function inNodeModules(file: string): boolean {
  return file.split(/[\\/]/).includes("node_modules");
}

function addOnce(files: Map<string, string>, file: string, key: string): void {
  if (!files.has(key)) files.set(key, file);
}

function identity(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
