import { createColors } from "picocolors";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../grammar/parse.ts";
import { format as formatText } from "../grammar/print.ts";
import { systemErrorText } from "../server/files/system-error.ts";
import { readDocument, standardInput } from "./documents.ts";
import { findFiles } from "./paths.ts";
import { isInputError, prettyDiagnostic } from "./pretty.ts";
import { report, wantsColor } from "./streams.ts";
import { writeFile } from "./write-file.ts";

/**
 * `contrax format PATH…`: lays files out in place and lists those that changed, or with `check` those that would;
 * `-` from standard input to standard output. A file with syntax errors stays as it is.
 *
 * @returns the exit status
 */
export async function format(paths: readonly string[], { check }: { readonly check: boolean }): Promise<number> {
  const { files, problems } = await findFiles(paths);
  for (const problem of problems) report(problem);
  let status = problems.length > 0 ? 2 : 0;
  for (const file of files) status = Math.max(status, await formatFile(file, check));
  return status;
}

async function formatFile(name: string, check: boolean): Promise<number> {
  const file = name === "-" ? standardInput : name;
  const read = await readDocument(name);
  if ("problem" in read) {
    report(`${file}: ${read.problem}`);
    return 2;
  }
  const formatted = formatText(read.text);
  if (formatted === null) {
    process.stderr.write(syntaxErrors(file, read.text));
    return 2;
  }
  if (name === "-" && !check) {
    process.stdout.write(formatted);
    return 0;
  }
  if (formatted === read.text) return 0;
  if (!check) {
    try {
      await writeFile(name, formatted);
    } catch (error) {
      report(`${file}: cannot be written: ${systemErrorText(error)}`);
      return 2;
    }
  }
  process.stdout.write(`${file}\n`);
  return check ? 1 : 0;
}

function syntaxErrors(file: string, text: string): string {
  const document = TextDocument.create("", "contrax", 0, text.replace(/^\ufeff/, ""));
  const colors = createColors(wantsColor(process.stderr));
  return parse(document.getText())
    .diagnostics.filter(isInputError)
    .map((diagnostic) => `${prettyDiagnostic({ file, document }, diagnostic, colors)}\n`)
    .join("");
}
