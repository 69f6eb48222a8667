import { createColors } from "picocolors";
import type { AnalysisOptions } from "../analysis/report.ts";
import { codes } from "../server/files/document-text.ts";
import { checkDocument } from "./check-document.ts";
import { checkFile, type FileResult } from "./check-file.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { findFiles } from "./paths.ts";
import { isInputError, prettyFile, prettySummary } from "./pretty.ts";
import { startProgress } from "./progress.ts";
import { sarifLog } from "./sarif.ts";
import { report, wantsColor } from "./streams.ts";

export interface CheckOptions {
  readonly format: "pretty" | "json" | "sarif";
  readonly model: string | null;
  readonly analysis: AnalysisOptions;
}

/**
 * `contrax check PATH…`: results to standard output, messages about the call to standard error.
 *
 * @returns the exit status
 */
export async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  const { files, problems } = await findFiles(paths);
  for (const problem of problems) report(problem);
  const interrupt = onInterrupt();

  const colors = createColors(wantsColor(process.stdout));
  const progress = startProgress();
  const results: FileResult[] = [];
  for (const file of files) {
    if (interrupt.signal.aborted) break;
    const result = await checkFile(file, { ...options, signal: interrupt.signal, onProgress: progress.show });
    progress.clear();
    results.push(result);
    const [first] = result.diagnostics;
    if (first?.code === codes.unreadable) report(first.message);
    else if (options.format === "pretty") process.stdout.write(prettyFile(result, colors));
  }

  interrupt.release();

  const noSuchModel = missingModel(results, options.model);
  if (noSuchModel !== null) report(noSuchModel);
  const said = noSuchModel === null ? problems : [...problems, noSuchModel];
  const status = interrupt.signal.aborted ? interruptedStatus : said.length > 0 ? 2 : statusOf(results);
  if (options.format === "json") print(checkDocument(results));
  else if (options.format === "sarif") print(sarifLog({ results, problems: said, status, folder: process.cwd() }));
  else if (results.length > 0) process.stdout.write(`${prettySummary(results)}\n`);
  return status;
}

function print(document: object): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** 2 where the input is wrong, 1 where a requirement is not proved, else 0. */
function statusOf(results: readonly FileResult[]): number {
  if (results.some(({ diagnostics }) => diagnostics.some(isInputError))) return 2;
  const answers = results.flatMap(({ models }) => models.flatMap(({ report }) => report.requirements));
  return answers.some(({ verdict }) => verdict !== "proved") ? 1 : 0;
}

/** Why `--model` chose nothing; null where it did, or where the files themselves are the problem. */
function missingModel(results: readonly FileResult[], chosen: string | null): string | null {
  const names = results.flatMap(({ modelNames }) => modelNames);
  if (chosen === null || names.length === 0 || names.includes(chosen)) return null;
  return `no model is called ${JSON.stringify(chosen)}; there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
}
