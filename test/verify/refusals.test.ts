import { describe, expect, test } from "vitest";
import { Refusal } from "../../verify/certificate.ts";
import { formHash } from "../../verify/form-hash.ts";
import { readCertificate } from "../../verify/read.ts";
import { verifyCertificate } from "../../verify/verify.ts";
import { modelOf } from "../analysis/models.ts";
import { certificateOf, finish, type Json, sample } from "./certificates.ts";

/** A document that can be changed by path. */
// biome-ignore lint/suspicious/noExplicitAny: tests write what the types forbid
type Any = any;

const spiral = JSON.parse(JSON.stringify(certificateOf(sample("spiral")))) as Json;
const layers = JSON.parse(JSON.stringify(certificateOf(sample("two-hidden-layers")))) as Json;
const timed = JSON.parse(JSON.stringify(certificateOf(sample("interpolated")))) as Json;
const varied = JSON.parse(JSON.stringify(certificateOf(sample("rotating")))) as Json;
const metric = JSON.parse(
  JSON.stringify(
    certificateOf(
      modelOf(`model M { state x[2] param P = [[2, 0.3], [0.3, 1]] param w = [1, 3]
        flow x' = -x require lognorm(2, metric: P) <= 0 require lognorm(inf, metric: w) <= 0 require step(2, 0.5) <= 1 }`),
    ),
  ),
) as Json;

