import { createHash } from "node:crypto";
import path from "node:path";
import { createColors } from "picocolors";
import { type ModelProofs, proveReport } from "../analysis/certificate.ts";
import type { AnalysisOptions } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import { systemErrorText } from "../server/files/system-error.ts";
import { upperText } from "../service/rounding.ts";
import type { Certificate } from "../verify/certificate-json.ts";
import { verifyCertificate } from "../verify/verify.ts";
import { certificateText, certifiedModel } from "./certificate-document.ts";
import { checkFile, type FileResult } from "./check-file.ts";
import { claimText } from "./claim-text.ts";
import { readDocument } from "./documents.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { isInputError, prettyDiagnostic } from "./pretty.ts";
import { startProgress } from "./progress.ts";
import { finish } from "./slices.ts";
import { report, wantsColor } from "./streams.ts";
import { printable } from "./terminal-text.ts";
import { writeFile } from "./write-file.ts";

export interface CertificateOptions {
  /** null: standard output. */
  readonly output: string | null;
  readonly model: string | null;
  readonly analysis: AnalysisOptions;
}

/** For each attempt at a proof, where no budget is stated. */
const DEFAULT_SECONDS = 20;

/**
 * `contrax certificate FILE -o F`: analyses the file, finds a proof of each bound, checks it, and writes what passed.
 * What is proved and what is not goes to standard output, or to standard error where the certificate goes there.
 *
 * @returns the exit status
 */
export async function certificate(file: string, options: CertificateOptions): Promise<number> {
  const { output, model, analysis } = options;
  if (file === "-") {
    report("a certificate names its model file: save the model first");
    return 2;
  }
  if (output !== null && path.resolve(output) === path.resolve(file)) {
    report(`${output} is the model file itself: name another file for the certificate`);
    return 2;
  }
  const text = await readDocument(file);
  if ("problem" in text) {
    report(`${file}: ${text.problem}`);
    return 2;
  }
  const interrupt = onInterrupt();
  const progress = startProgress();
  const result = await checkFile(file, { model, analysis, signal: interrupt.signal, onProgress: progress.show });
  progress.clear();
  const problem = inputProblem(result, model);
  if (problem !== null) {
    interrupt.release();
    process.stderr.write(problem);
    return 2;
  }
  const say = (line: string) => (output === null ? process.stderr : process.stdout).write(`${printable(line)}\n`);
  const models: Certificate["models"][number][] = [];
  let certified = true;
  for (const found of result.models) {
    const proofs = await finish(proveReport(found.model, found.report, secondsOf(analysis)), interrupt.signal);
    if (proofs === null) break;
    const checked = await checkedProofs(found.model, proofs, interrupt.signal);
    if (checked === null) break;
    for (const claim of checked.claims) say(`certified: ${claimText(found.model.name, claim)}`);
    for (const { text: what, reason } of checked.uncertified) {
      say(`not certified: ${what} of ${found.model.name}: ${reason}`);
    }
    certified &&= checked.uncertified.length === 0;
    models.push(checked);
  }
  interrupt.release();
  if (interrupt.signal.aborted) return interruptedStatus;
  const folder = output === null ? "." : path.dirname(output);
  const source = {
    file: path.relative(folder, file).split(path.sep).join("/"),
    sha256: createHash("sha256").update(text.text).digest("hex"),
  };
  const document = certificateText({ format: "contrax-certificate", version: 1, source, models });
  if (output === null) process.stdout.write(document);
  else {
    try {
      await writeFile(output, document);
    } catch (error) {
      report(`${output}: cannot be written: ${systemErrorText(error)}`);
      return 2;
    }
  }
  return certified ? 0 : 1;
}

/** With nodes stated and no time, the certificate is the same on every machine. */
function secondsOf({ seconds, nodes }: AnalysisOptions): number {
  return seconds ?? (nodes === undefined ? DEFAULT_SECONDS : Number.POSITIVE_INFINITY);
}

/** What is wrong with the input, in full; null where nothing is. */
function inputProblem(result: FileResult, chosen: string | null): string | null {
  const errors = result.diagnostics.filter(isInputError);
  const colors = createColors(wantsColor(process.stderr));
  if (errors.length > 0) return errors.map((each) => `${prettyDiagnostic(result, each, colors)}\n`).join("");
  if (chosen === null || result.modelNames.includes(chosen)) return null;
  return `contrax: ${printable(`no model is called ${JSON.stringify(chosen)}`)}\n`;
}

/** The model's part of the certificate, less what does not pass the check; null where it was interrupted. */
async function checkedProofs(model: Model, proofs: ModelProofs, signal: AbortSignal) {
  const part = certifiedModel(model, proofs);
  const alone = { file: "model.node", sha256: "0".repeat(64) };
  const text = certificateText({ format: "contrax-certificate", version: 1, source: alone, models: [part] });
  const verification = await finish(verifyCertificate(text), signal);
  if (verification === null) return null;
  const { claims } = verification.models[0];
  const failed = claims.flatMap(({ claim, refused }) => {
    const what = `${claim.requirement ?? `lognorm(${claim.norm}) <= ${upperText(claim.bound)}`}`;
    return refused === null
      ? []
      : [{ text: what, reason: `the proof that was found does not pass the check: ${refused}` }];
  });
  return {
    ...part,
    claims: part.claims.filter((_, k) => claims[k].refused === null),
    uncertified: [...part.uncertified, ...failed],
  };
}
