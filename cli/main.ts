#!/usr/bin/env node
import { Command, CommanderError, Option } from "commander";
import { version } from "../package.json";
import { useOtherCores } from "../server/runs/helper-threads.ts";
import { templates } from "../service/new-model/templates.ts";
import { analysisOptions } from "./analysis-flags.ts";
import { certificate } from "./certificate.ts";
import { check } from "./check.ts";
import { addEvaluate } from "./evaluate-options.ts";
import { format } from "./format.ts";
import { marginCommand } from "./margin.ts";
import { newModel } from "./new.ts";
import {
  collected,
  collectedStates,
  parseCount,
  parseNorm,
  parseNorms,
  parseNumber,
  parsePositive,
  parseRows,
  parseTolerance,
} from "./options.ts";
import { repair } from "./repair.ts";
import { simulate } from "./simulate.ts";
import { report, watchStandardOutput } from "./streams.ts";
import { addTrain } from "./train-options.ts";
import { verify } from "./verify.ts";

const program = new Command("contrax")
  .description("Checks neural ODE models (.node files): proved bounds on the logarithmic norm.")
  .version(version)
  .showHelpAfterError("(contrax --help tells more)")
  // Thrown instead of ending the process, so that everything printed before arrives. Commands inherit it.
  .exitOverride();

program
  .command("check")
  .description("Check and analyse model files; print what is wrong with them, verdicts and bounds.")
  .argument("<path...>", "files, folders, patterns; - for standard input")
  .addOption(new Option("--format <format>", "how to print it").choices(["pretty", "json", "sarif"]).default("pretty"))
  .option("--model <name>", "only the models of this name")
  .option("--norm <norms>", "which bounds: 1, 2, inf, or several with commas between (default: all)", parseNorms)
  .option("--tolerance <x>", "close bounds to x * max(1, |value|) (default: 1e-4)", parsePositive)
  .option("--time-budget <seconds>", "for each model (default: 20, none with --nodes)", parsePositive)
  .option("--nodes <n>", "branch-and-bound nodes for each model: the same result on every machine", parseCount)
  .addHelpText("after", "\nExit status: 2 the input is wrong, 1 a requirement is refuted or undecided, 0 all is well.")
  .action(async (paths, { format, model, ...rest }) => {
    process.exitCode = await check(paths, { format, model: model ?? null, analysis: analysisOptions(rest) });
  });

program
  .command("certificate")
  .description("Analyse a model file and write the proofs of its upper bounds.")
  .argument("<file>", "a model file")
  .option("-o, --output <file>", "where to write it (default: standard output)")
  .option("--model <name>", "only the models of this name")
  .option("--norm <norms>", "which bounds: 1, 2, inf, or several with commas between (default: all)", parseNorms)
  .option("--tolerance <x>", "close bounds to x * max(1, |value|) (default: 1e-4)", parsePositive)
  .option(
    "--time-budget <seconds>",
    "for each model, and for each proof (default: 20, none with --nodes)",
    parsePositive,
  )
  .option("--nodes <n>", "branch-and-bound nodes, likewise: the same result on every machine", parseCount)
  .addHelpText("after", "\nExit status: 2 the input is wrong, 1 something could not be certified, 0 all is well.")
  .action(async (file, { output, model, ...rest }) => {
    process.exitCode = await certificate(file, {
      output: output ?? null,
      model: model ?? null,
      analysis: analysisOptions(rest),
    });
  });

program
  .command("verify")
  .description("Check a certificate in exact arithmetic, independently of what has found its proofs.")
  .argument("<file>", "a certificate")
  .addHelpText(
    "after",
    "\nExit status: 2 it is no certificate, 1 a claim is refused or its model has changed, 0 all is well.",
  )
  .action(async (file) => {
    process.exitCode = await verify(file);
  });

program
  .command("margin")
  .description("Find for which slopes [m, M] a bound on a model's logarithmic norm holds: the smallest m, m*.")
  .argument("<file>", "a model file; - for standard input")
  .option("--model <name>", "which model, where the file has several")
  .option("--norm <norm>", "of the logarithmic norm: 1, 2 or inf", parseNorm, "2")
  .option("--target <c>", "the bound (default: the least that the model requires in this norm, else 0)", parseNumber)
  .addOption(
    new Option("--method <method>", "newton proves its answer; paper is the source paper's gradient flow, an estimate")
      .choices(["newton", "paper"])
      .default("newton"),
  )
  .option("--time-budget <seconds>", "for --method newton", parsePositive, 20)
  .addOption(new Option("--format <format>", "how to print it").choices(["pretty", "json"]).default("pretty"))
  .addHelpText("after", "\nExit status: 2 the input is wrong, 1 there is no m* or it is not enclosed closely, 0 it is.")
  .action(async (file, { format, model, norm, target, method, timeBudget }) => {
    const options = { format, method, model: model ?? null, norm, target: target ?? null, seconds: timeBudget };
    process.exitCode = await marginCommand(file, options);
  });

