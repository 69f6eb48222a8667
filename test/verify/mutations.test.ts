import { describe, expect, test } from "vitest";
import { proveForm } from "../../analysis/certificate.ts";
import { formAt, slopeBox } from "../../model/evaluate.ts";
import type { Model, Norm } from "../../model/model.ts";
import { nextDown } from "../../model/rounding.ts";
import { Refusal } from "../../verify/certificate.ts";
import type { Certificate } from "../../verify/certificate-json.ts";
import { formHash } from "../../verify/form-hash.ts";
import { readCertificate } from "../../verify/read.ts";
import { type Verification, verifyCertificate } from "../../verify/verify.ts";
import { modelOf } from "../analysis/models.ts";
import { random, randomForm } from "../analysis/random-forms.ts";
import { randomModel } from "../analysis/random-models.ts";
import { certificateOf, checked, documentOf, finish, type Json } from "./certificates.ts";
import { holds } from "./exact-claim.ts";

/** A model with every kind of claim, tight enough that trees have branches. */
const everyKind = `model M {
  state x[2]
  param P = [[2, 0.3], [0.3, 1]]
  param w = [1, 3]
  activation act = slope_restricted(-0.25, 1.5)
  layer g = act([[0.5, -1], [1, 0.25], [0.3, 0.7]] * x)
  layer h = tanh([[0.2, 0.1, -0.4], [0.5, -0.5, 0.25]] * g + x)
  flow x' = -2 * x + [[0.1, 0.2], [-0.5, 0.4]] * h
  require lognorm(2, metric: P) <= -1
  require lognorm(1, metric: w) <= 0.5
  require lognorm(inf, metric: w) <= 0.5
  require step(2, 0.1) <= 0.95
  require step(1, 0.125) <= 1
  require step(inf, 0.1) <= 1
}`;
const computed = `model M {
  state x[2]
  param W1 = [[0.1, 0.7], [0.3, 0.9]]
  param W2 = [[0.3, -1.1], [0.7, 0.2]]
  flow x' = -x + 0.3 * tanh(W2 * (W1 * x))
}`;
const attained = `model M {
  state x[2]
  param A = [[1, 2], [-0.5, 1]]
  flow x' = -(A^T * relu(A * x))
  require lognorm(2) <= 0
}`;
const spiral = `model M {
  state x[2]
  flow x' = smooth_leaky_relu(0.5)([[-0.1, 2], [-2, -0.1]] * x)
}`
  .replace("smooth_leaky_relu(0.5)(", "act(")
  .replace("state x[2]", "state x[2] activation act = smooth_leaky_relu(0.5)");

const bases: Record<string, Certificate> = {
  "every kind of claim": certificateOf(modelOf(everyKind)),
  "computed coefficients": certificateOf(modelOf(computed)),
  "a limit that is attained": certificateOf(modelOf(attained)),
  spiral: certificateOf(modelOf(spiral)),
  ...Object.fromEntries(
    [3, 8, 21].map((seed) => [`random ${seed}`, certificateOf(modelOf(randomModel(seed, 5).text))]),
  ),
};

/** Rows that intervals do not prove, in a metric and without. */
function rowsWithMultipliers(): Certificate {
  const model = modelOf(`model M {
    state x[3]
    layer g = tanh([[1, -0.7, 0.4], [0.3, 0.9, -1]] * x)
    layer h = tanh([[0.8, -1.1], [0.6, 0.5]] * g)
    flow x' = -x + [[0.5, 0.9], [-1, 0.3], [0.2, -0.8]] * h
  }`);
  const [form, box] = [formAt(model, 0), slopeBox(model)];
  const claims = (["1", "inf"] as const).flatMap((norm) =>
    [null, Float64Array.of(1, 3, 0.7)].map((metric) => {
      // The least of a few bounds for which a proof is found.
      for (let bound = 0.25; ; bound += 0.25) {
        const goal = { quantity: "lognorm", norm, metric, h: null, bound, requirement: null } as const;
        const trees = finish(proveForm(form, box, goal, { nodes: 300, deadline: Number.POSITIVE_INFINITY }));
        if (trees) return { ...goal, proof: [{ form: 0, trees }] };
      }
    }),
  );
  return documentOf(model, { box, forms: [{ times: null, form }], claims, uncertified: [] });
}
bases["rows with multipliers"] = rowsWithMultipliers();

