import type { Norm } from "../../model/model.ts";
import { mostComponents, type View } from "../../service/preview/picture.ts";
import type { PreviewParams, WriteParams } from "../messages/preview-messages.ts";
import { readReference } from "../repairs/repair-reference.ts";

/** Initial states of a person's own, and their numbers all together: more are not told apart, and take seconds. */
const mostInitial = 64;
const mostNumbers = 200_000;

/** Not what was asked for: the message names the place and what was expected there. */
export class BadParams extends Error {}

/** @throws {BadParams} */
export function readPreviewParams(value: unknown): PreviewParams {
  const { preview, uri, model, position, view, repair } = fields(value, "params");
  const reference = repair === undefined || repair === null ? null : readReference(repair);
  if (reference === null && repair !== undefined && repair !== null)
    refuse("repair", "a reference to a repair", repair);
  return {
    preview: text(preview, "preview"),
    uri: text(uri, "uri"),
    model: model === undefined || model === null ? null : text(model, "model"),
    position: position === undefined || position === null ? null : readPosition(position),
    view: readView(view),
    repair: reference,
  };
}

/** @throws {BadParams} */
export function readWriteParams(value: unknown): WriteParams {
  const { uri, version, model, initial, spread, until } = fields(value, "params");
  const states = readInitial(initial, "initial");
  if (states === null || states.length === 0) refuse("initial", "at least one initial state", initial);
  const distance = optional(spread, (one) => finite(one, "spread"));
  if (distance !== null && distance < 0) refuse("spread", "a number that is not negative", spread);
  return {
    uri: text(uri, "uri"),
    version: finite(version, "version"),
    model: text(model, "model"),
    initial: states!,
    spread: distance,
    until: optional(until, (one) => finite(one, "until")),
  };
}

function readView(value: unknown): View {
  const { components, axes, box, initial, until, norm, worst } = fields(value, "view");
  return {
    components: optional(components, (one) => indices(one, "view.components", 1, mostComponents)),
    axes: optional(axes, (one) =>
      one === "principal" || one === "principal3" ? one : indices(one, "view.axes", 2, 3),
    ),
    box: optional(box, readBox),
    initial: readInitial(initial, "view.initial"),
    until: optional(until, (one) => finite(one, "view.until")),
    norm: optional(norm, (one) =>
      one === "1" || one === "2" || one === "inf" ? (one as Norm) : refuse("view.norm", '"1", "2" or "inf"', one),
    ),
    worst: worst === true,
  };
}

function readBox(value: unknown): readonly number[] {
  const box = list(value, "view.box", 6).map((one, i) => finite(one, `view.box[${i}]`));
  const isOne = box.length === 4 || box.length === 6;
  if (isOne && box.every((x, i) => i % 2 === 0 || (box[i - 1] < x && Number.isFinite(x - box[i - 1])))) return box;
  return refuse("view.box", "for each of two or three axes its lower and a greater upper end", value);
}

function readInitial(value: unknown, place: string): readonly (readonly number[])[] | null {
  if (value === undefined || value === null) return null;
  let numbers = 0;
  return list(value, place, mostInitial).map((state, k) => {
    const components = list(state, `${place}[${k}]`, mostNumbers);
    numbers += components.length;
    if (numbers > mostNumbers) refuse(place, `at most ${mostNumbers} numbers`, null);
    return components.map((one, i) => finite(one, `${place}[${k}][${i}]`));
  });
}

function readPosition(value: unknown) {
  const { line, character } = fields(value, "position");
  return { line: finite(line, "position.line"), character: finite(character, "position.character") };
}

/** Whole numbers from 0, no two alike. */
function indices(value: unknown, place: string, least: number, most: number): readonly number[] {
  const found = list(value, place, most);
  const isOne = found.every((one) => Number.isInteger(one) && (one as number) >= 0);
  if (isOne && found.length >= least && new Set(found).size === found.length) return found as number[];
  return refuse(place, `${least} to ${most} different indices from 0`, value);
}

function list(value: unknown, place: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) return refuse(place, "a list", value);
  return value.length <= most ? value : refuse(place, `a list of at most ${most}`, `${value.length} of them`);
}

function finite(value: unknown, place: string): number {
  return typeof value === "number" && Number.isFinite(value) ? value : refuse(place, "a finite number", value);
}

function text(value: unknown, place: string): string {
  return typeof value === "string" ? value : refuse(place, "a string", value);
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : read(value);
}

function fields(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuse(place, "an object", value);
}

function refuse(place: string, expected: string, found: unknown): never {
  const shown = JSON.stringify(found) ?? String(found);
  throw new BadParams(`${place}: expected ${expected}, found ${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}`);
}
