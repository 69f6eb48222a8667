import { formBefore } from "../model/evaluate.ts";
import type { Model, Norm } from "../model/model.ts";
import { nextUp } from "../model/rounding.ts";
import type { SlopeBox } from "./centred-form.ts";
import { normAtMost } from "./matrix-norms.ts";
import { gamma, scaleUp } from "./rounding.ts";
import { rowEntries } from "./row-entries.ts";
import { rowGeometry } from "./row-geometry.ts";
import { scaledForm } from "./scaled-form.ts";

/** Pieces of the time interval, where weights depend on time. */
const PIECES = 256;
const TERMS = 26;
const MOST_SUBSTEPS = 4096;

/**
 * A bound from above on the p-Lipschitz constant of the flow, whatever the slopes do in time: with M_ij >= |J_ij| for
 * i != j and M_ii >= J_ii, |z|' <= M |z| entry by entry, so |z(t1)| <= Z |z(t0)|, Z the transition matrix of M, whose
 * entries are not negative. At least as good as exp of the integral of mu(M) in any diagonal weights.
 * Infinite where the numbers overflow or the steps become too many.
 */
export function* majorantFlow(model: Model, box: SlopeBox, norm: Norm): Generator<void, number, void> {
  const n = model.states;
  const { from, to } = model.time;
  const inner = Array.from({ length: PIECES - 1 }, (_, k) => from + ((k + 1) / PIECES) * (to - from));
  const times = [...new Set([from, ...(model.timeDependent ? [...model.knots, ...inner] : []), to])];
  times.sort((a, b) => a - b);
  let Z = new Float64Array(n * n);
  for (let i = 0; i < n; i++) Z[i * n + i] = 1;
  let substeps = 0;
  for (let k = 1; k < times.length; k++) {
    const [start, end] = [times[k - 1]!, times[k]!];
    const M = majorant(model, box, start, end);
    const least = M.reduce((m, v, at) => (at % (n + 1) === 0 ? Math.min(m, v) : m), 0);
    // M + shift I has no negative entry.
    const shift = -least;
    const A = M.map((v, at) => (at % (n + 1) === 0 ? nextUp(v + shift) : v));
    const width = nextUp(end - start);
    const steps = Math.max(1, Math.ceil(normAtMost(A, n, "inf") * width));
    substeps += steps;
    if (!(substeps <= MOST_SUBSTEPS)) return Number.POSITIVE_INFINITY;
    const part = nextUp(width / steps);
    // The shift is taken back over no more than the time that passes.
    const back = nextUp(Math.exp(-shift * (((end - start) * (1 - 2 ** -50)) / steps)) * (1 + 2 ** -50));
    for (let s = 0; s < steps; s++) {
      Z = expTimes(A, Z, n, part, back);
      yield;
    }
  }
  return normAtMost(Z, n, norm);
}

/** exp(A width) Z times `back`, rounded up; A and Z without negative entries, |A width|_inf at most 1 or little more. */
function expTimes(A: Float64Array, Z: Float64Array, n: number, width: number, back: number): Float64Array<ArrayBuffer> {
  let term = Z;
  const sum = Z.slice();
  for (let k = 1; k < TERMS; k++) {
    const next = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let l = 0; l < n; l++) {
        const a = (A[i * n + l]! * width) / k;
        if (a !== 0) for (let j = 0; j < n; j++) next[i * n + j]! += a * term[l * n + j]!;
      }
    }
    term = next;
    for (let at = 0; at < sum.length; at++) sum[at]! += term[at]!;
  }
  // What is left of the series is below 4 |Z| / TERMS! in every column; 26! > 4e26. The relative errors add up.
  const left = Z.reduce((m, v) => Math.max(m, v), 0) * 1e-25 + Number.MIN_VALUE;
  const rounding = 1 + gamma((n + 8) * TERMS);
  return sum.map((v) => (v + left) * rounding * back * (1 + 2 ** -50) + 2 ** -1000);
}

function majorant(model: Model, box: SlopeBox, from: number, to: number): Float64Array {
  const n = model.states;
  const form = scaledForm(formBefore(model, from, to));
  const geometry = rowGeometry(form);
  const M = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const { low, high } = rowEntries(geometry, i, box);
    for (let j = 0; j < n; j++) {
      M[i * n + j] = scaleUp(i === j ? high[j]! : Math.max(-low[j]!, high[j]!), -form.shift);
    }
  }
  return M;
}