/** Coefficients known to a third only, as over a wide piece of time; each bound the least for which a proof is found. */
function wideRadius(): Certificate {
  const form = randomForm(12, 2, [2, 1]);
  const box = { lower: new Float64Array(3).fill(-1), upper: new Float64Array(3).fill(1.5) };
  const away = (X: Float64Array) => X.map((v) => 0.3 * Math.abs(v));
  const radius = { L: away(form.L), B: away(form.B), C: away(form.C), N: away(form.N), a: form.a, b: form.b };
  const uncertain = { ...form, radius };
  const model = {
    name: "Wide",
    states: 2,
    time: { from: 0, to: 1 },
    timeDependent: false,
    knots: [],
    requirements: [],
  };
  const bare = model as unknown as Model;
  const document = (norm: Norm, bound: number, nodes: number) => {
    const goal = { quantity: "lognorm", norm, metric: null, h: null, bound, requirement: null } as const;
    const trees = finish(proveForm(uncertain, box, goal, { nodes, deadline: Number.POSITIVE_INFINITY }));
    if (!trees) return null;
    const claims = [{ ...goal, proof: [{ form: 0, trees }] }];
    return documentOf(bare, { box, forms: [{ times: null, form: uncertain }], claims, uncertified: [] });
  };
  const all = (["1", "2", "inf"] as const).map((norm) => {
    let [fails, works] = [-100, 100];
    while (works - fails > 1e-3) {
      const middle = (works + fails) / 2;
      const found = document(norm, middle, 100);
      if (found && checked(found)[0]!.refused === null) works = middle;
      else fails = middle;
    }
    return document(norm, works, 100)!;
  });
  const [first] = all[0]!.models;
  return { ...all[0]!, models: [{ ...first!, claims: all.flatMap(({ models }) => models[0]!.claims) }] };
}
bases["a wide radius"] = wideRadius();

test("rows have proofs with multipliers among them", () => {
  const text = JSON.stringify(bases["rows with multipliers"]);
  expect(text.split("multipliers").length).toBeGreaterThan(3);
});

interface Slot {
  get(): Json;
  set(value: Json): void;
}

/** Every place of a document. */
function* slots(value: Json): Generator<Slot, void, void> {
  if (typeof value !== "object" || value === null) return;
  const keys = Array.isArray(value) ? value.map((_, k) => k) : Object.keys(value);
  for (const key of keys) {
    const at = value as Record<string | number, Json>;
    yield { get: () => at[key], set: (v) => (at[key] = v) };
    yield* slots(at[key]);
  }
}

const numbers = (x: number, next: () => number): number[] => [
  x * (1 + 2 ** -52),
  nextDown(x),
  x * 0.999,
  x * (1 + next()),
  -x,
  0,
  x + 1,
  x - 1e-9,
  2 * x,
  1e300,
  5e-324,
  Math.round(x),
];

