import type { Affine } from "./affine.ts";
import { exact } from "./ball.ts";
import { add, type Coefficient, dense, negate, toDense } from "./coefficient.ts";

/** Affine functions in plain doubles: their coefficients have no radius, and what rounding does is not followed. */

export function withoutRadius({ rows, columns, parts }: Affine): Affine {
  return { rows, columns, parts: new Map([...parts].map(([source, c]) => [source, midpoint(c)])) };
}

function midpoint(c: Coefficient): Coefficient {
  return c.entries.radius === null ? c : { ...c, entries: exact(c.entries.mid) };
}

/** left + sign right, of the same size. */
export function addPlain(left: Affine, right: Affine, sign: 1 | -1): Affine {
  const parts = new Map(left.parts);
  for (const [source, c] of right.parts) {
    const own = parts.get(source);
    parts.set(source, own === undefined ? scaled(c, sign) : sum(own, c, sign));
  }
  return { rows: left.rows, columns: left.columns, parts };
}

export function scalePlain({ rows, columns, parts }: Affine, factor: number): Affine {
  return { rows, columns, parts: new Map([...parts].map(([source, c]) => [source, scaled(c, factor)])) };
}

function scaled(c: Coefficient, factor: number): Coefficient {
  return factor === 1 ? c : { ...c, entries: exact(c.entries.mid.map((entry) => factor * entry)) };
}

function sum(a: Coefficient, b: Coefficient, sign: 1 | -1): Coefficient {
  if (a.kind === "selection" && b.kind === "selection") return midpoint(add(a, sign < 0 ? negate(b) : b));
  const out = a.kind === "dense" ? a.entries.mid.slice() : toDense(a).entries.mid;
  const other = b.entries.mid;
  if (b.kind === "dense") for (let k = 0; k < out.length; k++) out[k] += sign * other[k];
  else for (let i = 0; i < b.rows; i++) if (b.column[i] >= 0) out[i * b.size + b.column[i]] += sign * other[i];
  return dense(a.rows, a.size, exact(out));
}
