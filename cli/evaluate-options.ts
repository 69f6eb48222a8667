import { type Command, InvalidArgumentError, Option } from "commander";
import { evaluateCommand } from "./evaluate.ts";
import { parseCount } from "./options.ts";

/** Of a step of the adaptive method: finer than what tells classes apart. */
const TOLERANCE = 1e-5;
const MOST_STEPS = 10_000;
const MOST_SEED = 2 ** 31 - 1;

/** The command `evaluate` and its options. */
export function addEvaluate(program: Command): void {
  program
    .command("evaluate")
    .description(
      "Measure a classifier's accuracy, clean and under attack, and prove how much of it no attack can take.",
    )
    .argument("<file>", "a model file with `input`, `encode` and `output`; - for standard input")
    .requiredOption("--images <file>", "IDX (also .gz), or an array of a weight file: data.npz:x_test")
    .requiredOption("--labels <file>", "likewise: data.npz:y_test; classes from 0")
    .option("--model <name>", "which model, where the file has several")
    .addOption(new Option("--attack <kind>", "one step, or several").choices(["fgsm", "pgd"]).default("fgsm"))
    .addOption(new Option("--norm <norm>", "in which images move").choices(["2", "inf"]).default("inf"))
    .addOption(
      new Option("--eps <e1,e2,…>", "how far, at most")
        .argParser(parseEpsilons)
        .default([0, 0.01, 0.02, 0.05, 0.1], "0,0.01,0.02,0.05,0.1"),
    )
    .option(
      "--steps <n>",
      "follow the flow by n steps of forward Euler (default: adaptively, without a certificate)",
      parseSteps,
    )
    .option("--iterations <n>", "steps of pgd", parseCount, 20)
    .option("--restarts <n>", "starts of pgd: the image, then random places", parseCount, 1)
    .option("--seed <n>", "of these places", parseWhole, 1)
    .option("--first <n>", "the first image, counted from 0", parseWhole, 0)
    .option("--count <n>", "how many images (default: all from the first on)", parseCount)
    .addOption(new Option("--format <format>", "how to print it").choices(["pretty", "json"]).default("pretty"))
    .addHelpText("after", "\nExit status: 2 the input is wrong, 1 the adaptive method did not arrive, 0 all is well.")
    .action(async (file, { attack, norm, eps, steps, iterations, restarts, seed, ...rest }) => {
      const { images, labels, model, first, count, format } = rest;
      process.exitCode = await evaluateCommand(file, {
        format,
        model: model ?? null,
        images,
        labels,
        first,
        count: count ?? null,
        integrator: steps === undefined ? { method: "adaptive", tolerance: TOLERANCE } : { method: "euler", steps },
        attack: { kind: attack, norm, iterations, restarts, seed },
        epsilons: eps,
      });
    });
}

/** `0,0.01`: numbers from 0, returned ascending and each once. */
function parseEpsilons(text: string): number[] {
  const parts = text.split(",").map((part) => part.trim());
  const wrong = parts.find((part) => !/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) || !(Number(part) <= 1e100));
  if (wrong === undefined) return [...new Set(parts.map(Number))].sort((a, b) => a - b);
  throw new InvalidArgumentError(
    `Expected numbers from 0 with commas between, such as 0,0.1; found ${JSON.stringify(wrong)}.`,
  );
}

function parseSteps(text: string): number {
  const steps = parseCount(text);
  if (steps <= MOST_STEPS) return steps;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MOST_STEPS}.`);
}

/** A whole number from 0. */
function parseWhole(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= MOST_SEED) return value;
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${MOST_SEED}.`);
}
