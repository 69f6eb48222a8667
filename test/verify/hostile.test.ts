import { describe, expect, test } from "vitest";
import { proveForm } from "../../analysis/certificate.ts";
import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import type { Model, Norm } from "../../model/model.ts";
import { readCertificate } from "../../verify/read.ts";
import { boxes, hostileBox, hostileForm, hostileRadius, shapes, weights } from "../analysis/hostile-forms.ts";
import { random } from "../analysis/random-forms.ts";
import { checked, documentOf, finish, textOf } from "./certificates.ts";
import { holds } from "./exact-claim.ts";

const NORMS: readonly Norm[] = ["1", "2", "inf"];
/** What a certificate needs of a model, where there is only a form. */
const bare = (states: number) =>
  ({
    name: "Hostile",
    states,
    time: { from: 0, to: 1 },
    timeDependent: false,
    knots: [],
    requirements: [],
  }) as unknown as Model;

/** So much of what the search bounds is certified, at the least. */
const share: Record<string, number> = {
  "near overflow": 0.3,
  huge: 0.5,
  tiny: 0.5,
  denormal: 0.3,
  "from 1e-300 to 1e300": 0.2,
};

describe.each(Object.keys(weights))("weights %s", (name) => {
  test.each(NORMS)("norm %s: proofs are found for most bounds, pass the check, and are of true claims", (norm) => {
    let [asked, proved] = [0, 0];
    for (const [b, slopes] of Object.values(boxes).entries()) {
      for (const [s, [n, sizes]] of shapes.entries()) {
        const next = random(31 + 1000 * b + 100 * s + 7 * Object.keys(weights).indexOf(name));
        const exact = hostileForm(next, n, sizes, weights[name]!);
        const box = hostileBox(next, exact.neurons, slopes);
        const radius = next() < 0.3 ? hostileRadius(next, exact, next() < 0.5 ? 1e-14 : 0.3) : null;
        const form = { ...exact, radius };
        const search = new LogarithmicNormSearch(form, box, norm);
        for (let k = 0; k < 12 && !search.exhausted; k++) for (const _ of search.advance(search.lower));
        if (!Number.isFinite(search.upper)) continue;
        asked++;
        const goal = {
          quantity: "lognorm",
          norm,
          metric: null,
          h: null,
          bound: search.upper,
          requirement: null,
        } as const;
        const trees = finish(proveForm(form, box, goal, { nodes: 200, deadline: Number.POSITIVE_INFINITY }));
        if (!trees) continue;
        const claims = [{ ...goal, proof: [{ form: 0, trees }] }];
        const document = documentOf(bare(n), { box, forms: [{ times: null, form }], claims, uncertified: [] });
        const [{ claim, refused }] = checked(document);
        if (refused !== null) continue;
        proved++;
        const [read] = readCertificate(textOf(document)).models[0]!.forms;
        const isTrue = holds(read!, claim, () => [-1, 0, 1][Math.floor(3 * next())]!);
        if (!isTrue) expect.fail(textOf(document));
      }
    }
    expect(proved).toBeGreaterThanOrEqual((share[name] ?? 0.8) * asked);
  });
});
