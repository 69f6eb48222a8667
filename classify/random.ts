/**
 * Uniform numbers in [0, 1), the same ones for the same key on every machine: the sfc32 generator (C. Doty-Humphrey,
 * PractRand), which has no bad seeds; the first numbers mix the key in.
 * @param key whole numbers, of which the lower 32 bits count
 */
export function uniform(...key: number[]): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (const part of key) {
    a ^= part | 0;
    for (let k = 0; k < 12; k++) next();
  }
  return () => next() / 2 ** 32;
}

/** Standard normal numbers, two from two uniform ones (G. E. P. Box, M. E. Muller). */
export function normal(next: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
