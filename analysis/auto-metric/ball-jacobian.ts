import { add, type Ball, ball, exact, multiply, product } from "../../model/ball.ts";
import type { LinearFractionalForm } from "../../model/form.ts";

/** J(D) = L + B D (I - N D)^{-1} C at exact slopes, [n, n], with a bound on its distance from the true one. */
export function ballJacobian(form: LinearFractionalForm, slopes: Float64Array): Ball {
  const { states: n, neurons: H, offsets, radius } = form;
  /** [H, n]: the derivative of p by x. */
  const mid = new Float64Array(H * n);
  const reach = new Float64Array(H * n);
  const L: Ball = { mid: form.L, radius: radius?.L ?? null };
  if (H === 0) return L;
  for (let layer = 0; layer + 1 < offsets.length; layer++) {
    const from = offsets[layer]!;
    const rows = offsets[layer + 1]! - from;
    const rowsOf = (X: Float64Array, width: number) => X.slice(from * width, (from + rows) * width);
    let q: Ball = { mid: rowsOf(form.C, n), radius: radius && rowsOf(radius.C, n) };
    if (from > 0) {
      const inner = columns({ mid: rowsOf(form.N, H), radius: radius && rowsOf(radius.N, H) }, rows, H, from);
      const before = ball(mid.slice(0, from * n), reach.slice(0, from * n));
      q = add(q, product(inner, before, rows, from, n));
    }
    const d = Float64Array.from({ length: rows * n }, (_, k) => slopes[from + Math.floor(k / n)]!);
    const p = multiply(exact(d), q);
    mid.set(p.mid, from * n);
    if (p.radius) reach.set(p.radius, from * n);
  }
  const B: Ball = { mid: form.B, radius: radius?.B ?? null };
  return add(L, product(B, ball(mid, reach), n, H, n));
}

/** The first `count` columns. */
function columns({ mid, radius }: Ball, rows: number, width: number, count: number): Ball {
  const cut = (X: Float64Array) =>
    Float64Array.from({ length: rows * count }, (_, k) => X[Math.floor(k / count) * width + (k % count)]!);
  return { mid: cut(mid), radius: radius && cut(radius) };
}
