import path from "node:path";
import { Refusal } from "../verify/certificate.ts";
import { type Verification, verifyCertificate } from "../verify/verify.ts";
import { compareSource } from "./certificate-source.ts";
import { claimText } from "./claim-text.ts";
import { readText } from "./documents.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { finish } from "./slices.ts";
import { report } from "./streams.ts";
import { printable } from "./terminal-text.ts";

/** A longer text is no string of JavaScript's engines. */
const largestCertificate = 400e6;

/**
 * `contrax verify F`: checks a certificate in exact arithmetic and prints what it proves, claim by claim; then says whether
 * the model file it names, where that is there, still holds the models that it speaks of.
 *
 * @returns the exit status: 2 where it is no certificate, 1 where a claim is refused or a model has changed
 */
export async function verify(file: string): Promise<number> {
  const read = await readText(file, largestCertificate);
  if ("problem" in read) {
    report(`${file}: ${read.problem}`);
    return 2;
  }
  const interrupt = onInterrupt();
  let verification: Verification | null;
  try {
    verification = await finish(verifyCertificate(read.text), interrupt.signal);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    report(`${file} is no certificate that can be checked: ${error.message}`);
    return 2;
  } finally {
    interrupt.release();
  }
  if (verification === null) return interruptedStatus;
  let status = 0;
  const say = (line: string) => process.stdout.write(`${printable(line)}\n`);
  for (const { model, claims } of verification.models) {
    for (const { claim, refused } of claims) {
      const text = claimText(model.name, claim);
      if (refused !== null) status = 1;
      say(refused === null ? `verified: ${text}` : `refused: ${text}: ${refused}`);
    }
    for (const { text, reason } of model.uncertified) say(`not certified: ${text} of ${model.name}: ${reason}`);
  }
  if (verification.models.every(({ claims }) => claims.length === 0)) {
    status = 1;
    say("the certificate makes no claims: nothing is verified");
  }
  const source = path.join(path.dirname(file), verification.source.file).split(path.sep).join("/");
  const comparisons = await compareSource(source, verification);
  if (comparisons === null) say(`${source} is not there: nothing is said of what it holds now`);
  for (const { model, difference } of comparisons ?? []) {
    if (difference !== null) status = 1;
    say(`${source}: ${difference ?? `${model} is the model of the certificate`}`);
  }
  return status;
}
