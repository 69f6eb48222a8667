import { CompletionItemKind } from "vscode-languageserver-types";
import { properties, type StatementKeyword, statementKeywords } from "../grammar/keywords.ts";
import type { ModelTree } from "../grammar/tree.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { keywordOffer, type Offer } from "./completion-item.ts";
import { modelSnippets, type Snippet, statementSnippets } from "./completion-snippets.ts";
import { keywordDocs, propertyDocs } from "./keyword-docs.ts";

/** A model has one of each. */
const single: ReadonlySet<StatementKeyword> = new Set(["state", "time", "flow", "domain", "input", "encode", "output"]);
/** They need an `input`. */
const ofClassifiers: ReadonlySet<StatementKeyword> = new Set(["encode", "output"]);
/** Without them there is no model: they come first. */
const needed: ReadonlySet<StatementKeyword> = new Set(["state", "flow"]);

/** At a file's beginning and between models. */
export function fileOffers(): Offer[] {
  return [keywordOffer("model", keywordDocs.model, 0), ...modelSnippets().map(snippetOffer)];
}

/** The words that go on with a statement, and those that begin another one of this model. */
export function statementOffers(
  { clauses, next }: { readonly clauses: readonly string[]; readonly next: boolean },
  model: ModelTree | null,
  symbols: readonly ModelSymbol[],
  offset: number,
): Offer[] {
  const words = clauses.map((clause) => keywordOffer(clause, keywordDocs[clause], 0));
  if (!next) return words;
  const standing = new Set(
    // The statement whose keyword is being typed is not there yet.
    model?.statements.flatMap(({ kind, span }) => (isTyped(kind, span.start, offset) ? [] : [kind])) ?? [],
  );
  const isClassifier = [...ofClassifiers, "input" as const].some((kind) => standing.has(kind));
  const fits = (word: StatementKeyword) =>
    !(single.has(word) && standing.has(word)) && !(ofClassifiers.has(word) && !isClassifier);
  const rank = (word: StatementKeyword) => (needed.has(word) ? 1 : 2);
  return [
    ...words,
    ...statementKeywords.filter(fits).map((word) => keywordOffer(word, keywordDocs[word], rank(word))),
    ...statementSnippets(symbols)
      .filter(({ statement }) => fits(statement))
      .map(snippetOffer),
  ];
}

/** What a `require` may state. */
export function propertyOffers(): Offer[] {
  const written = {
    lognorm: `lognorm(\${1|2,1,inf|}) <= \${2:0}`,
    lipschitz: `lipschitz(\${1|2,1,inf|}) <= \${2:1}`,
    step: `step(\${1|2,1,inf|}, \${2:0.1}) <= \${3:1}`,
  };
  return properties.map((label) => ({
    ...keywordOffer(label, propertyDocs[label]),
    kind: CompletionItemKind.Property,
    snippet: written[label],
  }));
}

function isTyped(kind: string, start: number, offset: number): boolean {
  return start <= offset && offset <= start + kind.length;
}

function snippetOffer({ label, detail, body }: Snippet): Offer {
  return {
    label,
    kind: CompletionItemKind.Snippet,
    detail,
    documentation: `\`\`\`contrax\n${withDefaults(body)}\n\`\`\``,
    snippet: body,
    rank: 3,
  };
}

/** What a snippet is where its stops are left as they are. */
function withDefaults(body: string): string {
  return body.replace(
    /\$\{\d+\|([^,|]*)[^|]*\|\}|\$\{\d+:([^}]*)\}|\$\d+/g,
    (_, choice = "", initial = "") => choice + initial,
  );
}
