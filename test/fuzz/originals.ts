import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { tensorSource } from "../../weights/source.ts";
import type { Originals } from "./documents.ts";

/** The samples with their weights, and all statements that there are; in the project's folder. */
export function originals(): Originals {
  const samples = readdirSync("samples").filter((file) => file.endsWith(".node"));
  const texts = [...samples.map((file) => path.join("samples", file)), "test/syntaxes/statements.node"].map((file) =>
    readFileSync(file, "utf8"),
  );
  const weights = readdirSync("samples/weights");
  const files = weights.map((file) => [`weights/${file}`, new Uint8Array(readFileSync(`samples/weights/${file}`))]);
  return { texts, source: tensorSource(new Map(files as [string, Uint8Array][])) };
}
