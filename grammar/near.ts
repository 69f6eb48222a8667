/**
 * The candidate that `written` most likely meant: at most one slip (two from six letters on) away, or the written word
 * continues it (`parameter` for `param`). Slips are a letter too many, too few, wrong, or two swapped.
 */
export function nearest(written: string, candidates: Iterable<string>): string | null {
  return allNearest(written, candidates)[0] ?? null;
}

/** All candidates that are as near as the nearest one. */
export function allNearest(written: string, candidates: Iterable<string>): string[] {
  const most = written.length >= 6 ? 2 : 1;
  let best: string[] = [];
  let least = most;
  for (const candidate of new Set(candidates)) {
    if (candidate === written) continue;
    const continues = candidate.length >= 4 && written.startsWith(candidate);
    const far = Math.min(slips(written, candidate, most), continues ? most : most + 1);
    if (far < least) best = [];
    if (far > least) continue;
    best.push(candidate);
    least = far;
  }
  return best;
}

/** Optimal string alignment distance (Damerau and Levenshtein), or `most + 1` where it is more than `most`. */
function slips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length];
}
