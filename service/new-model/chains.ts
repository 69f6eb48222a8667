import type { DenseLayer } from "./dense-layers.ts";
import { partOf } from "./part-names.ts";

/** Layers one behind the other, from the state back to its derivative. */
export interface Chain {
  readonly layers: readonly DenseLayer[];
  readonly states: number;
  /** Which layers have one input more, for the time. */
  readonly time: "none" | "first" | "every";
}

/** Groups of more layers are only taken in the order of their names. */
const mostSearched = 6;
/** Deeper names are groups already. */
const mostDepth = 6;

/**
 * The layers that most look like a vector field: those that a name calls so, else the longest chain whose ends agree,
 * the order of the names before any other; null where no chain does.
 */
export function vectorField(layers: readonly DenseLayer[]): Chain | null {
  let best: Chain | null = null;
  for (const group of groups(layers)) {
    for (const chain of inOrder(group)) if (best === null || rank(chain) > rank(best)) best = chain;
    const longest = best?.layers.length ?? 0;
    if (group.length > mostSearched || (longest >= group.length && group.includes(best!.layers[0]))) continue;
    for (const chain of inAnyOrder(group)) if (best === null || rank(chain) > rank(best)) best = chain;
  }
  return best;
}

/** What the name says counts before the length, and both before a plain form. */
function rank({ layers, time }: Chain): number {
  const parts = layers.map(({ path }) => partOf(path));
  const named = parts.every((part) => part === "field") ? 2 : parts.every((part) => part === "unknown") ? 1 : 0;
  return named * 1e6 + layers.length * 10 + (time === "none" ? 2 : time === "first" ? 1 : 0);
}

/** The layers below each common beginning of their paths, all of them first. */
function groups(layers: readonly DenseLayer[]): DenseLayer[][] {
  const found = new Map<string, DenseLayer[]>();
  for (let depth = 0; depth <= mostDepth; depth++) {
    for (const layer of layers) {
      if (layer.path.length < depth) continue;
      const key = JSON.stringify(layer.path.slice(0, depth));
      const group = found.get(key);
      if (group === undefined) found.set(key, [layer]);
      else group.push(layer);
    }
  }
  return [...found.values()];
}

/** From each layer on, the longest chain. */
function* inOrder(group: readonly DenseLayer[]): Iterable<Chain> {
  for (let start = 0; start < group.length; start++) {
    let end = start + 1;
    while (end < group.length && excess(group[end - 1], group[end]) !== null) end++;
    for (; end > start; end--) {
      const chain = excess(group[end - 1], group[start]) === null ? null : closed(group.slice(start, end));
      if (chain === null) continue;
      yield chain;
      break;
    }
  }
}

function* inAnyOrder(group: readonly DenseLayer[], begun: readonly DenseLayer[] = []): Iterable<Chain> {
  const chain = begun.length === 0 ? null : closed(begun);
  if (chain !== null) yield chain;
  for (const next of group) {
    if (begun.includes(next) || (begun.length > 0 && excess(begun.at(-1)!, next) === null)) continue;
    yield* inAnyOrder(group, [...begun, next]);
  }
}

/** How many inputs a layer has besides the outputs of the one before: none or one; null where they do not fit. */
function excess(before: DenseLayer, { inputs }: DenseLayer): 0 | 1 | null {
  const more = inputs - before.outputs;
  return more === 0 || more === 1 ? more : null;
}

/** The chain of layers that fit, where the last leads back to the first. */
function closed(layers: readonly DenseLayer[]): Chain | null {
  const more = layers.map((layer, i) => excess(layers.at(i - 1)!, layer));
  const states = layers.at(-1)!.outputs;
  if (more.every((one) => one === 0)) return { layers, states, time: "none" };
  if (more[0] !== 1) return null;
  if (more.slice(1).every((one) => one === 0)) return { layers, states, time: "first" };
  return more.every((one) => one === 1) ? { layers, states, time: "every" } : null;
}