/** One to three accidents or lies. */
function mutate(document: Json, next: () => number): void {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  for (let k = 1 + Math.floor(3 * next()); k > 0; k--) {
    const all = [...slots(document)];
    const proofs = all.filter(({ get }) => {
      const v = get();
      return typeof v === "object" && v !== null && ("neuron" in v || "multipliers" in v);
    });
    const numeric = all.filter(({ get }) => typeof get() === "number");
    const dice = next();
    if (dice < 0.5) {
      const slot = pick(numeric);
      slot.set(pick(numbers(slot.get() as number, next)));
    } else if (dice < 0.6) pick(numeric).set(pick(numeric).get());
    else if (dice < 0.8 && proofs.length > 1) pick(proofs).set(structuredClone(pick(proofs).get()));
    else if (dice < 0.85) pick(all).set(structuredClone(pick(all).get()));
    else if (dice < 0.9) pick(all).set(pick([null, "interval", [], {}, "lower", "upper", true, "x", -1, 1.5]));
    else {
      const objects = all.map(({ get }) => get()).filter((v) => typeof v === "object" && v !== null);
      const object = pick(objects) as Record<string, Json>;
      if (Array.isArray(object)) object.splice(Math.floor(next() * object.length), 1);
      else delete object[pick(Object.keys(object))];
    }
  }
}

/** As a forger would: so that more than the hash has to notice. */
function rehash(document: Json): void {
  try {
    const { models } = readCertificate(JSON.stringify(document));
    const written = (document as unknown as { models: { forms: { sha256: string }[] }[] }).models;
    models.forEach(({ forms }, m) => {
      forms.forEach((form, k) => {
        written[m]!.forms[k]!.sha256 = formHash(form);
      });
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function verification(document: Json): Verification | null {
  try {
    return finish(verifyCertificate(JSON.stringify(document)));
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Asks of every claim that was accepted whether it is true of the form that stands in the certificate. */
function checkAccepted({ models }: Verification, document: Json, next: () => number): number {
  let accepted = 0;
  for (const { model, claims } of models) {
    for (const { claim, refused } of claims) {
      if (refused !== null) continue;
      accepted++;
      for (const { form: index } of claim.proof) {
        const form = model.forms[index]!;
        for (let k = 0; k < (form.radius ? 12 : 1); k++) {
          const isTrue = holds(form, claim, () => [-1, 0, 1][Math.floor(3 * next())]!);
          if (!isTrue)
            expect.fail(`${claim.quantity}(${claim.norm}) <= ${claim.bound} is false in ${JSON.stringify(document)}`);
        }
      }
    }
  }
  return accepted;
}

describe.each(Object.keys(bases))("%s", (name) => {
  const base = JSON.parse(JSON.stringify(bases[name])) as Json;

  test("is accepted as it is, and true", () => {
    const next = random(1);
    const found = verification(base)!;
    expect(checkAccepted(found, base, next)).toBe(bases[name]!.models[0].claims.length);
    expect(checkAccepted(found, base, next)).toBeGreaterThan(2);
  });

  test("whatever is changed: what is accepted is true", () => {
    const [rounds, next] = [400, random(77 + name.length)];
    let [accepted, refused] = [0, 0];
    for (let k = 0; k < rounds; k++) {
      const document = structuredClone(base);
      mutate(document, next);
      if (next() < 0.9) rehash(document);
      const found = verification(document);
      if (!found || found.models.some(({ claims }) => claims.some((claim) => claim.refused !== null))) refused++;
      if (found) accepted += checkAccepted(found, document, next);
    }
    expect(refused).toBeGreaterThan(rounds / 10);
    expect(accepted).toBeGreaterThan(rounds / 10);
  });

  test("bounds that are lowered, by little and by much: what is accepted is true", () => {
    const next = random(5 + name.length);
    let refused = 0;
    for (const relative of [2 ** -52, 1e-12, 1e-9, 1e-7, 1e-5, 1e-3, 0.1, 2]) {
      const document = structuredClone(base) as unknown as { models: { claims: { bound: number }[] }[] };
      for (const claim of document.models[0]!.claims) claim.bound -= relative * Math.max(Math.abs(claim.bound), 1e-6);
      const found = verification(document as unknown as Json)!;
      checkAccepted(found, document as unknown as Json, next);
      refused += found.models[0]!.claims.filter((claim) => claim.refused !== null).length;
      if (relative === 2) expect(found.models[0]!.claims.every((claim) => claim.refused !== null)).toBe(true);
    }
    expect(refused).toBeGreaterThan(0);
  });
});
