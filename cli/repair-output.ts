import { lstatSync } from "node:fs";
import { realpath, rm } from "node:fs/promises";
import path from "node:path";
import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import { fingerprint } from "../model/fingerprint.ts";
import { loadPath } from "../server/files/files.ts";
import { writeNewFile } from "../server/files/new-file.ts";
import { systemErrorText } from "../server/files/system-error.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import { contractedName } from "../service/contracted-name.ts";
import type { WrittenRepair } from "../service/repair/repair.ts";
import { applyEdits } from "../service/text-edits.ts";
import { tensorSource } from "../weights/source.ts";
import { movedLoads } from "./moved-loads.ts";
import { writeFile } from "./write-file.ts";

/** Where a repaired document goes, with its new weight files beside it. */
export class RepairOutput {
  private readonly original: string;
  private readonly place: string;
  private readonly output: string | null;
  private readonly checked: CheckedDocument;
  private readonly allocated = new Set<string>();

  /**
   * @param original the text, a byte-order mark included
   * @param place the document's path, from which those in `load` start
   * @param output the path to write to; null for standard output, of which paths start where they did
   */
  constructor(original: string, place: string, output: string | null, checked: CheckedDocument) {
    this.original = original;
    this.place = place;
    this.output = output;
    this.checked = checked;
  }

  /** Why nothing may be written to another file than the document's; null where it may. */
  async problem(): Promise<string | null> {
    const { output, place, checked } = this;
    if (output === null) return null;
    const target = await identity(output);
    if (target === (await identity(place))) return `${output} is the model file itself: --write replaces it`;
    for (const file of checked.files.keys()) {
      if (target === (await identity(loadPath(place, file)))) {
        return `${output} is a weight file that the model loads: name another file`;
      }
    }
    return null;
  }

  /** Names of new weight files for one model: free, and the same for the same file. */
  names(): (file: string) => string {
    const chosen = new Map<string, string>();
    return (file) => {
      const known = chosen.get(file);
      if (known !== undefined) return known;
      // Beside the old one, or beside the output.
      const beside = this.moves() ? path.basename(loadPath(this.place, file)) : file;
      const isTaken = (name: string) => this.allocated.has(this.resolve(name)) || exists(this.resolve(name));
      const name = contractedName(beside, isTaken);
      this.allocated.add(this.resolve(name));
      chosen.set(file, name);
      return name;
    };
  }

  /** The changed document. @throws Error where it does not say what was proved, which would be a mistake of this program */
  text(written: readonly WrittenRepair[]): string {
    const repaired = written.flatMap(({ edits }) => edits);
    const moved = this.moves() ? movedLoads(this.checked.tree, (file) => this.moved(file)) : [];
    const rest = moved.filter(({ span }) => !repaired.some((edit) => edit.span.start === span.start));
    const text = applyEdits(this.checked.document.getText(), [...rest, ...repaired]);
    this.checkModels(text, written);
    return this.original.startsWith("\ufeff") ? `\ufeff${text}` : text;
  }

  /**
   * Weight files first: whoever is ended in between leaves the text that there was, and files that nobody uses.
   *
   * @returns why it could not be written; else null
   */
  async save(written: readonly WrittenRepair[]): Promise<string | null> {
    const output = this.output!;
    const text = this.text(written);
    const made: string[] = [];
    for (const { file, bytes } of written.flatMap(({ files }) => files)) {
      const target = this.resolve(file);
      try {
        await writeNewFile(target, bytes);
        made.push(target);
      } catch (error) {
        await removeAll(made);
        return `${file}: cannot be written: ${(error as Error).message}`;
      }
    }
    try {
      await writeFile(output, text);
      return null;
    } catch (error) {
      await removeAll(made);
      return `${output}: cannot be written: ${systemErrorText(error)}`;
    }
  }

  /** Whether the output is in another folder, from which other relative paths lead to the weight files. */
  private moves(): boolean {
    return this.output !== null && path.dirname(path.resolve(this.output)) !== path.dirname(path.resolve(this.place));
  }

  private resolve(file: string): string {
    return loadPath(this.output ?? this.place, file);
  }

  /** The path in `load` by which a weight file is found from the output. */
  private moved(file: string): string {
    if (path.isAbsolute(file)) return file;
    const folder = path.dirname(path.resolve(this.output!));
    return path.relative(folder, loadPath(this.place, file)).split(path.sep).join("/");
  }

  private checkModels(text: string, written: readonly WrittenRepair[]): void {
    const files = new Map(
      [...this.checked.files].map(([file, bytes]) => [this.moves() ? this.moved(file) : file, bytes]),
    );
    for (const { file, bytes } of written.flatMap((one) => one.files)) files.set(file, bytes);
    const { models } = compile(parse(text), tensorSource(files));
    for (const { model } of written) {
      const now = models.find(({ name }) => name === model.name);
      if (now === undefined || fingerprint(now) !== fingerprint(model)) {
        throw new Error(`the changed text of ${model.name} does not say what was proved`);
      }
    }
  }
}

/** The same for all names of a file. */
function identity(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

async function removeAll(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true }).catch(() => {});
}
