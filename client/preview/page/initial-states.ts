import type { Picture, Plane, View } from "../../../service/preview/picture.ts";

/** Those that are shown: a person's own, else the model's. */
export function initialStates(
  { bundles }: Pick<Picture, "bundles">,
  { initial }: View,
): readonly (readonly number[])[] {
  return initial ?? bundles.map((bundle) => [...bundle.initial]);
}

/** What a click in the plane stands for: in the plane through its origin. @param unit of a pixel: nothing finer was meant */
export function stateAt({ directions, origin }: Plane, coordinates: readonly number[], unit: number): number[] {
  return moved([...origin], directions, coordinates, unit);
}

/** The state as far away in the plane; what the plane does not show of it stays. */
export function stateMovedBy(
  { directions }: Plane,
  state: readonly number[],
  by: readonly number[],
  unit: number,
): number[] {
  return moved([...state], directions, by, unit);
}

function moved(state: number[], directions: Float64Array, by: readonly number[], unit: number): number[] {
  const n = state.length;
  return state.map((value, i) => {
    const shift = by.reduce((sum, length, axis) => sum + length * directions[axis * n + i], 0);
    return shift === 0 ? value : rounded(value + shift, unit);
  });
}

/** To the power of ten below this unit: it is written into the model. */
export function rounded(value: number, unit: number): number {
  const decimals = -Math.floor(Math.log10(unit));
  if (!Number.isFinite(decimals) || decimals > 15) return value;
  return decimals >= 0 ? Number(value.toFixed(decimals)) : Math.round(value * 10 ** decimals) / 10 ** decimals;
}

/** [axes] */
export function coordinatesOf({ directions, origin, labels }: Plane, state: readonly number[]): number[] {
  const n = state.length;
  return labels.map((_, axis) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += directions[axis * n + i] * (state[i] - origin[i]);
    return sum;
  });
}

/** `1, 0.5` or `[1, 0.5]`; where the text holds no such state, why not. */
export function readState(text: string, n: number): number[] | string {
  const parts = text
    .replace(/^\s*\[|\]\s*$/g, "")
    .split(/[\s,;]+/)
    .filter((part) => part !== "");
  const wrong = parts.find((part) => !Number.isFinite(Number(part)));
  if (wrong !== undefined) return `“${wrong}” is no number`;
  if (parts.length !== n) return `expected ${n} ${n === 1 ? "number" : "numbers"}, found ${parts.length}`;
  return parts.map(Number);
}

/** `1, 3, 5-8`, counted from 1, as indices from 0. A sentence where the text is something else. */
export function readComponents(text: string, n: number, least: number, most: number): number[] | string {
  const found: number[] = [];
  for (const part of text.split(/[\s,;]+/).filter((one) => one !== "")) {
    const [, from, to] = /^(\d+)(?:[-–](\d+))?$/.exec(part) ?? [];
    if (from === undefined) return `“${part}” is no number of a component`;
    const [low, high] = [Number(from), Number(to ?? from)];
    if (low < 1 || high > n || low > high) return `“${part}” is not among 1 to ${n}`;
    if (high - low >= most) return `at most ${most} can be shown`;
    for (let index = low; index <= high; index++) if (!found.includes(index - 1)) found.push(index - 1);
  }
  if (found.length < least) return `at least ${least} ${least === 1 ? "is" : "are"} needed`;
  if (found.length > most) return `at most ${most} can be shown`;
  return found;
}

/** What the model's own `simulate` statements do not say. */
export function differs({ initial, until }: View): boolean {
  return initial !== null || until !== null;
}
