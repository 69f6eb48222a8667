import type { Form, Matrices } from "./certificate.ts";
import { sha256 } from "./sha256.ts";

/** What the hash is taken of. */
type Numbers = Pick<Form, "states" | "neurons" | keyof Matrices | "radius" | "lower" | "upper">;

/** The numbers of a form one after the other as little-endian doubles, -0 as 0 (certificate.schema.json, Form). */
export function formBytes({ states, neurons, L, B, C, N, radius, lower, upper }: Numbers): Uint8Array {
  const parts = [
    [states, neurons],
    L,
    B,
    C,
    N,
    ...(radius ? [radius.L, radius.B, radius.C, radius.N] : []),
    lower,
    upper,
  ];
  const bytes = new Uint8Array(8 * parts.reduce((sum, part) => sum + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    for (const v of part) {
      view.setFloat64(at, v + 0, true);
      at += 8;
    }
  }
  return bytes;
}

export function formHash(form: Numbers): string {
  return sha256(formBytes(form));
}
