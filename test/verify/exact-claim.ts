import type { LinearFractionalForm } from "../../model/form.ts";
import type { Claim, Form } from "../../verify/certificate.ts";
import {
  type Dyadic,
  dyadic,
  type ExactMatrix,
  exactForm,
  exactJacobian,
  isAtMost,
  isSemidefinite,
  minus,
  plus,
  times,
  vertices,
  ZERO,
} from "../analysis/exact-vertices.ts";

/** Whether a claim holds at every vertex of the slope box, in exact arithmetic that shares nothing with verify/. */
export function holds(form: Form, claim: Claim, towards: () => number = () => 0): boolean {
  const { states: n, neurons: H } = form;
  const asForm = {
    ...form,
    offsets: [],
    a: new Float64Array(n),
    b: new Float64Array(H),
  } as unknown as LinearFractionalForm;
  const none = { a: new Float64Array(n), b: new Float64Array(H) };
  const exact = exactForm({ ...asForm, radius: form.radius && { ...form.radius, ...none } }, towards);
  return vertices(form).every((slopes) => holdsAt(exactJacobian(exact, slopes), claim));
}

export function holdsAt(
  J: ExactMatrix,
  { quantity, norm, metric, h, bound }: Omit<Claim, "proof" | "requirement">,
): boolean {
  if (quantity === "step") {
    const X = J.map((row, i) => row.map((x, k) => plus(dyadic(i === k ? 1 : 0), times(dyadic(h!), x))));
    if (bound < 0) return false;
    if (norm !== "2") return sums(X, norm).every((s) => minus(dyadic(bound), s).m >= 0n);
    const square = times(dyadic(bound), dyadic(bound));
    const gram = (i: number, j: number) => X.reduce((s, row) => plus(s, times(row[i]!, row[j]!)), ZERO);
    return isSemidefinite(X.map((_, i) => X.map((_, j) => minus(i === j ? square : ZERO, gram(i, j)))));
  }
  if (metric === null) return isAtMost(J, norm, bound);
  if (norm === "2") return isAtMostIn(J, metric, bound);
  // w_j is brought to the other side: sum over j of |J_ij| w_i (product of the other weights) and so on.
  const w = Array.from(metric, dyadic);
  const all = w.reduce(times);
  return J.every((_, i) => {
    const others = (k: number) => w.reduce((p, x, l) => (l === k ? p : times(p, x)), dyadic(1));
    const sum = J.reduce((s, _, k) => {
      const entry = norm === "inf" ? J[i]![k]! : J[k]![i]!;
      if (k === i) return plus(s, times(entry, all));
      // |J_ik| w_i / w_k times all weights, or |J_ki| w_k / w_i.
      const weight = norm === "inf" ? times(w[i]!, others(k)) : times(w[k]!, others(i));
      return plus(s, times(size(entry), weight));
    }, ZERO);
    return minus(times(dyadic(bound), all), sum).m >= 0n;
  });
}

/** P J + J^T P <= 2 c P. */
export function isAtMostIn(J: ExactMatrix, P: Float64Array, c: number): boolean {
  const n = J.length;
  const PJ = J.map((_, i) =>
    J.map((_, j) => J.reduce((s, row, k) => plus(s, times(dyadic(P[i * n + k]!), row[j]!)), ZERO)),
  );
  const twice = times(dyadic(2), dyadic(c));
  return isSemidefinite(
    PJ.map((row, i) => row.map((x, j) => minus(times(twice, dyadic(P[i * n + j]!)), plus(x, PJ[j]![i]!)))),
  );
}

const size = (x: Dyadic): Dyadic => (x.m < 0n ? { m: -x.m, e: x.e } : x);

function sums(X: ExactMatrix, norm: "1" | "inf"): Dyadic[] {
  return X.map((_, i) => X.reduce((s, _, k) => plus(s, size(norm === "inf" ? X[i]![k]! : X[k]![i]!)), ZERO));
}
