import type { Column, Interval } from "./figure.ts";

export function column(data: ArrayLike<number>, start = 0, stride = 1, length = data.length): Column {
  return { data, start, stride, length };
}

export function at({ data, start, stride }: Column, index: number): number {
  return data[start + index * stride];
}

export function last(one: Column): number {
  return one.length === 0 ? Number.NaN : at(one, one.length - 1);
}

/** Of the finite numbers; null where there are none. @param isPositive whether only those above 0 count. */
export function extentOf(columns: Iterable<Column>, isPositive = false): Interval | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { data, start, stride, length } of columns) {
    for (let i = 0, k = start; i < length; i++, k += stride) {
      const value = data[k];
      if (!Number.isFinite(value) || (isPositive && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** Where a time stands among ascending ones: the index before it and how far it is to the next; null outside of them. */
export function place(times: Column, t: number): { readonly index: number; readonly part: number } | null {
  const { length } = times;
  if (length === 0 || !(t >= at(times, 0) && t <= at(times, length - 1))) return null;
  let low = 0;
  let high = length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(times, middle) <= t) low = middle;
    else high = middle;
  }
  const width = at(times, high) - at(times, low);
  return { index: low, part: width > 0 ? (t - at(times, low)) / width : 0 };
}

/** Between two neighbouring values, on a straight line. */
export function valueAt(one: Column, { index, part }: { readonly index: number; readonly part: number }): number {
  const value = at(one, index);
  return part === 0 ? value : value + part * (at(one, index + 1) - value);
}
