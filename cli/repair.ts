import { createColors } from "picocolors";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Restrictions } from "../analysis/repair/problem.ts";
import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import type { Model, Norm } from "../model/model.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import { tensorSource } from "../weights/source.ts";
import { readDocument, readWeights, standardInput } from "./documents.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { isInputError, prettyDiagnostic } from "./pretty.ts";
import { repairDocument } from "./repair-document.ts";
import type { Method } from "./repair-json.ts";
import { goalsOf, type ModelRepair, repairModel } from "./repair-model.ts";
import { RepairOutput } from "./repair-output.ts";
import { repairSummary } from "./repair-text.ts";
import { report, wantsColor } from "./streams.ts";

export interface RepairOptions {
  readonly method: Method;
  /** Names; null for every one that can be changed so. */
  readonly params: readonly string[] | null;
  readonly model: string | null;
  readonly norm: Norm | null;
  /** Null for what the file requires. */
  readonly target: number | null;
  readonly restrictions: Restrictions | null;
  readonly seconds: number;
  readonly write: boolean;
  readonly output: string | null;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * `contrax repair FILE`: makes models meet what is required of them. The changed text goes to the file itself, to another
 * one or to standard output; the summary to standard error where the text is on standard output.
 *
 * @returns the exit status
 */
export async function repair(name: string, options: RepairOptions): Promise<number> {
  const { output, write, dryRun, json } = options;
  const file = name === "-" ? standardInput : name;
  const wrong = wrongCall(name, options);
  if (wrong !== null) return refused(wrong);
  const read = await readDocument(name);
  if ("problem" in read) return refused(`${file}: ${read.problem}`);
  const place = name === "-" ? "." : name;
  const checked = await checkedText(read.text.replace(/^\ufeff/, ""), place);
  const models = chosenModels(file, checked, options.model);
  if (models === null) return 2;
  const asked = models
    .map((model) => ({ model, goals: goalsOf(model, options) }))
    .filter(({ goals }) => goals.length > 0);
  if (asked.length === 0) return refused(nothingRequired(models, options));
  const target = new RepairOutput(read.text, place, write ? name : output, checked);
  const problem = write ? null : await target.problem();
  if (problem !== null) return refused(problem);

  const interrupt = onInterrupt();
  const repairs: ModelRepair[] = [];
  for (const { model, goals } of asked) {
    const done = await repairModel(checked, model, goals, options, target.names(), interrupt.signal);
    if (typeof done === "string") {
      interrupt.release();
      return refused(done);
    }
    if (done === null || interrupt.signal.aborted) break;
    repairs.push(done);
  }
  interrupt.release();
  if (interrupt.signal.aborted) return interruptedStatus;

  const written = repairs.flatMap(({ found }) => (found === null ? [] : [found.written]));
  const isOpen = repairs.some(({ verdict }) => verdict !== "proved");
  const toStandardOutput = !write && output === null && !dryRun && !json;
  if (toStandardOutput && written.some(({ files }) => files.length > 0)) {
    return refused("weights in files change: --write or --output F says where the new file goes");
  }
  // Where there was nothing to do, a copy is what was asked for.
  const isResult = written.length > 0 || !isOpen;
  if (!dryRun && (output !== null ? isResult : write && written.length > 0)) {
    const failure = await target.save(written);
    if (failure !== null) return refused(failure);
  }
  const summary = repairSummary(repairs, dryRun);
  if (json) process.stdout.write(`${JSON.stringify(repairDocument(repairs, options.method), null, 2)}\n`);
  else (toStandardOutput ? process.stderr : process.stdout).write(summary);
  if (toStandardOutput && isResult) process.stdout.write(target.text(written));
  return isOpen ? 1 : 0;
}

/** Why the options do not go together; null where they do. */
function wrongCall(name: string, { method, restrictions, write, output }: RepairOptions): string | null {
  if (write && output !== null) return "--write replaces the file, --output writes another one: choose one of them";
  if (write && name === "-") return "standard input cannot be written: --output F instead of --write";
  if (restrictions !== null && method !== "min-norm") {
    return `--keep-zeros, --rows, --diagonal, --symmetric, --constant and --most are for --method min-norm, not ${method}`;
  }
  return null;
}

function nothingRequired(models: readonly Model[], { norm }: RepairOptions): string {
  const names = models.map(({ name }) => name).join(", ");
  const what = norm === null ? "nothing" : `nothing in the norm ${norm}`;
  return `${names} ${models.length === 1 ? "requires" : "require"} ${what}: --target C says what lognorm(${norm ?? "2"}) must not exceed`;
}

async function checkedText(text: string, place: string): Promise<CheckedDocument> {
  const tree = parse(text);
  const files = await readWeights(tree, place);
  const source = tensorSource(files);
  const document = TextDocument.create("", "contrax", 0, text);
  return { document, tree, compilation: compile(tree, source), source, files };
}

/** The models that are meant; null after a message. */
function chosenModels(file: string, checked: CheckedDocument, chosen: string | null): readonly Model[] | null {
  const { tree, compilation, document } = checked;
  const names = tree.models.map(({ name }) => name.text);
  if (chosen !== null && names.length > 0 && !names.includes(chosen)) {
    const there = `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
    report(`no model is called ${JSON.stringify(chosen)}; ${there}`);
    return null;
  }
  const others = tree.models.filter(({ name }) => chosen !== null && name.text !== chosen);
  const errors = [...tree.diagnostics, ...compilation.diagnostics]
    .filter(isInputError)
    .filter(({ span }) => !others.some((other) => other.span.start <= span.start && span.end <= other.span.end));
  const colors = createColors(wantsColor(process.stderr));
  for (const error of errors) process.stderr.write(`${prettyDiagnostic({ file, document }, error, colors)}\n`);
  if (errors.length > 0) return null;
  if (names.length === 0) {
    report(`${file}: has no model`);
    return null;
  }
  return compilation.models.filter((model) => chosen === null || model.name === chosen);
}

function refused(message: string): number {
  report(message);
  return 2;
}
