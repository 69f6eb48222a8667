import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { type Bounds, SLOPES, TOLERANCE } from "./bounds.ts";

/** Where the peer and its instances are, beside the project's folder; a user has neither. */
export const folder = path.resolve("../shared");
const program = path.join(folder, "bench/reference.py");
const trained = path.join(folder, "data/mnist-node/mnist-node-64.safetensors");

/** The trained layer is in a file that the peer's command line does not read. */
const trainedProgram = `
import sys, json; sys.path.insert(0, sys.argv[1])
import numpy as np, reference as r
A = r.load(sys.argv[2])["ode.weight"]; n = len(A)
F = r.form([A, np.eye(n)], np.zeros((n, n)))
print(json.dumps(r.solve(F, np.full(n, float(sys.argv[3])), np.ones(n), float(sys.argv[4]), float(sys.argv[5]), False)))`;

/** Why there is no peer to compare with; null where there is one. */
export function missingPeer(): string | null {
  if (!existsSync(program)) return "it is not here";
  const { status } = spawnSync("python3", ["-c", "import numpy, scipy"], { stdio: "ignore" });
  return status === 0 ? null : "python3 with numpy and scipy is not here";
}

/** @throws {Error} with the peer's last words, where it fails. */
export function peerBounds(name: string, seconds: number): Bounds {
  const options = ["--slopes", `${SLOPES[0]}`, "--tol", `${TOLERANCE}`, "--seconds", `${seconds}`];
  const args =
    name === "trained-64"
      ? ["-c", trainedProgram, path.dirname(program), trained, `${SLOPES[0]}`, `${TOLERANCE}`, `${seconds}`]
      : [program, name, ...options];
  const env = { ...process.env, OPENBLAS_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" };
  const { status, stdout, stderr } = spawnSync("python3", args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
  return JSON.parse(stdout);
}

export interface PeerRepair {
  readonly lower: number;
  readonly upper: number;
  readonly seconds: number;
}

/** @param question `A16:0`. @throws {Error} with the peer's last words, where it fails. */
export function peerRepair(question: string, gap: number, seconds: number): PeerRepair {
  const args = [
    "bench/repair-reference.py",
    question,
    "--slopes",
    `${SLOPES[0]}`,
    "--gap",
    `${gap}`,
    "--seconds",
    `${seconds}`,
  ];
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  const { status, stdout, stderr } = spawnSync("python3", args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
  return JSON.parse(stdout);
}
