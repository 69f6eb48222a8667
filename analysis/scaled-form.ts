import type { LinearFractionalForm } from "../model/form.ts";
import { frobenius, transposed } from "./dense.ts";
import { exponent, scale, UNDERFLOW_SLACK } from "./rounding.ts";

/**
 * A linear fractional form brought to size about 1 by powers of two, which cost no accuracy: J times 2^shift, and
 * each neuron's p and q divided by a power of two of its own, so that what enters and what leaves it weigh the same.
 * The slopes stay what they were.
 */
export interface ScaledForm {
  /** n */
  readonly states: number;
  /** H */
  readonly neurons: number;
  readonly offsets: readonly number[];
  /** The scaled Jacobian is J 2^shift. */
  readonly shift: number;
  /** Neuron i's p and q are the form's times 2^-power[i], [H]. */
  readonly power: Int32Array;
  /** [n, n] */
  readonly L: Float64Array;
  /** B^T, [H, n] */
  readonly BT: Float64Array;
  /** [H, n] */
  readonly C: Float64Array;
  /** The same two with the states as rows: B and C^T, [n, H]. */
  readonly B: Float64Array;
  readonly CT: Float64Array;
  /** [H, H], or null where there is one hidden layer (N = 0). */
  readonly N: Float64Array | null;
  /** Bounds on the Frobenius norm of the error of L, and on the 2-norm of that of each row of BT and of [C N]. */
  readonly error: { readonly L: number; readonly BT: Float64Array; readonly CN: Float64Array };
}

export function scaledForm(form: LinearFractionalForm): ScaledForm {
  const { states: n, neurons: H } = form;
  const BT = transposed(form.B, n, H);
  const deep = form.N.some((v) => v !== 0) || (form.radius?.N.some((v) => v !== 0) ?? false);
  const N = deep ? form.N : null;
  const balanced = balance(form, BT, N);
  const shift = -overallExponent(form, BT, N, balanced);
  // The shift comes half from what enters a neuron and half from what leaves it: neither may over- or underflow.
  const power = balanced.map((k) => k - Math.trunc(shift / 2));

  const L = form.L.map((v) => scale(v, shift));
  const B = BT.map((v, k) => scale(v, shift + power[Math.floor(k / n)]!));
  const C = form.C.map((v, k) => scale(v, -power[Math.floor(k / n)]!));
  const scaledN = N?.map((v, k) => (v === 0 ? 0 : scale(v, power[k % H]! - power[Math.floor(k / H)]!))) ?? null;

  const errorB = new Float64Array(H);
  const errorCN = new Float64Array(H);
  let errorL = 0;
  if (lossy(form.L, L) || lossy(BT, B) || lossy(form.C, C) || (N && scaledN && lossy(N, scaledN))) {
    errorL = UNDERFLOW_SLACK;
    errorB.fill(UNDERFLOW_SLACK);
    errorCN.fill(UNDERFLOW_SLACK);
  }
  const radius = form.radius;
  if (radius) {
    errorL += length(radius.L.map((v) => scale(v, shift)));
    const row = new Float64Array(n + H);
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < n; j++) row[j] = scale(radius.B[j * H + i]!, shift + power[i]!);
      errorB[i]! += length(row.subarray(0, n));
      for (let j = 0; j < n; j++) row[j] = scale(radius.C[i * n + j]!, -power[i]!);
      if (deep) for (let j = 0; j < H; j++) row[n + j] = scale(radius.N[i * H + j]!, power[j]! - power[i]!);
      errorCN[i]! += length(row);
    }
  }
  return withStateRows({
    states: n,
    neurons: H,
    offsets: form.offsets,
    shift,
    power,
    L,
    BT: B,
    C,
    N: scaledN,
    error: { L: errorL, BT: errorB, CN: errorCN },
  });
}

/** The form with B and C^T beside B^T and C. */
export function withStateRows(form: Omit<ScaledForm, "B" | "CT">): ScaledForm {
  const { states: n, neurons: H, BT, C } = form;
  return { ...form, B: transposed(BT, H, n), CT: transposed(C, H, n) };
}

/** Bound on the 2-norm of entries that were scaled: what scaling lost to underflow is covered. */
function length(entries: Float64Array): number {
  return (1 + 1e-9) * frobenius(entries) + UNDERFLOW_SLACK;
}

/** Scaling by a power of two loses bits below the normal range only. */
function lossy(from: Float64Array, to: Float64Array): boolean {
  return to.some((v, k) => from[k] !== 0 && Math.abs(v) < 2 ** -1000);
}

/** Exponents for the neurons such that the largest entries into and out of each are about equal. */
function balance(form: LinearFractionalForm, BT: Float64Array, N: Float64Array | null): Int32Array {
  const { states: n, neurons: H } = form;
  const power = new Int32Array(H);
  const sweeps = N ? 4 : 1;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let i = 0; i < H; i++) {
      let into = largestExponent(form.C, i * n, n, 1);
      let out = largestExponent(BT, i * n, n, 1);
      if (N) {
        for (let j = 0; j < H; j++) {
          const row = N[i * H + j]!;
          if (row !== 0) into = Math.max(into, exponent(row) + power[j]!);
          const column = N[j * H + i]!;
          if (column !== 0) out = Math.max(out, exponent(column) - power[j]!);
        }
      }
      if (Number.isFinite(into) && Number.isFinite(out)) power[i] = Math.round((into - out) / 2);
    }
  }
  return power;
}

/** About log2 of the largest entry of L and of the largest product through one neuron. */
function overallExponent(
  form: LinearFractionalForm,
  BT: Float64Array,
  N: Float64Array | null,
  power: Int32Array,
): number {
  const { states: n, neurons: H } = form;
  let k = largestExponent(form.L, 0, n * n, 1);
  for (let i = 0; i < H; i++) {
    let into = largestExponent(form.C, i * n, n, 1) - power[i]!;
    if (N) {
      for (let j = 0; j < H; j++) {
        const v = N[i * H + j]!;
        if (v !== 0) into = Math.max(into, exponent(v) + power[j]! - power[i]!);
      }
    }
    const out = largestExponent(BT, i * n, n, 1) + power[i]!;
    k = Math.max(k, into + out);
  }
  return Number.isFinite(k) ? k : 0;
}

function largestExponent(X: Float64Array, start: number, count: number, step: number): number {
  let largest = 0;
  for (let k = 0, i = start; k < count; k++, i += step) largest = Math.max(largest, Math.abs(X[i]!));
  return largest === 0 ? Number.NEGATIVE_INFINITY : exponent(largest);
}
