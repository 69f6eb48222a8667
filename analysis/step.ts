import { add, type Ball, exact, multiply } from "../model/ball.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";

/**
 * The form whose p-logarithmic norm at slopes D is the p-norm of X = c I + h J(D): [[0, 2 X], [0, 0]] for p = 2,
 * [[0, X], [0, 0]] for p = 1 and inf (docs/mathematics.md, section 1). Its states are 2 n, its slopes those of the form.
 */
export function normForm(form: LinearFractionalForm, c: number, h: number, norm: Norm): LinearFractionalForm {
  const { states: n, neurons: H } = form;
  const weight = norm === "2" ? 2 : 1;
  const scalar = (x: number) => exact(Float64Array.of(x));
  const times = (X: Float64Array, radius: Float64Array | null): Ball =>
    X.length === 0 ? exact(X) : multiply(scalar(weight), multiply(scalar(h), { mid: X, radius }));
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = weight * c;
  const X = add(exact(identity), times(form.L, form.radius?.L ?? null));
  const B = times(form.B, form.radius?.B ?? null);

  const upperRight = (Y: Float64Array) => {
    const out = new Float64Array(4 * n * n);
    for (let i = 0; i < n; i++) out.set(Y.subarray(i * n, (i + 1) * n), i * 2 * n + n);
    return out;
  };
  const upperRows = (Y: Float64Array) => {
    const out = new Float64Array(2 * n * H);
    out.set(Y);
    return out;
  };
  const rightColumns = (Y: Float64Array) => {
    const out = new Float64Array(H * 2 * n);
    for (let i = 0; i < H; i++) out.set(Y.subarray(i * n, (i + 1) * n), i * 2 * n + n);
    return out;
  };
  const zeros = new Float64Array(n * n);
  const isExact = X.radius === null && B.radius === null && form.radius === null;
  return {
    states: 2 * n,
    neurons: H,
    offsets: form.offsets,
    L: upperRight(X.mid),
    B: upperRows(B.mid),
    C: rightColumns(form.C),
    N: form.N,
    a: new Float64Array(2 * n),
    b: form.b,
    radius: isExact
      ? null
      : {
          L: upperRight(X.radius ?? zeros),
          B: upperRows(B.radius ?? new Float64Array(n * H)),
          C: rightColumns(form.radius?.C ?? new Float64Array(H * n)),
          N: form.radius?.N ?? new Float64Array(H * H),
          a: new Float64Array(2 * n),
          b: form.radius?.b ?? new Float64Array(H),
        },
  };
}

/** The p-norm of I + h J(D), the Jacobian of the forward Euler step. */
export function stepForm(form: LinearFractionalForm, h: number, norm: Norm): LinearFractionalForm {
  return normForm(form, 1, h, norm);
}
