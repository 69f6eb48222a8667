import { codes } from "../../model/codes.ts";
import { freeName, statementBelow } from "../new-statement.ts";
import type { Candidate, Mistake } from "./fix.ts";

/** For a classifier that lacks some of its three statements: the rest of them, to be filled in. */
export function classifierStatements({ diagnostic, text, model }: Mistake): Candidate[] {
  const { tree, symbols } = model;
  const state = symbols.find(({ kind }) => kind === "state");
  const size = state?.shape?.[0];
  if (diagnostic.code !== codes.classifier || state === undefined || size === undefined) return [];
  const has = (kind: string) => tree.statements.some((one) => one.kind === kind);
  const known = symbols.find(({ kind }) => kind === "input");
  const input = known?.name ?? freeName(text, tree.span, "u");
  const inputs = known?.shape?.[0] ?? size;
  const missing = [
    !has("input") && `input ${input}[${size}]`,
    !has("encode") && `encode ${state.name} = ${inputs === size ? input : `zeros(${size}, ${inputs}) * ${input}`}`,
    !has("output") && `output ${freeName(text, tree.span, "y")} = ${state.name}`,
  ].filter((statement) => statement !== false);
  const last = tree.statements.findLast(({ kind }) => !["require", "simulate", "domain"].includes(kind));
  if (last === undefined) return [];
  // All at one place: one below the other.
  const edits = missing.map((statement) => statementBelow(text, last.span, statement));
  const joined = { span: edits[0].span, text: edits.map((edit) => edit.text).join("") };
  return [{ title: `Add ${missing.join(" and ")}`, edits: [joined] }];
}
