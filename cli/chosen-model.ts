import { createColors } from "picocolors";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import type { Model } from "../model/model.ts";
import { tensorSource } from "../weights/source.ts";
import { readDocument, readWeights, standardInput } from "./documents.ts";
import { isInputError, prettyDiagnostic } from "./pretty.ts";
import { report, wantsColor } from "./streams.ts";

/** The one model that is meant; null after a message. */
export async function chosenModel(name: string, chosen: string | null): Promise<Model | null> {
  const file = name === "-" ? standardInput : name;
  const read = await readDocument(name);
  if ("problem" in read) {
    report(`${file}: ${read.problem}`);
    return null;
  }
  const text = read.text.replace(/^\ufeff/, "");
  const tree = parse(text);
  const { models, diagnostics } = compile(tree, tensorSource(await readWeights(tree, name === "-" ? "." : name)));
  const names = tree.models.map((model) => model.name.text);
  const [only] = names;
  const wanted = chosen ?? (names.length === 1 ? only : null);
  const index = tree.models.findIndex((model) => model.name.text === wanted);
  if (index < 0 && names.length > 0) {
    const there = `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
    report(
      chosen === null
        ? `${file}: which model? --model NAME; ${there}`
        : `no model is called ${JSON.stringify(chosen)}; ${there}`,
    );
    return null;
  }
  const model = models.find(({ nameSpan }) => nameSpan.start === tree.models[index]?.name.span.start);
  if (model !== undefined) return model;
  const document = TextDocument.create("", "contrax", 0, text);
  const colors = createColors(wantsColor(process.stderr));
  const place = tree.models[index]?.span ?? { start: 0, end: text.length };
  const errors = [...tree.diagnostics, ...diagnostics].filter(
    (diagnostic) =>
      isInputError(diagnostic) && diagnostic.span.start <= place.end && diagnostic.span.end >= place.start,
  );
  for (const error of errors) process.stderr.write(`${prettyDiagnostic({ file, document }, error, colors)}\n`);
  if (errors.length === 0) report(`${file}: has no model`);
  return null;
}
