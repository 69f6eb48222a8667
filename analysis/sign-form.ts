import { type ScaledForm, withStateRows } from "./scaled-form.ts";

/**
 * A form of one state whose Jacobian at slopes (s, D) is sum_j s_j J_ij(D), s_i = 1: |J_ij| is the largest s_j J_ij over
 * s_j in [-1, 1], so that the signs of row i are one more layer of n - 1 neurons in front, and the largest
 * J_ii + sum_{j != i} |J_ij| is the largest 2-logarithmic norm of this form (a number, its own symmetric part).
 * Its neurons are the signs of the j != i in order, then the form's own.
 */
export function signForm(form: ScaledForm, row: number): ScaledForm {
  const { states: n, neurons: H, L, BT, C, N, error } = form;
  const m = n - 1;
  const K = m + H;
  const out = {
    BT: new Float64Array(K),
    C: new Float64Array(K),
    N: new Float64Array(K * K),
    errorBT: new Float64Array(K),
    errorCN: new Float64Array(K),
  };
  for (let place = 0; place < m; place++) {
    const j = place < row ? place : place + 1;
    out.BT[place] = L[row * n + j]!;
    out.errorBT[place] = error.L;
    out.C[place] = 1;
    for (let k = 0; k < H; k++) out.N[(m + k) * K + place] = C[k * n + j]!;
  }
  for (let k = 0; k < H; k++) {
    out.BT[m + k] = BT[k * n + row]!;
    out.errorBT[m + k] = error.BT[k]!;
    out.C[m + k] = C[k * n + row]!;
    out.errorCN[m + k] = error.CN[k]!;
    if (N) out.N.set(N.subarray(k * H, (k + 1) * H), (m + k) * K + m);
  }
  return withStateRows({
    states: 1,
    neurons: K,
    offsets: [0, ...(m > 0 ? [m] : []), ...form.offsets.slice(1).map((offset) => offset + m)],
    shift: form.shift,
    power: Int32Array.from({ length: K }, (_, k) => (k < m ? 0 : form.power[k - m]!)),
    L: Float64Array.of(L[row * n + row]!),
    BT: out.BT,
    C: out.C,
    N: out.N.some((v) => v !== 0) || out.errorCN.some((e) => e !== 0) ? out.N : null,
    error: { L: error.L, BT: out.errorBT, CN: out.errorCN },
  });
}
