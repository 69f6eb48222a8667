import type { TextDocument } from "vscode-languageserver-textdocument";
import { SymbolKind, type WorkspaceSymbol } from "vscode-languageserver-types";
import type { Tree } from "../grammar/tree.ts";
import { statementKinds } from "./document-symbols.ts";
import { rangeOf } from "./range.ts";

/** More than a list shows; whoever looks for something else writes another letter. */
const mostSymbols = 500;

/** The models of a file and the names in them; what has no name of its own is left out. */
export function fileSymbols(document: TextDocument, { models }: Tree): WorkspaceSymbol[] {
  const symbol = (name: string, kind: SymbolKind, span: { start: number; end: number }, containerName?: string) => ({
    name,
    kind,
    location: { uri: document.uri, range: rangeOf(document, span) },
    ...(containerName !== undefined && { containerName }),
  });
  return models.flatMap((model) => {
    if (model.name.text === "") return [];
    const own = symbol(model.name.text, SymbolKind.Class, model.name.span);
    const names = model.statements.flatMap((statement) => {
      if (!("name" in statement) || statement.name.text === "" || statement.kind === "flow") return [];
      return symbol(statement.name.text, statementKinds[statement.kind], statement.name.span, model.name.text);
    });
    return [own, ...names];
  });
}

/** Those whose names hold the query's letters in their order, the nearest first: `W2` before `Wide2`. */
export function matchingSymbols(symbols: Iterable<WorkspaceSymbol>, query: string): WorkspaceSymbol[] {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  const found: { symbol: WorkspaceSymbol; distance: number }[] = [];
  for (const symbol of symbols) {
    const distance = nameDistance(symbol.name.toLowerCase(), wanted);
    if (distance !== null) found.push({ symbol, distance });
  }
  found.sort((a, b) => a.distance - b.distance || compare(a.symbol.name, b.symbol.name));
  return found.slice(0, mostSymbols).map(({ symbol }) => symbol);
}

/** How many letters stand before and between those of the query; null where they are not all there. */
function nameDistance(name: string, query: string): number | null {
  let distance = 0;
  let from = 0;
  for (const letter of query) {
    const at = name.indexOf(letter, from);
    if (at < 0) return null;
    distance += at - from;
    from = at + letter.length;
  }
  // Of names that begin alike the shortest is the nearest.
  return distance + (name.length - from) / 1000;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
