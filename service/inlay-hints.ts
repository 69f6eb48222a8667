import { type InlayHint, InlayHintKind } from "vscode-languageserver-types";
import type { ModelReport } from "../analysis/report.ts";
import type { Span } from "../grammar/diagnostic.ts";
import type { ModelTree, Statement } from "../grammar/tree.ts";
import type { Model } from "../model/model.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { shapeText } from "../weights/shape.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { rangeOf, touch } from "./range.ts";
import { enclosureText, knowledgeText, upperText } from "./rounding.ts";

/**
 * The shapes that are not stated: of params and layers behind their names, of the state where its size is no plain number.
 *
 * @param range UTF-16 offsets: hints elsewhere are left out.
 */
export function shapeHints({ document, compilation }: CheckedDocument, range: Span): InlayHint[] {
  return near(compilation.symbols, range).flatMap(({ tree, symbols }) =>
    symbols
      .filter(({ nameSpan }) => touch(nameSpan, range))
      .flatMap((symbol) => {
        const statement = tree.statements.find(({ span }) => span.start === symbol.span.start);
        const hint = statement === undefined ? null : shapeHint(symbol, statement);
        return hint === null ? [] : [placed(hint)];
      }),
  );

  function placed({ at, label, tooltip, isWritable }: ShapeHint): InlayHint {
    const position = document.positionAt(at);
    return {
      position,
      label,
      kind: InlayHintKind.Type,
      tooltip,
      ...(isWritable && { textEdits: [{ range: rangeOf(document, { start: at, end: at }), newText: label }] }),
    };
  }
}

interface ShapeHint {
  readonly at: number;
  readonly label: string;
  readonly tooltip: string;
  /** Whether the label may stand in the text. */
  readonly isWritable: boolean;
}

function shapeHint(
  { kind, name, shape, nameSpan, timeDependent }: ModelSymbol,
  statement: Statement,
): ShapeHint | null {
  // A scalar looks like one.
  if (shape === null || shape.length === 0) return null;
  const changes = timeDependent ? ", depends on time" : "";
  const text = { label: `: ${shapeText(shape)}`, tooltip: `${kind} ${name}: ${shapeText(shape)}${changes}` };
  if (statement.kind === "param") {
    return statement.shape === null ? { at: nameSpan.end, ...text, isWritable: true } : null;
  }
  if (statement.kind === "layer" || statement.kind === "output")
    return { at: nameSpan.end, ...text, isWritable: false };
  if (statement.kind !== "state" && statement.kind !== "input") return null;
  const { size } = statement;
  if (size.kind === "number" || size.kind === "missing") return null;
  return { at: size.span.end, label: ` = ${shape[0]}`, tooltip: text.tooltip, isWritable: false };
}

/**
 * What the analysis knows of each layer, behind it, and of a model that requires nothing, behind its name.
 *
 * @param report of a model as it is in this version; null where there is none
 */
export function boundHints(
  { document, compilation }: CheckedDocument,
  report: (model: Model) => ModelReport | null,
  range: Span,
): InlayHint[] {
  const hints: InlayHint[] = [];
  for (const model of compilation.models) {
    const known = touch(model.span, range) ? report(model) : null;
    if (known === null) continue;
    if (model.requirements.length === 0 && touch(model.nameSpan, range)) hints.push(...modelHint(model, known));
    const trees = compilation.symbols.find(({ tree }) => tree.name.span.start === model.nameSpan.start);
    for (const { layer, gain } of known.layers) {
      const end = trees && endOfLayer(trees.tree, model.layers[layer].name);
      if (end === undefined || gain === null || !(range.start <= end && end <= range.end)) continue;
      const name = model.layers[layer].name;
      hints.push(
        hint(
          end,
          `norm(${gain.norm}) <= ${upperText(gain.upper)}`,
          `norm(${gain.norm}) of D W in ${enclosureText(gain)}: W the weights of layer ${name}, D its slopes`,
        ),
      );
    }
  }
  return hints;

  function modelHint(model: Model, { bounds }: ModelReport): InlayHint[] {
    const texts = bounds.flatMap((bound) => knowledgeText(`lognorm(${bound.norm})`, bound) ?? []);
    const two = bounds.find(({ norm }) => norm === "2") ?? bounds[0];
    if (two === undefined || !Number.isFinite(two.upper)) return [];
    return [hint(model.nameSpan.end, `lognorm(${two.norm}) <= ${upperText(two.upper)}`, texts.join("\n"))];
  }

  function hint(at: number, label: string, tooltip: string): InlayHint {
    return { position: document.positionAt(at), label, tooltip, paddingLeft: true, paddingRight: true };
  }
}

/** Of a layer that has a statement of its own. */
function endOfLayer({ statements }: ModelTree, name: string): number | undefined {
  return statements.find((statement) => statement.kind === "layer" && statement.name.text === name)?.span.end;
}

function near<T extends { readonly tree: ModelTree }>(models: readonly T[], range: Span): T[] {
  return models.filter(({ tree }) => touch(tree.span, range));
}
