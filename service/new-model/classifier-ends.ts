import type { Chain } from "./chains.ts";
import type { DenseLayer } from "./dense-layers.ts";
import { partOf } from "./part-names.ts";

/** The layers around a vector field that make it a classifier. */
export interface ClassifierEnds {
  readonly encode: DenseLayer;
  readonly output: DenseLayer;
}

/** One layer onto the state and one from it, where the others leave no doubt which; null where they do. */
export function classifierEnds(layers: readonly DenseLayer[], { layers: field, states }: Chain): ClassifierEnds | null {
  const first = layers.indexOf(field[0]);
  const rest = layers.filter((layer) => !field.includes(layer));
  const encoding = rest.filter((layer) => layer.outputs === states && mayStand(layer, "encode", layers, first));
  const scoring = rest.filter((layer) => layer.inputs === states && mayStand(layer, "output", layers, first));
  // `encode` and `output` are affine: the end of a net of several layers is neither.
  const encode = only(
    encoding.filter((layer) => !rest.some((other) => other.outputs === layer.inputs && sameNet(other, layer))),
    "encode",
  );
  const output = only(
    scoring.filter((layer) => !rest.some((other) => other.inputs === layer.outputs && sameNet(other, layer))),
    "output",
  );
  return encode === null || output === null || encode === output ? null : { encode, output };
}

/** A layer whose name says nothing stands before the field or behind it. */
function mayStand(layer: DenseLayer, part: "encode" | "output", layers: readonly DenseLayer[], first: number): boolean {
  const named = partOf(layer.path);
  if (named !== "unknown") return named === part;
  if (layer.inputs !== layer.outputs) return true;
  return layers.indexOf(layer) < first === (part === "encode");
}

/** Where a name tells, the one that it names. */
function only(candidates: readonly DenseLayer[], part: "encode" | "output"): DenseLayer | null {
  const named = candidates.filter(({ path }) => partOf(path) === part);
  const chosen = named.length > 0 ? named : candidates;
  return chosen.length === 1 ? chosen[0] : null;
}

/** Not of a layer with itself. */
function sameNet(a: DenseLayer, b: DenseLayer): boolean {
  const net = ({ path }: DenseLayer) => JSON.stringify(path.slice(0, -1));
  return a !== b && a.path.length > 1 && net(a) === net(b);
}
