import type { LinearFractionalForm } from "../model/form.ts";
import type { SlopeBox } from "./centred-form.ts";
import type { Budget, Proof } from "./proof.ts";
import { SpectralProof } from "./spectral-proof.ts";

/**
 * Row i's J_ii + sum |J_ij| as the largest value of a form with one state: the signs of the entries are slopes in [-1, 1] of a
 * first layer, so that multipliers bound what intervals forget (docs/certificate.md).
 * @param form that of J, or (`mirrored`) of J^T with its neurons in reverse order
 * @param factor what multipliers of neurons are multiplied by: the metric's coordinates are not the claim's
 * @returns the proof as certificates number it: neurons as in J's form, the sign of entry j as H + j; null where none was found
 */
export function* rowMultipliers(
  form: LinearFractionalForm,
  row: number,
  box: SlopeBox,
  bound: number,
  budget: Budget,
  mirrored: boolean,
  factor: number,
): Generator<void, Proof | null, void> {
  const { states: n, neurons: H } = form;
  const signs = (own: number) => Array.from({ length: n }, (_, j) => (j === row ? 1 : own));
  const signed = {
    lower: Float64Array.from([...signs(-1), ...box.lower]),
    upper: Float64Array.from([...signs(1), ...box.upper]),
  };
  const proof = yield* new SpectralProof(signForm(form, row), bound, budget).find(signed);
  return proof && renumbered(proof, n, H, signed, mirrored, factor);
}

function signForm(form: LinearFractionalForm, row: number): LinearFractionalForm {
  const { states: n, neurons: H, radius } = form;
  const size = n + H;
  const matrices = ({ L, B, C, N }: Pick<LinearFractionalForm, "L" | "B" | "C" | "N">) => {
    const into = new Float64Array(size);
    into.set(L.subarray(row * n, (row + 1) * n));
    into.set(B.subarray(row * H, (row + 1) * H), n);
    const inner = new Float64Array(size * size);
    for (let k = 0; k < H; k++) {
      inner.set(C.subarray(k * n, (k + 1) * n), (n + k) * size);
      inner.set(N.subarray(k * H, (k + 1) * H), (n + k) * size + n);
    }
    return { L: new Float64Array(1), B: into, C: new Float64Array(size), N: inner };
  };
  const free = { a: new Float64Array(1), b: new Float64Array(size) };
  return {
    states: 1,
    neurons: size,
    offsets: [0, ...form.offsets.map((o) => n + o)],
    ...matrices(form),
    C: new Float64Array(size).fill(1, 0, n),
    ...free,
    radius: radius && { ...matrices(radius), ...free },
  };
}

/**
 * Signs first becomes neurons first, in names and in the order of multipliers; of the transpose's neurons the last comes first.
 */
function renumbered(proof: Proof, n: number, H: number, box: SlopeBox, mirrored: boolean, factor: number): Proof {
  const named = (k: number) => (k < n ? H + k : mirrored ? H - 1 - (k - n) : k - n);
  const walk = (node: Proof, fixed: ReadonlySet<number>): Proof => {
    if (node === "interval") return node;
    if ("multipliers" in node) {
      const free = Array.from(box.lower.keys()).filter((k) => box.lower[k] !== box.upper[k] && !fixed.has(k));
      const first = free.filter((k) => k < n).length;
      const own = node.multipliers.subarray(first).map((v) => v * factor);
      if (mirrored) own.reverse();
      return { multipliers: Float64Array.from([...own, ...node.multipliers.subarray(0, first)]) };
    }
    const inside = new Set([...fixed, node.neuron]);
    if ("rest" in node) return { ...node, neuron: named(node.neuron), rest: walk(node.rest, inside) };
    return { neuron: named(node.neuron), lower: walk(node.lower, inside), upper: walk(node.upper, inside) };
  };
  return walk(proof, new Set());
}

/** The form of J^T, its neurons in reverse order. */
export function mirroredForm(form: LinearFractionalForm): LinearFractionalForm {
  const { states: n, neurons: H, radius } = form;
  const moved = (X: Float64Array, rows: number, columns: number, from: (i: number, j: number) => number) =>
    Float64Array.from({ length: rows * columns }, (_, k) => X[from(Math.floor(k / columns), k % columns)]!);
  const matrices = ({ L, B, C, N }: Pick<LinearFractionalForm, "L" | "B" | "C" | "N">) => ({
    L: moved(L, n, n, (i, j) => j * n + i),
    B: moved(C, n, H, (i, j) => (H - 1 - j) * n + i),
    C: moved(B, H, n, (i, j) => j * H + (H - 1 - i)),
    N: moved(N, H, H, (i, j) => (H - 1 - j) * H + (H - 1 - i)),
  });
  return { ...form, ...matrices(form), radius: radius && { ...radius, ...matrices(radius) } };
}
