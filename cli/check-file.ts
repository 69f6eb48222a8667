import { setImmediate } from "node:timers/promises";
import { TextDocument } from "vscode-languageserver-textdocument";
import { analyseModel } from "../analysis/model-analysis.ts";
import type { AnalysisOptions, ModelReport } from "../analysis/report.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { parse } from "../grammar/parse.ts";
import type { Tree } from "../grammar/tree.ts";
import { compile } from "../model/compile.ts";
import type { Model } from "../model/model.ts";
import { verdictDiagnostics } from "../service/verdicts.ts";
import { tensorSource } from "../weights/source.ts";
import { readDocument, readWeights, standardInput } from "./documents.ts";

/** A failure that no input should cause. */
const internalCode = "CX502";

/** What `check` found in one file. */
export interface FileResult {
  /** As messages call it. */
  readonly file: string;
  /** Without a byte-order mark; empty where the file could not be read. */
  readonly document: TextDocument;
  /** In the order of their places. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of every model in the text, those with errors included. */
  readonly modelNames: readonly string[];
  readonly models: readonly { readonly model: Model; readonly report: ModelReport }[];
}

export interface CheckContext {
  /** Only the models of this name; null for all. */
  readonly model: string | null;
  readonly analysis: AnalysisOptions;
  /** Ends the analysis with what it has found so far. */
  readonly signal: AbortSignal;
  readonly onProgress: (file: string, model: Model, report: ModelReport) => void;
}

/** How long the analysis may run before signals get their turn, in milliseconds. */
const slice = 50;

/** Reads, checks and analyses one file (`-`: standard input). Whatever goes wrong is among the diagnostics. */
export async function checkFile(name: string, context: CheckContext): Promise<FileResult> {
  const file = name === "-" ? standardInput : name;
  const read = await readDocument(name);
  if ("problem" in read) return failed(file, read.code, `${file}: ${read.problem}`);
  const text = read.text.replace(/^\ufeff/, "");
  try {
    return await checkText(file, text, name === "-" ? "." : name, context);
  } catch (error) {
    return failed(file, internalCode, `${file} could not be checked: ${internal(error)}`);
  }
}

async function checkText(file: string, text: string, place: string, context: CheckContext): Promise<FileResult> {
  const tree = parse(text);
  const compilation = compile(tree, tensorSource(await readWeights(tree, place)));
  const diagnostics = [...tree.diagnostics, ...compilation.diagnostics].filter(concerns(tree, context.model));
  const models: FileResult["models"][number][] = [];
  for (const model of compilation.models) {
    if (context.model !== null && model.name !== context.model) continue;
    if (context.signal.aborted) break;
    try {
      const report = await analyse(file, model, context);
      diagnostics.push(...verdictDiagnostics(model, report));
      models.push({ model, report });
    } catch (error) {
      const message = `${model.name} could not be analysed: ${internal(error)}`;
      diagnostics.push({ code: internalCode, severity: "error", message, span: model.nameSpan });
    }
  }
  return {
    file,
    document: TextDocument.create("", "contrax", 0, text),
    diagnostics: diagnostics.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
    modelNames: tree.models.map(({ name }) => name.text),
    models,
  };
}

/** With a model chosen, what is said inside the others is not asked for. */
function concerns(tree: Tree, chosen: string | null): (diagnostic: Diagnostic) => boolean {
  const others = tree.models.filter(({ name }) => chosen !== null && name.text !== chosen);
  return ({ span }) => !others.some((other) => other.span.start <= span.start && span.end <= other.span.end);
}

async function analyse(
  file: string,
  model: Model,
  { analysis, signal, onProgress }: CheckContext,
): Promise<ModelReport> {
  const run = analyseModel(model, analysis);
  let paused = performance.now();
  for (;;) {
    const { value: report, done } = run.next();
    if (done) return report;
    if (performance.now() - paused < slice) continue;
    onProgress(file, model, report);
    await setImmediate();
    if (signal.aborted) {
      run.return(report);
      // What is open in it says of itself that it was cancelled.
      return { ...report, finished: true };
    }
    paused = performance.now();
  }
}

function failed(file: string, code: string, message: string): FileResult {
  return {
    file,
    document: TextDocument.create("", "contrax", 0, ""),
    diagnostics: [{ code, severity: "error", message, span: { start: 0, end: 0 } }],
    modelNames: [],
    models: [],
  };
}

/** A failure that no input should cause: out of memory, or a mistake in Contrax. */
function internal(error: unknown): string {
  return `${error instanceof Error ? error.message : String(error)} (a mistake in Contrax: please report it)`;
}
