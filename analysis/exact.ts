import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";

/** Beyond this many states or neurons exact arithmetic takes too long to be worth it. */
export const EXACT_LIMIT = 24;

/**
 * Exact arithmetic on doubles: every double is an integer times a power of two, and so is every sum and product of them.
 * Matrices are integers over one common power of two.
 */
interface Dyadic {
  /** Row-major. */
  readonly values: readonly bigint[];
  /** The matrix is values 2^exponent. */
  readonly exponent: number;
}

/** Is mu_p(J) <= limit at these slopes, exactly? The form must be exact (radius null) and small (EXACT_LIMIT). */
export function isAtMost(form: LinearFractionalForm, slopes: Float64Array, norm: Norm, limit: number): boolean {
  const n = form.states;
  const J = exactJacobian(form, slopes);
  const c = dyadic([limit]);
  const exponent = Math.min(J.exponent, c.exponent) - 1;
  const j = J.values.map((v) => v << BigInt(J.exponent - exponent));
  const bound = c.values[0]! << BigInt(c.exponent - exponent);
  if (norm === "2") {
    const M: bigint[][] = [];
    for (let i = 0; i < n; i++) {
      M.push([]);
      // Twice limit I - sym J, which is an integer matrix here.
      for (let k = 0; k < n; k++) M[i]!.push((i === k ? 2n * bound : 0n) - j[i * n + k]! - j[k * n + i]!);
    }
    return isPositiveSemidefinite(M);
  }
  for (let i = 0; i < n; i++) {
    let s = 0n;
    for (let k = 0; k < n; k++) {
      const v = norm === "inf" ? j[i * n + k]! : j[k * n + i]!;
      s += i === k || v >= 0n ? v : -v;
    }
    if (s > bound) return false;
  }
  return true;
}

/** J = L + B D (I - N D)^{-1} C by forward substitution, [n, n]. */
function exactJacobian(form: LinearFractionalForm, slopes: Float64Array): Dyadic {
  const { states: n, neurons: H } = form;
  const all = dyadic([...form.L, ...form.B, ...form.C, ...form.N, ...slopes]);
  const unit = -all.exponent;
  const at = (offset: number) => (k: number) => all.values[offset + k]!;
  const L = at(0);
  const B = at(n * n);
  const C = at(n * n + n * H);
  const N = at(n * n + 2 * n * H);
  const d = at(n * n + 2 * n * H + H * H);
  // Every quantity is kept over 2^(-unit scale), the scale growing with each product; brought to one at the end.
  const rows: { values: bigint[]; scale: number }[] = [];
  for (let i = 0; i < H; i++) {
    let scale = 1;
    for (let k = 0; k < i; k++) if (N(i * H + k) !== 0n) scale = Math.max(scale, rows[k]!.scale + 1);
    const values: bigint[] = [];
    for (let j = 0; j < n; j++) {
      let q = C(i * n + j) << BigInt(unit * (scale - 1));
      for (let k = 0; k < i; k++) {
        const w = N(i * H + k);
        if (w !== 0n) q += (w * rows[k]!.values[j]!) << BigInt(unit * (scale - 1 - rows[k]!.scale));
      }
      values.push(q * d(i));
    }
    rows.push({ values, scale: scale + 1 });
  }
  const scale = rows.reduce((s, r) => Math.max(s, r.scale + 1), 1);
  const values: bigint[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let s = L(i * n + j) << BigInt(unit * (scale - 1));
      for (let k = 0; k < H; k++) {
        const b = B(i * H + k);
        if (b !== 0n) s += (b * rows[k]!.values[j]!) << BigInt(unit * (scale - 1 - rows[k]!.scale));
      }
      values.push(s);
    }
  }
  return { values, exponent: -unit * scale };
}

/** Symmetric elimination without fractions (E. H. Bareiss, Mathematics of Computation 22, 565-578, 1968). */
function isPositiveSemidefinite(M: bigint[][]): boolean {
  const left = M.map((_, i) => i);
  let previous = 1n;
  while (left.length > 0) {
    const p = left.findIndex((i) => M[i]![i]! !== 0n);
    if (p < 0) return left.every((i) => left.every((k) => M[i]![k] === 0n));
    const [pivot] = left.splice(p, 1);
    const row = M[pivot!]!;
    const d = row[pivot!]!;
    if (d < 0n) return false;
    for (const i of left) {
      const f = M[i]![pivot!]!;
      for (const k of left) M[i]![k] = (d * M[i]![k]! - f * row[k]!) / previous;
    }
    previous = d;
  }
  return true;
}

const bits = new DataView(new ArrayBuffer(8));

/** Finite doubles as integers over a common power of two (not above 1). */
function dyadic(x: readonly number[]): Dyadic {
  const parts = x.map((v) => {
    bits.setFloat64(0, v);
    const raw = bits.getBigUint64(0);
    const biased = Number((raw >> 52n) & 0x7ffn);
    const fraction = raw & 0xfffffffffffffn;
    let mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
    let exponent = Math.max(biased, 1) - 1075;
    while (mantissa !== 0n && (mantissa & 1n) === 0n) {
      mantissa >>= 1n;
      exponent++;
    }
    return { mantissa: v < 0 ? -mantissa : mantissa, exponent };
  });
  const exponent = parts.reduce((e, p) => (p.mantissa === 0n ? e : Math.min(e, p.exponent)), 0);
  return { values: parts.map((p) => (p.mantissa === 0n ? 0n : p.mantissa << BigInt(p.exponent - exponent))), exponent };
}
