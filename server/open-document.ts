import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import { loads } from "../model/loads.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import { WeightFiles } from "./files/weight-files.ts";
import type { Host } from "./host.ts";

/** One open document: checked once per version, on demand. */
export class OpenDocument {
  readonly uri: string;
  readonly #weights: WeightFiles;
  #document: TextDocument;
  #check: Promise<CheckedDocument> | null = null;
  /** How long the last check took, without its waiting for files; 0 before the first. */
  checkMilliseconds = 0;

  /** @param weightsChanged called when a weight file that it loads may have changed. */
  constructor(document: TextDocument, host: Host, weightsChanged: () => void) {
    this.uri = document.uri;
    this.#document = snapshot(document);
    this.#weights = new WeightFiles(host, document.uri, () => {
      this.#check = null;
      weightsChanged();
    });
  }

  get document(): TextDocument {
    return this.#document;
  }

  update(document: TextDocument): void {
    this.#document = snapshot(document);
    this.#check = null;
  }

  /** The newest version, checked; where a newer one comes meanwhile, that one. */
  check(): Promise<CheckedDocument> {
    this.#check ??= this.#run();
    return this.#check;
  }

  dispose(): void {
    this.#weights.dispose();
  }

  async #run(): Promise<CheckedDocument> {
    const document = this.#document;
    const start = performance.now();
    const tree = parse(document.getText());
    const parsed = performance.now();
    const { source, files } = await this.#weights.read(loads(tree).map(({ file }) => file));
    if (this.#document !== document) return this.check();
    const read = performance.now();
    const compilation = compile(tree, source);
    this.checkMilliseconds = performance.now() - read + parsed - start;
    return { document, tree, compilation, source, files };
  }
}

/** The editor's own changes in place. A position that is none, as `null` or 0.5, is taken for one near it. */
function snapshot(document: TextDocument): TextDocument {
  const { uri, languageId, version } = document;
  const copy = TextDocument.create(uri, languageId, version, document.getText());
  const offsetAt = copy.offsetAt.bind(copy);
  // Of half a line the offset is NaN, and a scan that begins there never ends.
  copy.offsetAt = ({ line, character }) =>
    offsetAt({ line: Math.trunc(line) || 0, character: Math.trunc(character) || 0 });
  return copy;
}
