import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  type MarkupContent,
  MarkupKind,
  type Range,
} from "vscode-languageserver-types";
import type { SlopeInterval } from "../model/model.ts";
import type { SymbolKind } from "../model/symbols.ts";
import { builtinText, slopesText } from "./activation-text.ts";
import { type KeywordDocs, languagePage } from "./keyword-docs.ts";
import { plainText } from "./markdown.ts";

/** What the editor takes, by its capabilities. */
export interface CompletionTraits {
  /** Tab stops. */
  readonly snippets: boolean;
  /** Two ranges for one item. */
  readonly insertReplace: boolean;
  /** Documentation in Markdown. */
  readonly markdown: boolean;
  /** Characters that take an item and are written behind it. */
  readonly commits: boolean;
}

/** An item before its text has a place. */
export interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What is written, where it is not the label. */
  readonly insert?: string;
  /** With tab stops, for editors that have them. */
  readonly snippet?: string;
  /** Fitter first: 0, 1, …; 4 without it. */
  readonly rank?: number;
}

export const symbolItemKinds: Readonly<Record<SymbolKind, CompletionItemKind>> = {
  state: CompletionItemKind.Variable,
  time: CompletionItemKind.Variable,
  param: CompletionItemKind.Constant,
  activation: CompletionItemKind.Function,
  layer: CompletionItemKind.Field,
  input: CompletionItemKind.Variable,
  output: CompletionItemKind.Variable,
};

/** What is offered as the protocol has it. */
export function completionItem(
  { label, kind, detail, documentation, insert, snippet, rank = 4 }: Offer,
  traits: CompletionTraits,
  ranges: { readonly insert: Range; readonly replace: Range },
): CompletionItem {
  const hasStops = traits.snippets && snippet !== undefined;
  const newText = hasStops ? snippet : (insert ?? label);
  const contents: MarkupContent | string | undefined =
    documentation === undefined
      ? undefined
      : traits.markdown
        ? { kind: MarkupKind.Markdown, value: documentation }
        : plainText(documentation);
  return {
    label,
    kind,
    ...(detail !== undefined && { detail }),
    ...(contents !== undefined && { documentation: contents }),
    sortText: `${rank}${label}`,
    // For editors that leave `textEdit` alone.
    insertText: newText,
    // What is typed is compared with what is to be written.
    ...(!hasStops && newText !== label && { filterText: newText }),
    ...(hasStops && { insertTextFormat: InsertTextFormat.Snippet }),
    // Where a name alone is written, `(` takes it; with stops that would write two.
    ...(traits.commits && kind === CompletionItemKind.Function && newText === label && { commitCharacters: ["("] }),
    textEdit: traits.insertReplace ? { newText, ...ranges } : { newText, range: ranges.insert },
  };
}

export function keywordOffer(label: string, docs: KeywordDocs | undefined, rank?: number): Offer {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    ...(docs !== undefined && { documentation: docsText(docs) }),
    ...(rank !== undefined && { rank }),
  };
}

/** One line, an example, and where to read on. */
function docsText({ meaning, example, page }: KeywordDocs): string {
  return `${meaning}\n\n\`\`\`contrax\n${example}\n\`\`\`\n\n[The language](${languagePage(page)})`;
}

/**
 * A built-in activation by its name.
 *
 * @param called applied to something; else named, with arguments of its own: `slope_restricted(${1:0}, ${2:1})`
 */
export function builtinOffer(name: string, called: boolean, rank: number): Offer {
  const { call, slopes } = builtinText(name)!;
  const stops = call.slice(name.length).match(/\w+/g) ?? [];
  const initial = (stop: string) => (stop === "m" ? "0" : stop === "M" || stop === "beta" ? "1" : "0.1");
  const withArguments = `${name}(${stops.map((stop, i) => `\${${i + 1}:${initial(stop)}}`).join(", ")})`;
  const first =
    called && stops.length > 0 && name !== "softplus" ? ` Name it first: \`activation act = ${call}\`.` : "";
  return {
    label: name,
    kind: CompletionItemKind.Function,
    detail: call === name ? slopes : `${call}: ${slopes}`,
    documentation: `The derivative lies in the interval of slopes at every real number.${first}\n\n[Activations](${languagePage("activations")})`,
    ...(called
      ? { snippet: `${name}($1)` }
      : stops.length > 0 && name !== "softplus"
        ? { snippet: withArguments }
        : {}),
    rank,
  };
}

export function namedActivationDetail(text: string, slopes: SlopeInterval): string {
  return `${text}: ${slopesText(slopes)}`;
}
