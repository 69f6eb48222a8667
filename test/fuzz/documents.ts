import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import { fingerprint } from "../../model/fingerprint.ts";
import type { TensorSource } from "../../model/tensor.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { formatting } from "../../service/formatting.ts";
import { features } from "./features.ts";
import { checkPlaces } from "./invariants.ts";
import { gibberish, mutated } from "./mutations.ts";
import { Random } from "./random.ts";

/** Milliseconds of this process that one call may take. */
const slowest = 1000;

export interface Failure {
  readonly seed: number;
  readonly document: string;
  readonly what: string;
}

/** What is changed by chance, and the tensors that it loads. */
export interface Originals {
  readonly texts: readonly string[];
  readonly source: TensorSource;
}

/** The document of a seed, and what is wrong with what is made of it; null where nothing is. */
export function tryDocument(seed: number, { texts, source }: Originals): Failure | null {
  const random = new Random(seed);
  const text = random.chance(0.05) ? gibberish(random) : mutated(random.one(texts), random);
  let doing = "check";
  try {
    const document = TextDocument.create("file:///models/fuzz.node", "contrax", 1, text);
    const checked = timely(() => checkedOf(document, source));
    // Not all of them for each document: that would be fewer documents.
    for (const name of Object.keys(features).filter((one) => one === "diagnostics" || random.chance(0.35))) {
      doing = name;
      const [offset, other] = [random.below(text.length + 1), random.below(text.length + 1)];
      const range = { start: Math.min(offset, other), end: Math.max(offset, other) };
      const at = { offset, range: random.chance(0.5) ? range : { start: offset, end: offset }, random };
      checkPlaces(
        document,
        timely(() => features[name](checked, at)),
      );
    }
    doing = "formatting twice";
    checkFormatting(checked);
    return null;
  } catch (error) {
    return { seed, document: text, what: `${doing}: ${error instanceof Error ? error.stack : error}` };
  }
}

function checkedOf(document: TextDocument, source: TensorSource): CheckedDocument {
  const tree = parse(document.getText());
  return { document, tree, compilation: compile(tree, source), source, files: new Map() };
}

/** @throws {Error} where it takes too long, by the time that this process had and not the others on the machine. */
function timely<T>(action: () => T): T {
  const before = process.cpuUsage();
  const start = performance.now();
  const result = action();
  if (performance.now() - start > slowest) {
    const { user, system } = process.cpuUsage(before);
    if (user + system > 1000 * slowest) throw new Error(`it took ${(user + system) / 1e6} s`);
  }
  return result;
}

/** What is laid out stays as it is, and means what it meant. */
function checkFormatting(checked: CheckedDocument): void {
  const { document, compilation, source } = checked;
  const text = TextDocument.applyEdits(document, formatting(checked));
  if (text === document.getText()) return;
  const after = checkedOf(TextDocument.create(document.uri, "contrax", 2, text), source);
  const again = TextDocument.applyEdits(after.document, formatting(after));
  if (again !== text) throw new Error(`formatted again it is ${JSON.stringify(again)}, was ${JSON.stringify(text)}`);
  const meaning = (models: CheckedDocument["compilation"]["models"]) => models.map(fingerprint).join();
  if (meaning(after.compilation.models) !== meaning(compilation.models)) {
    throw new Error(`formatted it means something else: ${JSON.stringify(text)}`);
  }
}
