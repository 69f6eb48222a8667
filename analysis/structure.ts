import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";
import { productError } from "../model/rounding.ts";
import type { SlopeBox } from "./centred-form.ts";

/**
 * Neurons whose worst slope is known without a search, fixed there. That is exact, not only cheaper: it lets limits that
 * are attained (0 for a gradient flow -A^T act(A x) with slopes from 0) be proved, where bounds in rounded arithmetic
 * only come close.
 *
 * - A neuron that nothing enters or nothing leaves: any slope.
 * - In the 2-norm, a neuron of its own (N has neither a row nor a column of it) with C_i = kappa B_i^T: its part of sym J is
 *   d kappa B_i B_i^T, monotone in d.
 */
export function settleByStructure(form: LinearFractionalForm, box: SlopeBox, norm: Norm): SlopeBox {
  const { states: n, neurons: H, B, C, N, radius } = form;
  const lower = box.lower.slice();
  const upper = box.upper.slice();
  for (let i = 0; i < H; i++) {
    if (lower[i] === upper[i]) continue;
    let into = 0;
    let out = 0;
    let coupled = false;
    for (let j = 0; j < H; j++) {
      if (N[i * H + j] !== 0 || (radius && radius.N[i * H + j] !== 0)) {
        into++;
        coupled = true;
      }
      if (N[j * H + i] !== 0 || (radius && radius.N[j * H + i] !== 0)) {
        out++;
        coupled = true;
      }
    }
    let exact = true;
    for (let j = 0; j < n; j++) {
      if (C[i * n + j] !== 0) into++;
      if (B[j * H + i] !== 0) out++;
      if (radius && (radius.C[i * n + j] !== 0 || radius.B[j * H + i] !== 0)) exact = false;
    }
    if (!exact) continue;
    if (into === 0 || out === 0) upper[i] = lower[i]!;
    else if (norm === "2" && !coupled) {
      const kappa = proportion(form, i);
      if (kappa < 0) upper[i] = lower[i]!;
      else if (kappa > 0) lower[i] = upper[i]!;
    }
  }
  return { lower, upper };
}

/** Sign of kappa where C_i = kappa B_i^T exactly, kappa not 0; else 0. */
function proportion(form: LinearFractionalForm, i: number): number {
  const { states: n, neurons: H, B, C } = form;
  let pivot = -1;
  for (let j = 0; j < n; j++) {
    const b = B[j * H + i]!;
    const c = C[i * n + j]!;
    if ((b === 0) !== (c === 0)) return 0;
    if (b === 0) continue;
    if (pivot < 0) pivot = j;
    else if (!equalProducts(c, B[pivot * H + i]!, C[i * n + pivot]!, b)) return 0;
  }
  return pivot < 0 ? 0 : Math.sign(C[i * n + pivot]!) * Math.sign(B[pivot * H + i]!);
}

/** a b = c d in real arithmetic; false where it cannot be told. */
function equalProducts(a: number, b: number, c: number, d: number): boolean {
  if ((a === c && b === d) || (a === d && b === c) || (a === -c && b === -d) || (a === -d && b === -c)) return true;
  const p = a * b;
  return p === c * d && productError(a, b, p) === 0 && productError(c, d, p) === 0;
}

/**
 * The exact value where all slopes are fixed at 0, or meet nothing, and the Jacobian left is L with a diagonal symmetric part (norm 2)
 * or a diagonal L (norms 1 and inf); else null.
 */
export function diagonalValue(form: LinearFractionalForm, box: SlopeBox, norm: Norm): number | null {
  const { states: n, L, radius } = form;
  if (radius?.L.some((v) => v !== 0)) return null;
  for (let i = 0; i < form.neurons; i++) {
    if (box.lower[i] !== 0 || box.upper[i] !== 0) {
      if (box.lower[i] !== box.upper[i] || !isIdle(form, i)) return null;
    }
  }
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, L[i * n + i]!);
    for (let j = 0; j < i; j++) {
      const a = L[i * n + j]!;
      const b = L[j * n + i]!;
      if (norm === "2" ? a !== -b : a !== 0 || b !== 0) return null;
    }
  }
  return largest;
}

/** True where nothing enters the neuron or nothing leaves it. */
function isIdle(form: LinearFractionalForm, i: number): boolean {
  const { states: n, neurons: H, B, C, N, radius } = form;
  let into = false;
  let out = false;
  for (let j = 0; j < n; j++) {
    into ||= C[i * n + j] !== 0 || (radius !== null && radius.C[i * n + j] !== 0);
    out ||= B[j * H + i] !== 0 || (radius !== null && radius.B[j * H + i] !== 0);
  }
  for (let j = 0; j < H; j++) {
    into ||= N[i * H + j] !== 0 || (radius !== null && radius.N[i * H + j] !== 0);
    out ||= N[j * H + i] !== 0 || (radius !== null && radius.N[j * H + i] !== 0);
  }
  return !into || !out;
}
