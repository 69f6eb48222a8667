import type { WorkspaceSymbol } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../grammar/parse.ts";
import { fileSymbols, matchingSymbols } from "../service/workspace-symbols.ts";
import type { Editor } from "./editor.ts";
import { canonical } from "./files/uris.ts";
import type { Host } from "./host.ts";
import type { Workspace } from "./workspace.ts";

/** A person goes on writing the query: the folders are not searched again for each letter. */
const listingMilliseconds = 3000;
/** Nobody waits longer for a name; what has been read by then is kept for the next query. */
const answerMilliseconds = 2000;

interface Listing {
  readonly folders: string;
  readonly files: readonly string[];
  readonly until: number;
}

interface Indexed {
  readonly stamp: string;
  readonly symbols: readonly WorkspaceSymbol[];
}

/** The names in all models of the workspace, open or not. */
export class SymbolIndex {
  readonly #editor: Editor;
  readonly #host: Host;
  readonly #workspace: Workspace;
  /** By URI, of files that are not open. */
  readonly #indexed = new Map<string, Indexed>();
  #listing: Listing | null = null;

  constructor(editor: Editor, host: Host, workspace: Workspace) {
    this.#editor = editor;
    this.#host = host;
    this.#workspace = workspace;
  }

  async query(query: string, isCancelled: () => boolean): Promise<WorkspaceSymbol[]> {
    const end = performance.now() + answerMilliseconds;
    const isOver = () => isCancelled() || performance.now() > end;
    const open = new Set(this.#workspace.uris.map(canonical));
    const symbols: WorkspaceSymbol[] = [];
    // What is open is known already: it comes before what has to be read.
    for (const uri of this.#workspace.uris) {
      const checked = await this.#workspace.get(uri)?.open.check();
      if (checked !== undefined) symbols.push(...fileSymbols(checked.document, checked.tree));
    }
    for (const uri of await this.#files(isOver)) {
      if (isOver()) break;
      if (!open.has(uri)) symbols.push(...(await this.#symbols(uri)));
    }
    return matchingSymbols(symbols, query);
  }

  async #files(isOver: () => boolean): Promise<readonly string[]> {
    const folders = (await this.#editor.folders()).map(canonical);
    const key = folders.join("\n");
    if (this.#listing?.folders === key && performance.now() < this.#listing.until) return this.#listing.files;
    const found = await Promise.all(folders.map((folder) => this.#host.findModels(folder, isOver)));
    const files = [...new Set(found.flatMap((one) => one.files))];
    this.#listing = { folders: key, files, until: performance.now() + listingMilliseconds };
    const there = new Set(files);
    for (const uri of this.#indexed.keys()) if (!there.has(uri)) this.#indexed.delete(uri);
    return files;
  }

  async #symbols(uri: string): Promise<readonly WorkspaceSymbol[]> {
    const stamp = await this.#host.stamp(uri);
    if (stamp === null) return [];
    const indexed = this.#indexed.get(uri);
    if (indexed?.stamp === stamp) return indexed.symbols;
    const read = await this.#host.readModel(uri);
    const text = read.kind === "text" ? read.text : "";
    const symbols = fileSymbols(TextDocument.create(uri, "contrax", 0, text), parse(text));
    this.#indexed.set(uri, { stamp, symbols });
    return symbols;
  }
}
