import path from "node:path";
import { loadPath, readWeightFile } from "../server/files/files.ts";
import { writeNewFile } from "../server/files/new-file.ts";
import { isModelName, modelNameFor } from "../service/new-model/model-name.ts";
import { activationProblem, type NewModel, proposeModel } from "../service/new-model/propose-model.ts";
import { templateText } from "../service/new-model/templates.ts";
import { tensorSource } from "../weights/source.ts";
import { report } from "./streams.ts";
import { printable } from "./terminal-text.ts";

export interface NewOptions {
  /** One of `templates`; null for a weight file. */
  readonly template: string | null;
  /** null: standard output. */
  readonly output: string | null;
  /** Of the model; null for that of the template, or one after the weight file's. */
  readonly name: string | null;
  /** As the language writes it; null where the person has not said. */
  readonly activation: string | null;
}

/**
 * `contrax new WEIGHTS` and `contrax new --template NAME`: writes a model to begin from, to a file that is not there yet or
 * to standard output.
 *
 * @returns the exit status
 */
export async function newModel(weights: string | null, options: NewOptions): Promise<number> {
  const wrong = wrongCall(weights, options);
  if (wrong !== null) return refused(wrong);
  const { template, output, name } = options;
  const made = weights === null ? { text: templateText(template!, name)! } : await proposed(weights, options);
  if ("problem" in made) return refused(made.problem);
  if (output === null) {
    process.stdout.write(made.text);
    return 0;
  }
  try {
    await writeNewFile(output, new TextEncoder().encode(made.text));
  } catch (error) {
    return refused(`${output}: cannot be written: ${(error as Error).message}`);
  }
  process.stdout.write(`${output}\n`);
  return 0;
}

function wrongCall(weights: string | null, { template, name, activation }: NewOptions): string | null {
  if ((weights === null) === (template === null)) {
    return `expected ${weights === null ? "a weight file or --template NAME" : "either a weight file or --template, not both"}`;
  }
  if (name !== null && !isModelName(name)) {
    return `--name: expected a letter, then letters, digits and _, and no keyword; found ${JSON.stringify(name)}`;
  }
  if (activation === null) return null;
  if (weights === null) return "--activation is for weight files: a template has its own";
  const problem = activationProblem(activation);
  return problem && `--activation: ${problem}`;
}

async function proposed(weights: string, { output, name, activation }: NewOptions): Promise<NewModel> {
  const document = output ?? "model.node";
  const file = path
    .relative(path.dirname(path.resolve(document)), weights)
    .split(path.sep)
    .join("/");
  if (loadPath(path.resolve(document), file) !== path.resolve(weights)) {
    return { problem: `${weights}: a backslash separates folders in \`load\`: rename the file` };
  }
  const content = await readWeightFile(weights, file);
  return proposeModel(tensorSource(new Map([[file, content]])), {
    file,
    model: name ?? modelNameFor(weights),
    activation,
  });
}

function refused(problem: string): number {
  const [first, ...lines] = problem.split("\n");
  report(first);
  for (const line of lines) process.stderr.write(`${printable(line)}\n`);
  return 2;
}
