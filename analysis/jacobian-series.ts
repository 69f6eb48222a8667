import { add, type Ball, exact, multiply, product } from "../model/ball.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { SlopeBox } from "./centred-form.ts";

type Part = "L" | "B" | "C" | "N";

/**
 * Taylor coefficients by time of J(t, D) at fixed slopes, [n, n] each, from those of the form (`formSeries`): with
 * p = D q, q = C x + N p, so P_k = D (C_k + sum over i of N_i P_{k-i}) and J_k = L_k + sum over i of B_i P_{k-i}.
 */
export function jacobianSeries(series: readonly LinearFractionalForm[], slopes: Float64Array): Ball[] {
  const { states: n, neurons: H } = series[0]!;
  const layers: { mid: Float64Array; radius: Float64Array }[] = [];
  const out: Ball[] = [];
  for (const [k, form] of series.entries()) {
    const P = { mid: new Float64Array(H * n), radius: new Float64Array(H * n) };
    layers.push(P);
    for (let i = 0; i < H; i++) {
      let q = rows(form, "C", i, n, n);
      for (let order = 0; order <= k && i > 0; order++) {
        const inner = rows(series[order]!, "N", i, H, i);
        if (isZero(inner)) continue;
        const { mid, radius } = layers[k - order]!;
        q = add(q, product(inner, { mid: mid.subarray(0, i * n), radius: radius.subarray(0, i * n) }, 1, i, n));
      }
      const p = multiply(q, exact(Float64Array.of(slopes[i]!)));
      P.mid.set(p.mid, i * n);
      if (p.radius) P.radius.set(p.radius, i * n);
    }
    let J: Ball = { mid: form.L, radius: form.radius?.L ?? null };
    for (let order = 0; order <= k && H > 0; order++) {
      const B: Ball = { mid: series[order]!.B, radius: series[order]!.radius?.B ?? null };
      if (!isZero(B)) J = add(J, product(B, layers[k - order]!, n, H, n));
    }
    out.push(J);
  }
  return out;
}

function rows(form: LinearFractionalForm, part: Part, i: number, width: number, to: number): Ball {
  const from = i * width;
  const radius = form.radius?.[part].subarray(from, from + to) ?? null;
  return { mid: form[part].subarray(from, from + to), radius };
}

function isZero({ mid, radius }: Ball): boolean {
  return mid.every((v) => v === 0) && (radius?.every((v) => v === 0) ?? true);
}

/** Relative: more than all roundings of one entry below come to. */
const ROUNDED = 1 + 1e-9;

/**
 * Bounds on the absolute values of the entries of J_k, [n, n] each, at all slopes of the box; `widest`: bounds on how far
 * two J_0 of the same slopes are apart whose forms are both within the first form's radius.
 */
export function jacobianMagnitudes(
  series: readonly LinearFractionalForm[],
  box: SlopeBox,
): { magnitudes: Float64Array[]; widest: Float64Array } {
  const [first] = series as [LinearFractionalForm];
  const most = box.lower.map((m, i) => Math.max(Math.abs(m), Math.abs(box.upper[i]!)));
  const sizes = series.map((form) => ({
    L: sizeOf(form, "L"),
    B: sizeOf(form, "B"),
    C: sizeOf(form, "C"),
    N: sizeOf(form, "N"),
  }));
  const P: Float64Array[] = [];
  const magnitudes = sizes.map(({ L, C }, k) => {
    const p = layered(first, most, C, (i, add) => {
      for (let order = 0; order <= k; order++) add(sizes[order]!.N, i, order === 0 ? null : P[k - order]!);
    });
    P.push(p);
    const J = L.slice();
    for (let order = 0; order <= k; order++) addProduct(J, sizes[order]!.B, P[k - order]!, first);
    return J.map((v) => v * ROUNDED);
  });
  const moved = (part: Part) => first.radius?.[part].map((r) => 2 * r) ?? first[part].map(() => 0);
  const [size] = sizes as [(typeof sizes)[number]];
  const N = moved("N");
  const dP = layered(first, most, moved("C"), (i, add) => {
    add(size.N, i, null);
    add(N, i, P[0]!);
  });
  const widest = moved("L");
  addProduct(widest, size.B, dP, first);
  addProduct(widest, moved("B"), P[0]!, first);
  return { magnitudes, widest: widest.map((v) => v * ROUNDED) };
}

function sizeOf(form: LinearFractionalForm, part: Part): Float64Array {
  return form[part].map((v, i) => Math.abs(v) + (form.radius?.[part][i] ?? 0));
}

/** P = most (C + what `terms` adds), layer after layer, [H, n]; a null factor is P itself, as far as it is known. */
function layered(
  { states: n, neurons: H }: LinearFractionalForm,
  most: Float64Array,
  C: Float64Array,
  terms: (i: number, add: (N: Float64Array, i: number, factor: Float64Array | null) => void) => void,
): Float64Array {
  const P = C.slice();
  for (let i = 0; i < H; i++) {
    terms(i, (N, row, factor) => {
      const from = factor ?? P;
      for (let l = 0; l < row; l++) {
        const w = N[row * H + l]!;
        if (w !== 0) for (let j = 0; j < n; j++) P[row * n + j]! += w * from[l * n + j]!;
      }
    });
    for (let j = 0; j < n; j++) P[i * n + j]! *= most[i]!;
  }
  return P;
}

function addProduct(
  J: Float64Array,
  B: Float64Array,
  P: Float64Array,
  { states: n, neurons: H }: LinearFractionalForm,
): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < H; k++) {
      const b = B[i * H + k]!;
      if (b !== 0) for (let j = 0; j < n; j++) J[i * n + j]! += b * P[k * n + j]!;
    }
  }
}
