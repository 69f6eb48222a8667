/**
 * SHA-256 (NIST, FIPS 180-4), here because this folder trusts nothing that it does not hold.
 * @returns 64 hexadecimal digits
 */
export function sha256(bytes: Uint8Array): string {
  const state = Uint32Array.from(INITIAL);
  const whole = bytes.length & ~63;
  const first = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < whole; at += 64) block(state, first, at);

  // The rest, a one bit, zeros, and the length in bits.
  const rest = bytes.length - whole;
  const last = new Uint8Array(rest < 56 ? 64 : 128);
  last.set(bytes.subarray(whole));
  last[rest] = 0x80;
  const view = new DataView(last.buffer);
  view.setUint32(last.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(last.length - 4, (bytes.length << 3) >>> 0);
  for (let at = 0; at < last.length; at += 64) block(state, view, at);
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

const schedule = new Uint32Array(64);

function block(state: Uint32Array, view: DataView, at: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = view.getUint32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const [x, y] = [w[t - 15]!, w[t - 2]!];
    const s0 = rotated(x, 7) ^ rotated(x, 18) ^ (x >>> 3);
    const s1 = rotated(y, 17) ^ rotated(y, 19) ^ (y >>> 10);
    w[t] = s1 + w[t - 7]! + s0 + w[t - 16]!;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + CONSTANTS[t]! + w[t]!) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((v, i) => {
    state[i]! += v;
  });
}

function rotated(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}

const PRIMES = primes(64);
/** The first 32 bits of the fractional parts of the cube roots, and of the square roots, of the first primes. */
const CONSTANTS = Uint32Array.from(PRIMES, (p) => fraction(p, 3n));
const INITIAL = Uint32Array.from(PRIMES.slice(0, 8), (p) => fraction(p, 2n));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let k = 2; found.length < count; k++) if (found.every((p) => k % p !== 0)) found.push(k);
  return found;
}

/** floor(2^32 p^(1/root)) mod 2^32, exactly. */
function fraction(p: number, root: bigint): number {
  const target = BigInt(p) << (32n * root);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** root <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}
