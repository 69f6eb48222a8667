import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import type { Norm } from "../../model/model.ts";
import { logarithmicNorm } from "./enumeration.ts";
import { analysed, modelOf } from "./models.ts";
import { type RandomModel, randomModel } from "./random-models.ts";

const NORMS: readonly Norm[] = ["1", "2", "inf"];

/** The largest logarithmic norm over all vertices, by norm. */
function largest({ lower, upper, jacobian }: RandomModel): Record<Norm, number> {
  const found: Record<Norm, number> = { 1: -Infinity, 2: -Infinity, inf: -Infinity };
  const free = lower.flatMap((m, i) => (m === upper[i] ? [] : [i]));
  for (let k = 0; k < 2 ** free.length; k++) {
    const slopes = lower.slice();
    for (const [bit, i] of free.entries()) if ((k >> bit) & 1) slopes[i] = upper[i]!;
    const J = new Matrix(jacobian(slopes).map((row) => [...row]));
    for (const norm of NORMS) found[norm] = Math.max(found[norm], logarithmicNorm(J, norm));
  }
  return found;
}

function checkBounds(seed: number, most: number): void {
  const random = randomModel(seed, most);
  const truth = largest(random);
  for (const { norm, lower, upper, witness } of analysed(modelOf(random.text), { nodes: 20_000 }).bounds) {
    const said = `seed ${seed}, norm ${norm}: [${lower}, ${upper}], by enumeration ${truth[norm]}, of\n${random.text}`;
    const size = Math.max(1, Math.abs(truth[norm]));
    expect(lower, said).toBeLessThanOrEqual(truth[norm] + 1e-11 * size);
    expect(upper, said).toBeGreaterThanOrEqual(truth[norm] - 1e-11 * size);
    expect(truth[norm] - lower, said).toBeLessThan(1e-6 * size);
    expect(upper - truth[norm], said).toBeLessThan(1e-6 * size);
    const J = new Matrix(random.jacobian(Array.from(witness!.slopes)).map((row) => [...row]));
    expect(Math.abs(logarithmicNorm(J, norm) - lower), `${said}the witness`).toBeLessThan(1e-10 * size);
  }
}

function checkVerdicts(seed: number, most: number): void {
  const random = randomModel(seed, most);
  const truth = largest(random);
  const requirements = NORMS.flatMap((norm) => {
    const size = Math.max(1, Math.abs(truth[norm]));
    return [1, 0.01, 1e-5, -1e-5, -0.1].map((off) => ({ norm, off, limit: truth[norm] + off * size }));
  });
  const stated = requirements.map(({ norm, limit }) => `require lognorm(${norm}) <= ${limit}`);
  const model = modelOf(random.text.replace(/}\n$/, `${stated.join("\n")}\n}`));
  analysed(model, { nodes: 20_000 }).requirements.forEach(({ verdict, stoppedBy }, k) => {
    const { norm, off } = requirements[k]!;
    expect(verdict, `seed ${seed}, norm ${norm}, ${off} off ${truth[norm]}, of\n${random.text}`).toBe(
      off > 0 ? "proved" : "refuted",
    );
    expect(stoppedBy).toBe("decided");
  });
}

const TENS = Array.from({ length: 10 }, (_, k) => k);

// 2,000 models.
describe("random models, from their text to their bounds, against all vertices", () => {
  test.each(TENS)("up to 6 neurons, bounds within 1e-6: %i", { timeout: 120_000 }, (ten) => {
    for (let k = 0; k < 165; k++) checkBounds(10_000 + 165 * ten + k, 6);
  });

  test.each(TENS)("up to 12 neurons, bounds within 1e-6: %i", { timeout: 120_000 }, (ten) => {
    for (let k = 0; k < 30; k++) checkBounds(5000 + 30 * ten + k, 12);
  });

  test.each(TENS)("verdicts of limits on both sides of the value: %i", { timeout: 120_000 }, (ten) => {
    for (let k = 0; k < 5; k++) checkVerdicts(9000 + 5 * ten + k, 8);
  });
});
