import { allNearest } from "../../grammar/near.ts";
import type { Expression } from "../../grammar/tree.ts";
import { showShape } from "../../model/shape.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { codes } from "../../weights/failure.ts";
import { type Candidate, type Mistake, statementAt } from "./fix.ts";

/** Tensors of one file that are tried where none of them has a name that is near. */
const mostTensors = 12;

type Call = Extract<Expression, { kind: "call" }>;

/** For a `load` that finds nothing: a near name, or the tensors that fit where it stands. */
export function tensors(mistake: Mistake): Candidate[] {
  const { code } = mistake.diagnostic;
  if (code !== codes.noSuchTensor && code !== codes.unreadable) return [];
  const call = loadAt(mistake);
  const [file, tensor] = call?.arguments ?? [];
  if (call === null || file?.kind !== "string") return [];
  const { source, files } = mistake.trials.checked;
  if (code === codes.unreadable) {
    const readable = [...files].flatMap(([name, content]) => (content instanceof Uint8Array ? [name] : []));
    const near = allNearest(file.value, readable);
    return near.map((name) => changed(file.span, JSON.stringify(name), near.length === 1));
  }
  const entries = source.entries(file.value);
  if (entries.length === 0 && tensor !== undefined) {
    const edits = [{ span: { start: file.span.end, end: tensor.span.end }, text: "" }];
    return [{ title: "Remove the name: the file has one tensor without a name", edits, isMeant: true }];
  }
  const written = tensor?.kind === "string" ? tensor.value : null;
  const near =
    written === null
      ? []
      : allNearest(
          written,
          entries.map(({ name }) => name),
        );
  const wanted = near.length > 0 ? entries.filter(({ name }) => near.includes(name)) : entries.slice(0, mostTensors);
  return wanted.map(({ name, shape }) => {
    const text = JSON.stringify(name);
    const isMeant = near.length === 1 || entries.length === 1;
    if (tensor !== undefined) return changed(tensor.span, text, isMeant);
    const at = file.span.end;
    const edits = [{ span: { start: at, end: at }, text: `, ${text}` }];
    return { title: `Name the tensor: ${text}, ${showShape(shape)}`, edits, isMeant };
  });
}

function changed(span: Call["span"], text: string, isMeant: boolean): Candidate {
  return { title: `Change to ${text}`, edits: [{ span, text }], isMeant };
}

function loadAt(mistake: Mistake): Call | null {
  const { start, end } = mistake.diagnostic.span;
  const statement = statementAt(mistake.model.tree, mistake);
  let found: Call | null = null;
  walkExpressions(statement === null ? [] : expressionsOf(statement), (one) => {
    if (one.kind === "call" && one.callee.text === "load" && one.span.start === start && one.span.end === end) {
      found = one;
    }
  });
  return found;
}
