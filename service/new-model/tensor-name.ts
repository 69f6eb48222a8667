/** What a tensor's name says, whichever program gave it. */
export interface TensorName {
  /** Of the layer that it belongs to, outermost first: `["ode", "0"]` for `ode.0.weight`, `["1"]` for `W1`. */
  readonly layer: readonly string[];
  readonly role: "weight" | "bias" | "unknown";
  /** A weight that its program stores as [inputs, outputs]: flax and Keras call it `kernel`, Haiku `w`. */
  readonly transposed: boolean;
}

const weight = /^(?:weights?|kernel|matrix|mat|w|a)(?![a-z])/i;
const bias = /^(?:bias(?:es)?|b|c)(?![a-z])/i;
const weightLast = /[_-](?:weights?|kernel|w)$/i;
const biasLast = /[_-](?:bias(?:es)?|b)$/i;

/**
 * Takes a name apart: `ode.0.weight` (PyTorch), `params/Dense_0/kernel` (flax), `.layers[0].weight` (Equinox),
 * `['mlp']['linear']['w']` (JAX's key paths), `dense/kernel:0` (Keras), `W1` and `fc1_bias` (anybody's).
 */
export function tensorName(name: string): TensorName {
  const segments = segmentsOf(name);
  const last = segments.pop() ?? "";
  const transposed = /^kernel|[_-]kernel$/i.test(last) || (segments.length > 0 && last === "w");
  // `weight_hh_l0`, `W1`: the rest tells the layers apart.
  for (const [role, pattern] of [["weight", weight] as const, ["bias", bias] as const]) {
    const word = pattern.exec(last)?.[0];
    if (word === undefined) continue;
    const rest = last.slice(word.length).replace(/^[_-]+/, "");
    return { layer: rest === "" ? segments : [...segments, rest], role, transposed };
  }
  for (const [role, pattern] of [["weight", weightLast] as const, ["bias", biasLast] as const]) {
    const rest = last.replace(pattern, "");
    if (rest !== last && rest !== "") return { layer: [...segments, rest], role, transposed };
  }
  return { layer: last === "" ? segments : [...segments, last], role: "unknown", transposed: false };
}

function segmentsOf(name: string): string[] {
  return name
    .replace(/:\d{1,4}$/, "")
    .replace(/\[['"]?([^[\]'"]*)['"]?\]/g, ".$1")
    .split(/[./]/)
    .filter((segment) => segment !== "" && segment !== "~");
}
