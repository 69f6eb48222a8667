import { describe, expect, test } from "vitest";
import type { Certificate } from "../../verify/certificate-json.ts";
import { formHash } from "../../verify/form-hash.ts";
import { checked } from "./certificates.ts";

type Name = "L" | "B" | "C" | "N";

/**
 * One state, two neurons: J = l + b1 d1 c1 + b2 d2 (c2 + v d1 c1), all coefficients positive, slopes in [m, 1]: the largest value is at
 * the upper ends of all coefficients, and known.
 */
function certificate(
  radius: Partial<Record<Name, number>>,
  m: number,
  norm: "1" | "2" | "inf",
  bound: number,
  leaf: unknown,
) {
  const of = (name: Name) => radius[name] ?? 0;
  const [L, B, C] = [[[0.5]], [[0.7, 1.1]], [[0.9], [0.4]]];
  const N = [
    [0, 0],
    [1.3, 0],
  ];
  const r = of("L");
  const away = {
    L: [[r]],
    B: [[of("B"), of("B")]],
    C: [[of("C")], [of("C")]],
    N: [
      [0, 0],
      [of("N"), 0],
    ],
  };
  const [l, b1, b2, c1, c2, v] = [0.5 + r, 0.7 + of("B"), 1.1 + of("B"), 0.9 + of("C"), 0.4 + of("C"), 1.3 + of("N")];
  const largest = l + b1 * c1 + b2 * (c2 + v * c1);
  const flat = (X: number[][]) => Float64Array.from(X.flat());
  const slopes = { lower: Float64Array.of(m, m), upper: Float64Array.of(1, 1) };
  const sha256 = formHash({
    ...{ states: 1, neurons: 2, L: flat(L), B: flat(B), C: flat(C), N: flat(N), ...slopes },
    radius: { L: flat(away.L), B: flat(away.B), C: flat(away.C), N: flat(away.N) },
  });
  const form = { states: 1, neurons: 2, times: null, L, B, C, N, radius: away, lower: [m, m], upper: [1, 1], sha256 };
  const claim = { quantity: "lognorm", norm, metric: null, h: null, bound, requirement: null } as const;
  const document = {
    ...{ format: "contrax-certificate", version: 1, source: { file: "x.node", sha256 } },
    models: [
      {
        name: "M",
        time: null,
        forms: [form],
        claims: [{ ...claim, proof: [{ form: 0, trees: [leaf] }] }],
        uncertified: [],
      },
    ],
  } as Certificate;
  return { largest, isAccepted: checked(document)[0]!.refused === null };
}

const grid = Array.from({ length: 13 }, (_, k) => 10 ** (k / 3 - 2));

/** All vertices, each with its own multipliers: none. */
const vertices = (leaf: unknown) => {
  const both = (neuron: number, inner: unknown) => ({ neuron, lower: inner, upper: inner });
  return both(0, both(1, leaf));
};

describe.each<Name>(["L", "B", "C", "N"])("%s known to 0.3", (name) => {
  const radius = { [name]: 0.3 };

  test.each([-1, -0.25, 0, 0.4])("no multipliers prove less than the worst coefficients, slopes from %d", (m) => {
    const { largest } = certificate(radius, m, "2", 0, { multipliers: [0, 0] });
    let accepted = 0;
    for (const a of grid) {
      for (const b of grid) {
        const leaf = { multipliers: [a, b] };
        expect(certificate(radius, m, "2", largest - 1e-3, leaf).isAccepted, `${a}, ${b}`).toBe(false);
        if (certificate(radius, m, "2", 2 * largest, leaf).isAccepted) accepted++;
      }
    }
    expect(accepted).toBeGreaterThan(0);
  });

  test.each(["1", "2", "inf"] as const)(
    "norm %s: branches down to vertices prove exactly the worst coefficients",
    (norm) => {
      const tree = vertices(norm === "2" ? { multipliers: [] } : "interval");
      const { largest } = certificate(radius, 0, norm, 0, tree);
      expect(certificate(radius, 0, norm, largest + 1e-9, tree).isAccepted).toBe(true);
      expect(certificate(radius, 0, norm, largest - 1e-9, tree).isAccepted).toBe(false);
    },
  );
});
