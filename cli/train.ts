import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { TrainingSettings } from "../classify/train/settings.ts";
import { beginningState } from "../classify/train/settings.ts";
import { drawnValues } from "../classify/train/start.ts";
import { Trainer, TrainingFailed } from "../classify/train/trainer.ts";
import { systemErrorText } from "../server/files/system-error.ts";
import { chosenModel } from "./chosen-model.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { readLabelledImages } from "./labelled-images.ts";
import { startLine } from "./progress.ts";
import { report } from "./streams.ts";
import { printable } from "./terminal-text.ts";
import { type CheckpointOf, readCheckpoint, writeCheckpoint } from "./train-checkpoint.ts";
import { checksum } from "./train-data.ts";
import { writeTrained } from "./train-output.ts";
import { provedWeights } from "./train-proof.ts";
import { readSubject, type Subject } from "./train-subject.ts";
import { trainText } from "./train-text.ts";

export interface TrainOptions {
  readonly model: string | null;
  /** Files, with the name of an array behind a colon where they hold several. */
  readonly images: string;
  readonly labels: string;
  /** From 0. */
  readonly first: number;
  /** Null for all from `first` on. */
  readonly count: number | null;
  readonly output: string;
  readonly start: "drawn" | "file";
  readonly encoder: "trained" | "principal";
  readonly fix: readonly string[];
  /** Null for one beside the output. */
  readonly checkpoint: string | null;
  readonly resume: boolean;
  readonly json: boolean;
  readonly settings: TrainingSettings;
}

/** How long training may run before signals get their turn, in milliseconds. */
const slice = 50;

/**
 * `contrax train FILE`: trains a classifier and writes it as a model file and a weight file.
 *
 * @returns the exit status
 */
export async function trainCommand(file: string, options: TrainOptions): Promise<number> {
  const wrong = wrongCall(options);
  if (wrong !== null) return refused(wrong);
  const model = await chosenModel(file, options.model);
  if (model === null) return 2;
  if (!model.classifier)
    return refused(`${file}: ${model.name} is no classifier: it needs \`input\`, \`encode\` and \`output\``);
  const data = await readLabelledImages(options, model.classifier);
  if ("problem" in data) return refused(data.problem);
  const subject = await readSubject(file, model, data, options);
  if (typeof subject === "string") return refused(`${file}: ${subject}`);
  const checkpoint = options.checkpoint ?? `${options.output.replace(/\.node$/, "")}.checkpoint.json`;
  const { trainee } = subject;
  const of: CheckpointOf = { settings: options.settings, data: checksum(data), pieces: trainee.pieces };
  const fresh = options.start === "file" ? trainee.values : drawnValues(trainee, options.settings.seed);
  const state = options.resume ? await readCheckpoint(checkpoint, of) : beginningState(fresh);
  if (typeof state === "string") return refused(`${checkpoint}: ${state}`);
  try {
    const began = performance.now();
    const trainer = new Trainer(trainee, data, options.settings, state);
    if (!(await driven(trainer, model.name, began))) {
      await writeCheckpoint(checkpoint, of, trainer.state);
      report(`stopped; the same call with --resume goes on from ${checkpoint}`);
      return interruptedStatus;
    }
    const status = await finished(subject, trainer, options, began);
    if (options.resume && status === 0) await rm(checkpoint, { force: true });
    return status;
  } catch (error) {
    if (error instanceof TrainingFailed) return refused(`${model.name}: ${error.message}`, 1);
    if ((error as NodeJS.ErrnoException).code)
      return refused(`${checkpoint}: cannot be written: ${systemErrorText(error)}`);
    throw error;
  }
}

/** Proves the target, writes both files, says so. */
async function finished(subject: Subject, trainer: Trainer, options: TrainOptions, began: number): Promise<number> {
  const { settings, output } = options;
  const interrupt = onInterrupt();
  const proved = await provedWeights(subject, trainer, settings.target, interrupt.signal);
  interrupt.release();
  if (proved === null) return interruptedStatus;
  const problem = await writeTrained(subject, proved.values, output, settings.target);
  if (problem !== null) return refused(problem);
  const seconds = (performance.now() - began) / 1000;
  const trained = {
    model: subject.trainee.model.name,
    output,
    epochs: trainer.epochs,
    requirement: proved.answer,
    target: settings.target,
    seconds,
  };
  process.stdout.write(options.json ? `${JSON.stringify(trained, null, 2)}\n` : trainText(trained));
  return proved.answer && proved.answer.verdict !== "proved" ? 1 : 0;
}

function wrongCall({ output, settings, encoder, resume, checkpoint }: TrainOptions): string | null {
  if (!output.endsWith(".node"))
    return `--output: expected a name that ends with .node; found ${JSON.stringify(output)}`;
  const weights = output.replace(/\.node$/, ".safetensors");
  const there = [output, weights].find((one) => existsSync(one));
  if (there !== undefined) return `${there}: there is such a file already: name another output`;
  if (settings.margin > 0 && settings.target === null) return "--margin needs --target: it rests on the flow's bound";
  if (settings.encoderNorm !== null && encoder === "principal")
    return "--encoder-norm is for a trained encoder: principal directions have norm 1";
  return checkpoint !== null && !resume && existsSync(checkpoint)
    ? `${checkpoint}: there is such a file already: --resume goes on from it`
    : null;
}

/** Trains to the end, or until Ctrl+C and the end of the batch: false. A second Ctrl+C ends the process. */
async function driven(trainer: Trainer, name: string, began: number): Promise<boolean> {
  const line = startLine();
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  process.once("SIGINT", stop);
  try {
    let paused = performance.now();
    let told = 0;
    for (const canLeave of trainer.run()) {
      // Where the line is not to be seen, in a log, one for each epoch.
      for (const { epoch, loss, accuracy } of process.stderr.isTTY ? [] : trainer.epochs.slice(told)) {
        process.stderr.write(
          `${printable(name)}: epoch ${epoch}, loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}\n`,
        );
        told++;
      }
      if (performance.now() - paused > slice) {
        const { step, steps } = trainer.progress;
        const last = trainer.epochs.at(-1);
        const loss = last ? `, epoch ${last.epoch}: loss ${last.loss.toFixed(4)}` : "";
        line.show(
          `${name}: ${Math.floor((100 * step) / steps)} %${loss}, ${((performance.now() - began) / 1000).toFixed(0)} s`,
        );
        await setImmediate();
        paused = performance.now();
      }
      if (isStopped && canLeave) return false;
    }
    return true;
  } finally {
    line.clear();
    process.off("SIGINT", stop);
  }
}

function refused(message: string, status = 2): number {
  report(message);
  return status;
}
