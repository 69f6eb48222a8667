// What lies between products, entry by entry: less for its speed once warm than because it is fast from the first call.

/** to[columns, rows] = X[rows, columns]^T. */
export function transpose(x: usize, rows: i32, columns: i32, to: usize): void {
  const stride = usize(columns) << 3;
  const back = usize(rows) << 3;
  for (let first = 0; first < rows; first += 8) {
    const last = min(first + 8, rows);
    for (let j: usize = 0; j < usize(columns); j++) {
      const column = x + (j << 3);
      const row = to + j * back;
      for (let i = usize(first); i < usize(last); i++) store<f64>(row + (i << 3), load<f64>(column + i * stride));
    }
  }
}

/** to = X[rows, h] diag(d). */
export function scaleColumns(x: usize, d: usize, rows: i32, h: i32, to: usize): void {
  const stride = usize(h) << 3;
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < stride; j += 8) store<f64>(to + j, load<f64>(x + j) * load<f64>(d + j));
    x += stride;
    to += stride;
  }
}

/** to[n, n] = (X + X^T) / 2. */
export function symmetricPart(x: usize, n: i32, to: usize): void {
  const stride = usize(n) << 3;
  for (let i: usize = 0; i < usize(n); i++) {
    for (let j: usize = 0; j < i; j++) {
      const v = load<f64>(x + i * stride + (j << 3)) / 2 + load<f64>(x + j * stride + (i << 3)) / 2;
      store<f64>(to + i * stride + (j << 3), v);
      store<f64>(to + j * stride + (i << 3), v);
    }
    store<f64>(to + i * stride + (i << 3), load<f64>(x + i * stride + (i << 3)));
  }
}

/** to[n, n] = u I - X - Y. */
export function subtractFrom(u: f64, x: usize, y: usize, n: i32, to: usize): void {
  const bytes = usize(n * n) << 3;
  for (let k: usize = 0; k < bytes; k += 8) store<f64>(to + k, -(load<f64>(x + k) + load<f64>(y + k)));
  const step = usize(n + 1) << 3;
  for (let k: usize = 0; k < bytes; k += step) store<f64>(to + k, load<f64>(to + k) + u);
}

/** to[rows] = the products of the rows of X and Y, [rows, k], summed in order. */
export function rowDots(x: usize, y: usize, rows: i32, k: i32, to: usize): void {
  const stride = usize(k) << 3;
  for (let i: usize = 0; i < usize(rows); i++) {
    let s: f64 = 0;
    for (let j: usize = 0; j < stride; j += 8) s += load<f64>(x + j) * load<f64>(y + j);
    store<f64>(to + (i << 3), s);
    x += stride;
    y += stride;
  }
}

/**
 * From the gram matrix [[A, G], [G^T, F]], [2 h, 2 h], the lower triangle of A_ij^2 - G_ij^2 - G_ji^2 + F_ij^2 in the first h
 * rows of to[h + 1, h + 1].
 */
export function hessian(gram: usize, h: i32, to: usize): void {
  const stride = usize(h) << 4;
  const half = usize(h) << 3;
  for (let i: usize = 0; i < usize(h); i++) {
    const upper = gram + i * stride;
    const lower = upper + usize(h) * stride;
    const row = to + i * (half + 8);
    for (let j: usize = 0; j <= i << 3; j += 8) {
      const a = load<f64>(upper + j);
      const b = load<f64>(upper + half + j);
      const c = load<f64>(lower + j);
      const f = load<f64>(lower + half + j);
      store<f64>(row + j, a * a - b * b - c * c + f * f);
    }
  }
}

/** V[n, 2 h] = [X diag(sqrt d), Y diag(1 / sqrt d)]. */
export function weigh(x: usize, y: usize, d: usize, n: i32, h: i32, v: usize): void {
  const stride = usize(h) << 3;
  for (let j: usize = 0; j < stride; j += 8) {
    const root = sqrt<f64>(load<f64>(d + j));
    const inverse = 1 / root;
    let from: usize = j;
    let to = v + j;
    for (let i = 0; i < n; i++) {
      store<f64>(to, load<f64>(x + from) * root);
      store<f64>(to + stride, load<f64>(y + from) * inverse);
      from += stride;
      to += stride << 1;
    }
  }
}
