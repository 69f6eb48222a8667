import type { ModelTree } from "../../grammar/tree.ts";
import { compileKeeping } from "../../model/compile.ts";
import { degreeInParams } from "../../model/dependence.ts";
import type { Model, Param, Requirement } from "../../model/model.ts";
import { walk } from "../../model/walk.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { canReplaceActivations } from "../replaced-activations.ts";
import { paramStatement, piecesOf } from "./param-places.ts";
import type { Goal, Repair } from "./repair.ts";

/** A param that the Jacobian depends on. What is no param (a literal in a layer) has no name to change it by. */
export interface RepairableParam {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its entries can be changed one by one; else only the whole of it, by a term or a factor. */
  readonly entries: boolean;
}

/** @param model of the checked document; its params are its own, also where another model has one of the same name */
export function repairableParams(checked: CheckedDocument, model: Model): RepairableParam[] {
  const modelTree = treeOf(checked, model);
  if (modelTree === null) return [];
  const names = new Set(model.params.map(({ name }) => name));
  const made = (name: string) => isMadeOfParams(modelTree, name, names);
  // One model for all of those that do not hide others.
  const plain = model.params.map(({ name }) => name).filter((name) => !made(name));
  const together = keeping(checked, model, plain);
  return model.params.flatMap(({ name, shape }) => {
    const kept = together !== null && !made(name) ? together : keeping(checked, model, [name]);
    if (kept === null) return [];
    const index = kept.params.findIndex((param) => param.name === name);
    if (degreeInParams(kept, new Set([index])) === 0) return [];
    const entries = piecesOf(modelTree, name) !== null && canChange(kept.params[index]);
    return [{ name, shape, entries }];
  });
}

function isMadeOfParams(tree: ModelTree, name: string, params: ReadonlySet<string>): boolean {
  const statement = paramStatement(tree, name);
  let found = false;
  if (statement !== null) {
    walk(statement, (expression) => {
      found ||= expression.kind === "name" && params.has(expression.name);
    });
  }
  return found;
}

/** Whether its value is a constant, or one at each knot. */
function canChange({ value }: Param): boolean {
  if (value.op === "constant") return true;
  return (value.op === "interpolate" || value.op === "steps") && value.values.every(({ op }) => op === "constant");
}

/** The params whose entries can change together: without those that are made of others' entries. */
export function independentParams(
  checked: CheckedDocument,
  model: Model,
  params: readonly RepairableParam[],
): string[] {
  const modelTree = treeOf(checked, model);
  if (modelTree === null) return [];
  return params
    .filter(({ entries }) => entries)
    .map(({ name }) => name)
    .filter((name) => !isMadeOf(modelTree, name, params));
}

function isMadeOf(tree: ModelTree, name: string, params: readonly RepairableParam[]): boolean {
  const places = new Set(piecesOf(tree, name)?.map(placeOf));
  const span = paramStatement(tree, name)!.span;
  return params.some(
    (other) =>
      other.name !== name &&
      piecesOf(tree, other.name)?.some((piece) => places.has(placeOf(piece)) && !inside(placeOf(piece), span)) === true,
  );
}

function placeOf(piece: NonNullable<ReturnType<typeof piecesOf>>[number]): number {
  return piece.kind === "numbers" ? piece.places[0] : piece.load.fileSpan.start;
}

function inside(at: number, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return start <= at && at < end;
}

/** The model with some params kept, as a search for other values of them needs it; null where they cannot be. */
export function keeping({ tree, source }: CheckedDocument, model: Model, params: readonly string[]): Model | null {
  return compileKeeping(tree, source, model.name, new Set(params));
}

/** Up to so many entries the least change is found at once, up to so many quickly. */
const fewestEntries = 64;
const fewEntries = 256;

/**
 * Every repair worth a search, the quickest first: least changes of a few entries, which are preferred; that of the flow,
 * which always works; that of the activations, which the analysis has begun already; then param by param, least changes of
 * many entries last.
 */
export function repairCandidates(checked: CheckedDocument, model: Model, goal: Goal): Repair[] {
  const params = repairableParams(checked, model);
  const isSmall = ({ entries, shape }: RepairableParam) => entries && product(shape) <= fewestEntries;
  const first = params.filter(isSmall).map(({ name }): Repair => ({ kind: "min-norm", params: [name] }));
  const candidates: Repair[] = [...first, { kind: "decay" }];
  const slow: Repair[] = [];
  if (hasMargin(goal) && canReplaceActivations(model)) candidates.push({ kind: "activation" });
  for (const { name, shape, entries } of params) {
    const least: Repair = { kind: "min-norm", params: [name] };
    if (entries && product(shape) > fewestEntries) (product(shape) <= fewEntries ? candidates : slow).push(least);
    if (entries && shape.length === 2) candidates.push({ kind: "clip", param: name });
    if (canShift(model, shape)) candidates.push({ kind: "shift", param: name });
    candidates.push({ kind: "rescale", param: name });
  }
  const together = independentParams(checked, model, params);
  if (together.length > 1) slow.push({ kind: "min-norm", params: together });
  return [...candidates, ...slow];
}

function product(shape: readonly number[]): number {
  return shape.reduce((entries, size) => entries * size, 1);
}

/** Square, and of the state's size. */
export function canShift({ states }: Model, shape: readonly number[]): boolean {
  return shape.length === 2 && shape[0] === states && shape[1] === states;
}

/** Whether slopes are known for which it holds: see `margin`. */
export function hasMargin({ kind, metric }: Goal): boolean {
  return kind === "lognorm" && metric?.kind !== "auto";
}

export function goalOf({ kind, text, norm, metric, h, limit }: Requirement): Goal {
  return { kind, text, norm, metric, h, limit };
}

function treeOf({ tree, compilation }: CheckedDocument, model: Model): ModelTree | null {
  if (!compilation.models.includes(model)) return null;
  return tree.models.find(({ name }) => name.span.start === model.nameSpan.start) ?? null;
}
