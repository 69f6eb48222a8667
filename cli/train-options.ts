import { type Command, InvalidArgumentError, Option } from "commander";
import { parseCount, parseNumber, parsePositive } from "./options.ts";
import { trainCommand } from "./train.ts";

const MOST_SEED = 2 ** 31 - 1;

/** The command `train` and its options. */
export function addTrain(program: Command): void {
  program
    .command("train")
    .description("Train a classifier on images, and keep its flow's logarithmic 2-norm at a target while it learns.")
    .argument("<file>", "a model file with `input`, `encode` and `output`: its sizes, its layers, its activation")
    .requiredOption("--images <file>", "IDX (also .gz), or an array of a weight file: data.npz:x_train")
    .requiredOption("--labels <file>", "likewise: data.npz:y_train; classes from 0")
    .requiredOption(
      "-o, --output <file>",
      "a .node file that is not there yet; its weights go beside it, as .safetensors",
    )
    .option("--model <name>", "which model, where the file has several")
    .option("--first <n>", "the first image, counted from 0", parseWhole, 0)
    .option("--count <n>", "how many images (default: all from the first on)", parseCount)
    .addOption(
      new Option("--start <from>", "drawn weights (by the seed), or those of the file")
        .choices(["drawn", "file"])
        .default("drawn"),
    )
    .addOption(
      new Option("--encoder <kind>", "as any param, or computed: the images' leading principal directions, not trained")
        .choices(["trained", "principal"])
        .default("trained"),
    )
    .option("--fix <param>", "a param that stays as it is in the file, several times for several", collected, [])
    .option(
      "--target <c>",
      "what lognorm(2) of the flow must not exceed; proved in the end (default: anything)",
      parseNumber,
    )
    .option("--encoder-norm <x>", "what the encoder's 2-norm must not exceed (default: anything)", parsePositive)
    .option("--noise <x>", "standard deviation of noise that is added to the images", parsePositive)
    .option("--margin <x>", "train for a certified 2-distance of encoded images; needs --target", parsePositive)
    .option("--epochs <n>", "times that every image is seen", parseCount, 20)
    .option("--batch <n>", "images in a batch", parseCount, 64)
    .option("--rate <x>", "Adam's step at the start; it falls to 0", parsePositive, 0.004)
    .option("--steps <n>", "of forward Euler", parseCount, 10)
    .option("--seed <n>", "of all that is drawn", parseWhole, 1)
    .option("--checkpoint <file>", "where Ctrl+C leaves what --resume goes on from (default: beside the output)")
    .option("--resume", "go on from the checkpoint, to the same result", false)
    .addOption(new Option("--report <format>", "on standard output, in place of the summary").choices(["json"]))
    .addHelpText(
      "after",
      "\nExit status: 2 the input is wrong, 1 the target is not reached or not proved, 0 it is written.",
    )
    .action(async (file, { count, model, target, encoderNorm, noise, margin, checkpoint, report, ...rest }) => {
      const { epochs, batch, rate, steps, seed, ...others } = rest;
      process.exitCode = await trainCommand(file, {
        ...others,
        count: count ?? null,
        model: model ?? null,
        checkpoint: checkpoint ?? null,
        json: report === "json",
        settings: {
          ...{ epochs, batch, rate, steps, seed },
          target: target ?? null,
          encoderNorm: encoderNorm ?? null,
          noise: noise ?? 0,
          margin: margin ?? 0,
        },
      });
    });
}

function collected(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** A whole number from 0. */
function parseWhole(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= MOST_SEED) return value;
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${MOST_SEED}.`);
}
