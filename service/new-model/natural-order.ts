/** Paths as a person lists them: `layers.9` before `layers.10`, `fc_in` before `fc_hidden`, `fc_out` behind both. */
export function compareNaturally(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareSegments(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareSegments(a: string, b: string): number {
  const place = placeInNet(a) - placeInNet(b);
  if (place !== 0) return place;
  const [partsA, partsB] = [a, b].map((text) => text.match(/\d+|\D+/g) ?? []);
  for (let i = 0; i < Math.min(partsA.length, partsB.length); i++) {
    const order = compareParts(partsA[i], partsB[i]);
    if (order !== 0) return order;
  }
  return partsA.length - partsB.length;
}

/** By code units, numbers by their value: the same order on every machine. */
function compareParts(a: string, b: string): number {
  if (/^\d/.test(a) && /^\d/.test(b)) {
    const [short, long] = [a, b].map((digits) => digits.replace(/^0+(?=\d)/, ""));
    if (short.length !== long.length) return short.length - long.length;
    if (short !== long) return short < long ? -1 : 1;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function placeInNet(segment: string): number {
  if (/(?:^|[_-])(?:in|input|first)(?![a-z])/i.test(segment)) return -1;
  return /(?:^|[_-])(?:out|output|last|final)(?![a-z])/i.test(segment) ? 1 : 0;
}
