import { readFile } from "node:fs/promises";
import type { TrainingSettings, TrainingState } from "../classify/train/settings.ts";
import type { TrainedPiece } from "../classify/train/trainee.ts";
import { systemErrorText } from "../server/files/system-error.ts";
import { writeFile } from "./write-file.ts";

/** What training goes on from, and what it must be the same as. Numbers are written so that they are read back as they were. */
interface CheckpointDocument {
  readonly format: "contrax checkpoint 1";
  readonly settings: TrainingSettings;
  /** Of the images and labels. */
  readonly data: number;
  readonly pieces: readonly Pick<TrainedPiece, "param" | "index" | "shape">[];
  readonly step: number;
  readonly lossSum: number;
  readonly right: number;
  readonly values: readonly number[];
  readonly mean: readonly number[];
  readonly square: readonly number[];
}

/** What a checkpoint is of. */
export interface CheckpointOf {
  readonly settings: TrainingSettings;
  /** A checksum of the images and labels. */
  readonly data: number;
  readonly pieces: readonly TrainedPiece[];
}

const FORMAT = "contrax checkpoint 1";

export async function writeCheckpoint(file: string, of: CheckpointOf, state: TrainingState): Promise<void> {
  const { step, lossSum, right, values, mean, square } = state;
  const document: CheckpointDocument = {
    format: FORMAT,
    settings: of.settings,
    data: of.data,
    pieces: shapes(of.pieces),
    step,
    lossSum,
    right,
    values: [...values],
    mean: [...mean],
    square: [...square],
  };
  await writeFile(file, JSON.stringify(document));
}

/** The state, or the end of a sentence that says why training cannot go on from this file. */
export async function readCheckpoint(file: string, of: CheckpointOf): Promise<TrainingState | string> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    return error instanceof SyntaxError ? "is no checkpoint" : `cannot be read: ${systemErrorText(error)}`;
  }
  const document = found as Partial<CheckpointDocument> | null;
  if (document?.format !== FORMAT) return "is no checkpoint of this version";
  const written = (document.settings ?? {}) as Partial<Record<string, unknown>>;
  const other = Object.entries(of.settings).find(([name, value]) => written[name] !== value);
  if (other)
    return `was written with another ${names[other[0] as keyof TrainingSettings]}: ${written[other[0]]}, now ${other[1]}`;
  if (document.data !== of.data) return "was written for other images or labels";
  if (JSON.stringify(document.pieces) !== JSON.stringify(shapes(of.pieces))) return "was written for other params";
  const last = of.pieces.at(-1)!;
  const length = last.offset + last.length;
  const vectors = [document.values, document.mean, document.square];
  const numbers = [document.step, document.lossSum, document.right];
  const isWhole =
    vectors.every((one) => Array.isArray(one) && one.length === length && one.every((v) => Number.isFinite(v))) &&
    numbers.every((one) => Number.isFinite(one)) &&
    Number.isSafeInteger(document.step) &&
    document.step! >= 0;
  if (!isWhole) return "is damaged";
  const [values, mean, square] = vectors.map((one) => Float64Array.from(one!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { step: document.step!, lossSum: document.lossSum!, right: document.right!, values, mean, square };
}

const names: Readonly<Record<keyof TrainingSettings, string>> = {
  epochs: "--epochs",
  batch: "--batch",
  rate: "--rate",
  steps: "--steps",
  seed: "--seed",
  target: "--target",
  encoderNorm: "--encoder-norm",
  noise: "--noise",
  margin: "--margin",
};

function shapes(pieces: readonly TrainedPiece[]) {
  return pieces.map(({ param, index, shape }) => ({ param, index, shape }));
}
