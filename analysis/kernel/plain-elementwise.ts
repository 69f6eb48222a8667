/** The routines between products, see `Routines`: entry by entry, one order of operations. */

export function transpose(X: Float64Array, rows: number, columns: number, to: Float64Array): void {
  // Eight rows at a time: what is written to one cache line is written at once.
  for (let first = 0; first < rows; first += 8) {
    const last = Math.min(first + 8, rows);
    for (let j = 0; j < columns; j++) for (let i = first; i < last; i++) to[j * rows + i] = X[i * columns + j]!;
  }
}

export function scaleColumns(X: Float64Array, d: Float64Array, rows: number, h: number, to: Float64Array): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < h; j++) to[i * h + j] = X[i * h + j]! * d[j]!;
}

export function symmetricPart(X: Float64Array, n: number, to: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const v = X[i * n + j]! / 2 + X[j * n + i]! / 2;
      to[i * n + j] = v;
      to[j * n + i] = v;
    }
    to[i * n + i] = X[i * n + i]!;
  }
}

export function subtractFrom(u: number, X: Float64Array, Y: Float64Array, n: number, to: Float64Array): void {
  for (let k = 0; k < n * n; k++) to[k] = -(X[k]! + Y[k]!);
  for (let i = 0; i < n; i++) to[i * (n + 1)]! += u;
}

export function rowDots(X: Float64Array, Y: Float64Array, rows: number, k: number, to: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    let s = 0;
    for (let j = i * k; j < (i + 1) * k; j++) s += X[j]! * Y[j]!;
    to[i] = s;
  }
}

export function hessian(gram: Float64Array, h: number, to: Float64Array): void {
  const g = 2 * h;
  for (let i = 0; i < h; i++) {
    const upper = i * g;
    const lower = (h + i) * g;
    for (let j = 0; j <= i; j++) {
      const a = gram[upper + j]!;
      const b = gram[upper + h + j]!;
      const c = gram[lower + j]!;
      const f = gram[lower + h + j]!;
      to[i * (h + 1) + j] = a * a - b * b - c * c + f * f;
    }
  }
}

export function weigh(X: Float64Array, Y: Float64Array, d: Float64Array, n: number, h: number, V: Float64Array): void {
  for (let j = 0; j < h; j++) {
    const root = Math.sqrt(d[j]!);
    const inverse = 1 / root;
    for (let i = 0; i < n; i++) {
      V[2 * i * h + j] = X[i * h + j]! * root;
      V[(2 * i + 1) * h + j] = Y[i * h + j]! * inverse;
    }
  }
}