/** What is said first: the whole is no certificate, or the first claim that is refused. */
function said(document: Json | string): string | null {
  try {
    const { models } = finish(verifyCertificate(typeof document === "string" ? document : JSON.stringify(document)));
    return models.flatMap(({ claims }) => claims.flatMap(({ refused }) => refused ?? []))[0] ?? null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function changed(base: Json, change: (model: Any, document: Any) => void, hashed = true): string | null {
  const document = structuredClone(base) as Any;
  change(document.models[0], document);
  if (hashed) {
    try {
      const { forms } = readCertificate(JSON.stringify(document)).models[0];
      forms.forEach((form, k) => {
        document.models[0].forms[k].sha256 = formHash(form);
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return said(document);
}

test("all of them are accepted unchanged", () => {
  for (const document of [spiral, layers, timed, varied, metric]) expect(said(document)).toBeNull();
});

describe("the whole is no certificate", () => {
  test.each([
    ["", "the certificate is not JSON text"],
    ["{", "the certificate is not JSON text"],
    ["[]", "expected an object, found a list"],
    ["null", "expected an object, found nothing"],
    ["{}", '"format" is missing'],
  ])("%s", (text, message) => expect(said(text)).toBe(message));

  const cases: [string, Json, (model: Any, document: Any) => void, string][] = [
    ["another format", spiral, (_, d) => (d.format = "x"), 'format: expected "contrax-certificate"'],
    ["a later version", spiral, (_, d) => (d.version = 2), "version: expected 1, the version that this program knows"],
    ["an unknown key", spiral, (m) => (m.trust = true), 'models[0]: unknown key "trust"'],
    ["a missing key", spiral, (m) => delete m.claims, 'models[0]: "claims" is missing'],
    [
      "a text for a number",
      spiral,
      (m) => (m.claims[1].bound = "1"),
      "models[0].claims[1].bound: expected a number, found a text",
    ],
    [
      "null for a number",
      spiral,
      (m) =>
        (m.forms[0].L = [
          [0, null],
          [0, 0],
        ]),
      "models[0].forms[0].L[0][1]: expected a number, found nothing",
    ],
    ["a short row", spiral, (m) => m.forms[0].C[1].pop(), "models[0].forms[0].C[1]: expected 2 numbers, found 1"],
    ["too few rows", spiral, (m) => m.forms[0].C.pop(), "models[0].forms[0].C: expected 2 rows, found 1"],
    [
      "half a state",
      spiral,
      (m) => (m.forms[0].states = 1.5),
      "models[0].forms[0].states: expected a whole number from 1 to 2000, found 1.5",
    ],
    [
      "a huge state",
      spiral,
      (m) => (m.forms[0].states = 1e9),
      "models[0].forms[0].states: expected a whole number from 1 to 2000, found 1000000000",
    ],
    [
      "N with a loop",
      layers,
      (m) => (m.forms[0].N[2][2] = 0.1),
      "models[0].forms[0].N: expected 0 in row 2, column 2: N is strictly lower triangular",
    ],
    [
      "slopes the wrong way round",
      spiral,
      (m) => (m.forms[0].lower[1] = 2),
      "models[0].forms[0].upper: expected the largest slope of neuron 1 to be at least 2",
    ],
    [
      "a negative radius",
      spiral,
      (m) =>
        (m.forms[0].radius = {
          L: [
            [0, -1],
            [0, 0],
          ],
          B: null,
          C: null,
          N: null,
        }),
      "models[0].forms[0].radius: expected no negative number",
    ],
    [
      "no hash",
      spiral,
      (m) => (m.forms[0].sha256 = "0"),
      "models[0].forms[0].sha256: expected 64 hexadecimal digits, found a text",
    ],
    [
      "a form that is not there",
      spiral,
      (m) => (m.claims[0].proof[0].form = 1),
      "models[0].claims[0].proof[0].form: expected a whole number from 0 to 0, found 1",
    ],
    [
      "a form twice",
      spiral,
      (m) => m.claims[0].proof.push(m.claims[0].proof[0]),
      "models[0].claims[0].proof[1].form: form 0 has its proof already",
    ],
    [
      "no proof",
      spiral,
      (m) => (m.claims[0].proof = []),
      "models[0].claims[0].proof: expected the proof for at least one form",
    ],
    [
      "a row without a proof",
      spiral,
      (m) => m.claims[0].proof[0].trees.pop(),
      "models[0].claims[0].proof[0].trees: expected 2, found 1",
    ],
    [
      "another norm",
      spiral,
      (m) => (m.claims[0].norm = "3"),
      'models[0].claims[0].norm: expected one of "1", "2", "inf"',
    ],
    [
      "two forms without time",
      spiral,
      (m) => m.forms.push(m.forms[0]),
      "models[0].forms: expected one form: the model has no time",
    ],
    [
      "a metric that is not symmetric",
      metric,
      (m) => (m.claims[0].metric[0][1] = 0.31),
      "models[0].claims[0].metric: expected a symmetric matrix",
    ],
    [
      "a weight of 0",
      metric,
      (m) => (m.claims[1].metric[0] = 0),
      "models[0].claims[1].metric: expected weights above 0",
    ],
    [
      "a step with a metric",
      metric,
      (m) =>
        (m.claims[2].metric = [
          [1, 0],
          [0, 1],
        ]),
      "models[0].claims[2].metric: expected null: a step has no metric",
    ],
    ["time backwards", timed, (m) => (m.time.to = m.time.from), "models[0].time.to: expected a time after 0"],
  ];
  test.each(cases)("%s", (_, base, change, message) => expect(changed(base, change)).toBe(message));

  test("a number beyond all doubles", () => {
    const text = JSON.stringify(spiral).replace(/"bound":[\d.]+/, '"bound":1e999');
    expect(said(text)).toBe("models[0].claims[0].bound: the number is larger than any double");
  });
});

describe("a claim is refused", () => {
  const first = (model: Any) => model.claims.find(({ norm }: Any) => norm === "2");
  const at = "models[0].claims[1].proof[0].trees[0]";
  const lambda = "their matrix is not shown to be positive semidefinite";
  const cases: [string, Json, (model: Any) => void, string | RegExp][] = [
    ["a negative multiplier", spiral, (m) => setLeaf(first(m), -1), `${at}.multipliers: expected no negative number`],
    [
      "a multiplier too many",
      spiral,
      (m) => leafOf(first(m)).multipliers.push(1),
      `${at}.multipliers: expected 2 numbers, found 3`,
    ],
    ["multipliers of 0", spiral, (m) => setLeaf(first(m), 0), new RegExp(lambda)],
    [
      "a bound lowered to below the truth",
      spiral,
      (m) => (first(m).bound = 0.4256),
      new RegExp(`do not prove 0.4256: ${lambda}`),
    ],
    ["weights that have grown", spiral, (m) => (m.forms[0].C[0][1] = 2.001), /do not prove/],
    ["a slope interval that has grown", spiral, (m) => (m.forms[0].upper = [1.01, 1]), /do not prove/],
    [
      "a branch without a side",
      spiral,
      (m) => (first(m).proof[0].trees[0] = { neuron: 0, lower: leafOf(first(m)) }),
      `${at}: "upper" is missing`,
    ],
    [
      "a branch on no neuron",
      spiral,
      (m) => (first(m).proof[0].trees[0] = { neuron: 2, lower: 1, upper: 1 }),
      `${at}.neuron: expected a whole number from 0 to 1, found 2`,
    ],
    [
      "a neuron fixed twice",
      spiral,
      (m) => {
        const leaf = { multipliers: [1] };
        first(m).proof[0].trees[0] = { neuron: 0, lower: { neuron: 0, lower: leaf, upper: leaf }, upper: leaf };
      },
      `${at}.lower.neuron: the slope of neuron 0 is fixed already`,
    ],
    [
      "a slope that nothing settles",
      spiral,
      (m) => (first(m).proof[0].trees[0] = { neuron: 0, at: "upper", rest: leafOf(first(m)) }),
      `${at}: nothing settles the slope of neuron 0`,
    ],
    [
      "intervals for p = 2",
      spiral,
      (m) => (first(m).proof[0].trees[0] = "interval"),
      `${at}: expected an object, found a text`,
    ],
    [
      "multipliers for p = 1 without those of the signs",
      spiral,
      (m) => (m.claims[0].proof[0].trees[0] = { multipliers: [1, 1] }),
      "models[0].claims[0].proof[0].trees[0].multipliers: expected 3 numbers, found 2",
    ],
    [
      "a column that is too large",
      spiral,
      (m) => (m.claims[0].bound = 1.94),
      /interval bounds do not prove 1.94 for row/,
    ],
    [
      "a metric that is none",
      metric,
      (m) =>
        (m.claims[0].metric = [
          [1, 1],
          [1, 1],
        ]),
      "models[0].claims[0].metric: the metric is not shown to be positive definite",
    ],
    ["a knot left out", timed, (m) => m.claims[0].proof.shift(), /no form holds at time 0/],
    ["the last time left out", timed, (m) => m.claims[0].proof.pop(), /no form holds (at|just before) time/],
    ["a piece of time left out", varied, (m) => m.claims[0].proof.splice(1, 1), /no form holds from time/],
    ["a form of another time", timed, (m) => (m.forms[0].times = null), /a form does not say at which times it holds/],
  ];
  test.each(cases)("%s", (_, base, change, message) => {
    const text = changed(base, change);
    if (typeof message === "string") expect(text).toBe(message);
    else expect(text).toMatch(message);
  });

  test("numbers that are not those of the hash", () => {
    const text = changed(spiral, (m) => (m.forms[0].C[0][0] -= 1e-9), false);
    expect(text).toMatch(/^models\[0\]\.forms\[0\]\.sha256: the numbers of the form have [0-9a-f]{64}$/);
  });

  test("a settled slope at its better end", () => {
    const base = JSON.parse(JSON.stringify(certificateOf(sample("gradient-flow")))) as Json;
    const text = changed(base, (m) => {
      const tree = first(m).proof[0].trees[0];
      tree.at = tree.at === "lower" ? "upper" : "lower";
    });
    expect(text).toMatch(/the worst slope of neuron \d+ is at its other end/);
  });
});

describe("hostile sizes are refused, not worked on", () => {
  test("exponents that make long numbers", () => {
    const text = changed(layers, (m) => {
      m.forms[0].C = m.forms[0].C.map((row: number[]) => row.map((_, k) => (k === 0 ? 5e-324 : 1.7e308)));
      m.forms[0].N = m.forms[0].N.map((row: number[]) => row.map((v) => (v === 0 ? 0 : v > 0 ? 5e-324 : 1.7e308)));
    });
    expect(text).not.toBeNull();
  });

  test("zeros that take more memory than text", () => {
    const text = changed(spiral, (m) => {
      const zeros = { L: null, B: null, C: null, N: null };
      const slopes = new Array(1000).fill(0);
      const form = {
        ...m.forms[0],
        states: 1000,
        neurons: 1000,
        ...zeros,
        radius: zeros,
        lower: slopes,
        upper: slopes,
      };
      m.time = { from: 0, to: 1, knots: [], affine: true };
      m.forms = Array.from({ length: 20 }, () => form);
    });
    expect(text).toBe("models[0].forms[3]: the forms have more than 30000000 numbers");
  });

  test("a tree deeper than there are neurons", () => {
    let tree = '{"multipliers":[]}';
    for (let k = 0; k < 100_000; k++) tree = `{"neuron":0,"lower":${tree},"upper":{"multipliers":[1]}}`;
    const text = JSON.stringify(spiral).replace(/\{"multipliers":\[[^\]]*\]\}/, tree);
    expect(said(text)).toMatch(/the slope of neuron 0 is fixed already/);
  });
});

function leafOf(claim: Any): Any {
  let node = claim.proof[0].trees[0];
  while (!("multipliers" in node)) node = node.rest ?? node.lower;
  return node;
}

function setLeaf(claim: Any, value: number): void {
  const leaf = leafOf(claim);
  leaf.multipliers = leaf.multipliers.map(() => value);
}
