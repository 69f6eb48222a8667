import type { Name } from "../grammar/tree.ts";
import type { Checker } from "./checker.ts";
import { codes } from "./codes.ts";
import type { Metric, Norm } from "./model.ts";
import { kindText } from "./names.ts";
import { tiny, unit } from "./rounding.ts";
import { isColumn, showShape } from "./shape.ts";

/** The metric that a `require` names; null after an error. */
export function checkMetric(checker: Checker, { text: name, span }: Name, norm: Norm): Metric | null {
  const refuse = (message: string) => checker.report(codes.metric, span, message);
  const declaration = checker.names.declared.get(name);
  if (declaration === undefined) return null;
  if (declaration.kind !== "param")
    return refuse(`a metric is a param or \`auto\`, and \`${name}\` is ${kindText[declaration.kind]}`);
  const typed = checker.values.get(name) ?? null;
  const n = checker.states;
  if (typed === null || n === null) return null;
  if (typed.term.op !== "constant") return refuse(`a metric must be constant, and \`${name}\` depends on time`);
  const { shape, data } = typed.term;
  const problem = norm === "2" ? quadraticProblem(shape, data, n) : weightsProblem(shape, data, n, norm);
  return problem === null ? { kind: "given", name, values: data } : refuse(`metric \`${name}\`${problem}`);
}

function weightsProblem(shape: readonly number[], data: Float64Array, n: number, norm: Norm): string | null {
  if (!isColumn(shape) || shape[0] !== n) {
    return `: in norm ${norm} it is a vector of positive weights, [${n}], and here it is ${showShape(shape)}`;
  }
  const bad = data.findIndex((weight) => !(weight > 0));
  return bad < 0 ? null : `: its weights must be positive, and number ${bad + 1} is ${data[bad]}`;
}

function quadraticProblem(shape: readonly number[], P: Float64Array, n: number): string | null {
  if (shape.length !== 2 || shape[0] !== n || shape[1] !== n) {
    return `: in norm 2 it is a symmetric positive definite matrix, [${n}, ${n}], and here it is ${showShape(shape)}`;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [below, above] = [P[i * n + j], P[j * n + i]];
      if (below === above) continue;
      return ` is not symmetric: entry (${i + 1}, ${j + 1}) is ${below}, entry (${j + 1}, ${i + 1}) is ${above}`;
    }
  }
  return definiteProblem(P, n);
}

/**
 * A Cholesky factorisation in doubles of P shifted by Rump's constant proves that P is positive definite
 * (Rump, Verification of positive definiteness, BIT 46, 2006, 433-452).
 */
function definiteProblem(P: Float64Array, n: number): string | null {
  const failed = firstBadPivot(P, n, 0);
  if (failed !== null) return ` is not positive definite: its leading block of size ${failed + 1} is not`;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += P[i * n + i];
  const gamma = ((n + 1) * unit) / (1 - (n + 2) * unit);
  const shift = (gamma / (1 - gamma)) * trace * (1 + 2 ** -20) + 4 * n * n * tiny;
  return firstBadPivot(P, n, shift) === null ? null : " is too close to singular to be shown positive definite";
}

/** Index of the first pivot of P - shift I that is not positive; null where there is none. */
function firstBadPivot(P: Float64Array, n: number, shift: number): number | null {
  const R = P.slice();
  for (let k = 0; k < n; k++) {
    for (let j = 0; j <= k; j++) {
      let sum = P[k * n + j] - (j === k ? shift : 0);
      for (let i = 0; i < j; i++) sum -= R[k * n + i] * R[j * n + i];
      if (j === k && !(sum > 0)) return k;
      R[k * n + j] = j === k ? Math.sqrt(sum) : sum / R[j * n + j];
    }
  }
  return null;
}