program
  .command("repair")
  .description("Change a model's weights so that it meets what is required of it, and say what that costs.")
  .argument("<file>", "a model file; - for standard input")
  .addOption(
    new Option("--method <method>", "min-norm changes least; clip, shift and rescale are quicker and change more")
      .choices(["min-norm", "clip", "shift", "rescale"])
      .default("min-norm"),
  )
  .option("--param <name>", "a param that may change, several times for several (default: all that can)", collected)
  .option("--model <name>", "only the models of this name")
  .option("--norm <norm>", "only what is required in this norm, or that of --target: 1, 2 or inf", parseNorm)
  .option("--target <c>", "what lognorm(norm) must not exceed (default: what the file requires)", parseNumber)
  .option("--keep-zeros", "weights that are 0 stay 0", false)
  .option("--rows <rows>", "only these rows change, from 1: 1,3-5", parseRows)
  .option("--diagonal", "only diagonals change", false)
  .option("--symmetric", "changes are symmetric matrices", false)
  .option("--constant", "time-dependent params change by the same at every knot", false)
  .option("--most <x>", "no weight changes by more than x", parsePositive)
  .option("--time-budget <seconds>", "for each search, and for each proof", parsePositive, 20)
  .option("--write", "replace the file", false)
  .option("-o, --output <file>", "where to write the changed text (default: standard output)")
  .option("--dry-run", "write nothing, only say what would be", false)
  .addOption(
    new Option("--report <format>", "on standard output, in place of the summary or the text").choices(["json"]),
  )
  .addHelpText("after", "\nExit status: 2 the input is wrong, 1 the target is out of reach or open, 0 it is met.")
  .action(async (file, flags) => {
    const {
      keepZeros,
      rows,
      diagonal,
      symmetric,
      constant,
      most,
      param,
      model,
      norm,
      target,
      output,
      timeBudget,
      report,
    } = flags;
    const restrictions = {
      ...(keepZeros && { sparsity: true }),
      ...(rows && { rows }),
      ...(diagonal && { diagonal }),
      ...(symmetric && { symmetric }),
      ...(constant && { constant }),
      ...(most && { most }),
    };
    process.exitCode = await repair(file, {
      method: flags.method,
      params: param ?? null,
      model: model ?? null,
      norm: norm ?? null,
      target: target ?? null,
      restrictions: Object.keys(restrictions).length > 0 ? restrictions : null,
      seconds: timeBudget,
      write: flags.write,
      output: output ?? null,
      dryRun: flags.dryRun,
      json: report === "json",
    });
  });

program
  .command("simulate")
  .description("Integrate a model: trajectories from its `simulate` statements, each with a cloud of neighbours.")
  .argument("<file>", "a model file; - for standard input")
  .option("--model <name>", "which model, where the file has several")
  .addOption(
    new Option("--format <format>", "json and csv have every number, svg is a picture")
      .choices(["json", "csv", "svg"])
      .default("json"),
  )
  .option("--from <x1,x2,…>", "an initial state in place of those stated, several times for several", collectedStates)
  .option("--until <t>", "the last time (default: as the file states, else the end of its time interval)", parseNumber)
  .option("--tolerance <x>", "relative, of each step; a thousandth of it absolute (default: 1e-6)", parseTolerance)
  .addHelpText(
    "after",
    "\nExit status: 2 the input is wrong, 1 a trajectory stopped before the last time, 0 all is well.",
  )
  .action(async (file, { format, model = null, from = null, until = null, tolerance = null }) => {
    process.exitCode = await simulate(file, { format, model, from, until, tolerance });
  });

addEvaluate(program);
addTrain(program);

program
  .command("new")
  .description("Write a model to begin from: for the tensors of a weight file, or from a template.")
  .argument("[weights]", "a .safetensors, .npz, .npy, .json or .csv file; what its tensors suggest is proposed")
  .addOption(new Option("--template <name>", "in place of a weight file").choices(templates.map(({ name }) => name)))
  .option("-o, --output <file>", "a file that is not there yet (default: standard output)")
  .option("--name <name>", "what the model is called")
  .option("--activation <f>", "of the weights' training, such as leaky_relu(0.1) (default: tanh, with a remark)")
  .addHelpText("after", "\nExit status: 2 nothing could be proposed or the call is wrong, 0 it is written.")
  .action(async (weights, { template, output, name, activation }) => {
    process.exitCode = await newModel(weights ?? null, {
      template: template ?? null,
      output: output ?? null,
      name: name ?? null,
      activation: activation ?? null,
    });
  });

program
  .command("format")
  .description("Lay model files out in place; list those that changed.")
  .argument("<path...>", "files, folders, patterns; - from standard input to standard output")
  .option("--check", "change nothing, list the files that differ", false)
  .addHelpText(
    "after",
    "\nExit status: 2 a file cannot be read or has syntax errors, 1 --check found a difference, 0 all is well.",
  )
  .action(async (paths, options) => {
    process.exitCode = await format(paths, options);
  });

program
  .command("lsp")
  .description("Start the language server, for any editor.")
  .requiredOption("--stdio", "talk over standard input and output")
  // Editors' clients add their own, such as --clientProcessId.
  .allowUnknownOption()
  .allowExcessArguments()
  .action(async () => {
    // It reads the arguments itself.
    await import("../server/main.ts");
  });

watchStandardOutput();
useOtherCores();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    report(`${error instanceof Error ? error.message : String(error)} (a mistake in Contrax: please report it)`);
    process.exitCode = 2;
  }
}
