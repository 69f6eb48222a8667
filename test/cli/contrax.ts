import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The bundle that ships. */
export const bundle = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export interface Run {
  /** null where a signal has ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `contrax …` in a process of its own, without a terminal. */
export function contrax(args: readonly string[], cwd: string, input: string | Uint8Array = "", env = {}): Promise<Run> {
  if (!existsSync(bundle)) throw new Error("dist/cli.js is missing: run `npm run build` first");
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [bundle, ...args], { cwd, env: { ...inherited, ...env } });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  // It may end without having read everything.
  child.stdin.on("error", () => {}).end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (status) => resolve({ status, ...output }));
  });
}

/** A new folder with these files; the caller removes it with `remove`. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(path.join(tmpdir(), "contrax-cli-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** x' = act(A x), torchdiffeq's spiral: its largest logarithmic 2-norm is 0.42562464… at slopes [1, 0.5]. */
export const spiral = `model Spiral {
  state x[2]
  param A = [[-0.1, 2], [-2, -0.1]]
  activation act = smooth_leaky_relu(0.5)
  layer h = act(A * x)
  flow x' = h
  require lognorm(2) <= 0
}
`;

/** x' = tanh(A x) - 3 x with ||A||_2 = 2: its logarithmic 2-norm is at most -1. */
export const contractive = `model Contractive {
  state x[2]
  param A = [[0, 2], [-2, 0]]
  flow x' = tanh(A * x) - 3 * x
  require lognorm(2) <= -1
}
`;
