import { frobenius, transposed } from "./dense.ts";
import { type ScaledForm, withStateRows } from "./scaled-form.ts";

/**
 * The form of J^T, whose infinity-logarithmic norm is the 1-logarithmic norm of J; its neurons are in reverse order, so
 * that N stays lower triangular.
 */
export function transposedForm(form: ScaledForm): ScaledForm {
  const { states: n, neurons: H, N } = form;
  const reversedRows = (X: Float64Array) => {
    const out = new Float64Array(H * n);
    for (let k = 0; k < H; k++) out.set(X.subarray((H - 1 - k) * n, (H - k) * n), k * n);
    return out;
  };
  const BT = reversedRows(form.C);
  const C = reversedRows(form.BT);
  let inner: Float64Array | null = null;
  if (N) {
    inner = new Float64Array(H * H);
    for (let k = 0; k < H; k++) {
      for (let l = 0; l < H; l++) inner[k * H + l] = N[(H - 1 - l) * H + (H - 1 - k)]!;
    }
  }
  const columnError = N ? frobenius(form.error.CN) * (1 + 1e-9) : 0;
  return withStateRows({
    states: n,
    neurons: H,
    offsets: form.offsets,
    shift: form.shift,
    power: form.power.map((k) => -form.shift - k).reverse(),
    L: transposed(form.L, n, n),
    BT,
    C,
    N: inner,
    error: {
      L: form.error.L,
      BT: form.error.CN.slice().reverse(),
      CN: form.error.BT.slice()
        .reverse()
        .map((e) => e + columnError),
    },
  });
}
