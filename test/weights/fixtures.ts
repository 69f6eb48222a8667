import { readdirSync, readFileSync } from "node:fs";
import type { LoadFailure, Tensor } from "../../model/tensor.ts";
import { tensorSource } from "../../weights/source.ts";

const folder = new URL("./fixtures/", import.meta.url);

export const fixtureNames = readdirSync(folder).filter((name) => !name.endsWith(".py"));

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** What `load(file, name)` gets when the host has read these bytes. */
export function load(file: string, name: string | null, bytes = fixture(file)): Tensor | LoadFailure {
  return tensorSource(new Map([[file, bytes]])).tensor(file, name);
}

/** The same, for a file that must be readable: shape and numbers. */
export function loaded(file: string, name: string | null = null, bytes = fixture(file)) {
  const tensor = load(file, name, bytes);
  if ("code" in tensor) throw new Error(`${tensor.code} ${tensor.message}`);
  return { shape: [...tensor.shape], data: [...tensor.data], dtype: tensor.dtype };
}

/** The same, for a file that must be refused: code and message. */
export function refused(file: string, name: string | null = null, bytes = fixture(file)): string {
  const failure = load(file, name, bytes);
  if (!("code" in failure)) throw new Error(`${file} was read`);
  return `${failure.code} ${failure.message}`;
}

/** The fixtures' contents by formula, as make_fixtures.py states it. */
export function closedForm(kind: "float" | "signed" | "unsigned" | "bool", count: number): number[] {
  const element = {
    float: (k: number) => (k - 3) / 4,
    signed: (k: number) => k - 3,
    unsigned: (k: number) => k + 1,
    bool: (k: number) => k % 2,
  }[kind];
  return Array.from({ length: count }, (_, k) => element(k));
}

export function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
