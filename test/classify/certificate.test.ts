import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClassifierMap, classes } from "../../classify/classifier-map.ts";
import { uniform } from "../../classify/random.ts";
import { evaluated, example, modelOf } from "./data.ts";

const euler = { method: "euler", steps: 10 } as const;

describe("certified is never above attacked", () => {
  const clusters = example("clusters", "clusters.npz", "clusters.npz");
  const epsilons = [0.05, 0.1, 0.13, 0.16, 0.2];

  test.each([
    ["2", epsilons],
    ["inf", [0.02, 0.03, 0.04, 0.05]],
  ] as const)("on every image, where neither is trivial, against PGD with restarts: %s", (norm, levels) => {
    const far = levels.filter((epsilon) => {
      const {
        images,
        levels: found,
        clean,
      } = evaluated(clusters, euler, { kind: "pgd", norm, restarts: 3, iterations: 30 }, [epsilon]);
      const { attacked, certified } = found[0] as { attacked: number; certified: number };
      expect(certified).toBeLessThanOrEqual(attacked);
      // One image at a time: whatever has a radius beyond epsilon has survived.
      const single = images.filter(({ radius }) => radius![norm] >= epsilon);
      for (const { index, label, found: own } of single) {
        const one = {
          ...clusters,
          data: {
            first: index,
            count: 1,
            images: clusters.data.images.subarray(index * 16, (index + 1) * 16),
            labels: Int32Array.of(own),
          },
        };
        const alone = evaluated(one, euler, { kind: "pgd", norm, restarts: 2, iterations: 20 }, [epsilon]);
        expect(alone.levels[0]!.attacked, `image ${index}, label ${label}, epsilon ${epsilon}`).toBe(1);
      }
      return certified > 0.15 * clean && certified < 0.9 * clean;
    });
    expect(far.length).toBeGreaterThanOrEqual(2);
  });

  test("no random image within the radius has another class", () => {
    const { classifier, model, data } = clusters;
    const map = new ClassifierMap(model, classifier, euler);
    const { images } = evaluated(clusters, euler, { norm: "2" }, epsilons);
    const next = uniform(3);
    for (const { index, found, radius } of images) {
      expect(radius!["2"]).toBeGreaterThan(0);
      const own = data.images.subarray(index * 16, (index + 1) * 16);
      for (let k = 0; k < 20; k++) {
        const change = Float64Array.from(own, () => next() - 0.5);
        const factor = radius!["2"] / Math.hypot(...change);
        const moved = own.map((value, i) => Math.min(1, Math.max(0, value + factor * change[i]!)));
        expect(classes(map.scores(moved, 1).values, 1, 4)[0]).toBe(found);
      }
    }
  });
});

test("a linear classifier's radius is its distance to the border, less what rounding is allowed", () => {
  // x(1) = (1 - 1/10)^10 u; the classes of y = x: u1 against u2, at distance |u1 - u2| / sqrt 2.
  const { model, classifier } = modelOf(
    "model M { state x[2] time t in [0, 1] flow x' = -x input u[2] encode x = u output y = x }",
  );
  const data = { first: 0, count: 1, images: Float64Array.of(0.75, 0.25), labels: Int32Array.of(0) };
  const { images, bounds } = evaluated({ model, classifier, data }, euler, { norm: "2" }, [0.3]);
  const distance = 0.5 / Math.SQRT2;
  expect(images[0]!.radius!["2"]).toBeLessThan(distance);
  expect(images[0]!.radius!["2"]).toBeGreaterThan(distance * (1 - 1e-3));
  expect(bounds!.flow).toBeGreaterThanOrEqual(0.9 ** 10);
  expect(bounds!.flow).toBeLessThan(0.9 ** 10 * (1 + 1e-2));
});

test("any small classifier: gradients cannot undercut what is proved, nor can corners of the ball", () => {
  const number = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom("tanh", "gelu", "silu", "relu", "leaky_relu(-0.5)", "elu(2)", "sigmoid", "hardsigmoid", "selu"),
      fc.array(number, { minLength: 9, maxLength: 9 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.constantFrom(0.01, 0.1, 0.3),
      (f, a, u, epsilon) => {
        const { model, classifier } = modelOf(`model M { state x[2] time t in [0, 1] activation f = ${f}
          layer g = f([[${a[0]}, ${a[1]}], [${a[2]}, ${a[3]}]] * x + [${a[4]}, t])
          layer h = f([[${a[5]}, 1], [${a[6]}, -1]] * g + 0.5 * x)  flow x' = [[${a[7]}, 1], [${a[8]}, 0.5]] * h - x
          input u[2] in [0, 1] encode x = [[1, 0.5], [-0.3, 1]] * u output y = [[1, 0], [0, 1], [-1, -1]] * x + [0, 0.1, 0.2] }`);
        const data = { first: 0, count: 2, images: Float64Array.from(u), labels: Int32Array.of(0, 0) };
        const map = new ClassifierMap(model, classifier, { method: "euler", steps: 4 });
        for (const norm of ["2", "inf"] as const) {
          const { images } = evaluated({ model, classifier, data }, { method: "euler", steps: 4 }, { norm }, [epsilon]);
          for (const [k, { found, radius }] of images.entries()) {
            const reach = radius![norm];
            for (let step = 0; step < 16; step++) {
              const angle = (2 * Math.PI * step) / 16;
              const corner = [Math.cos(angle), Math.sin(angle)].map((c) => (norm === "2" ? c : Math.sign(c)));
              const moved = data.images
                .slice(2 * k, 2 * k + 2)
                .map((value, i) => Math.min(1, Math.max(0, value + reach * (1 - 1e-12) * corner[i]!)));
              expect(classes(map.scores(moved, 1).values, 1, 3)[0]).toBe(found);
            }
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("without Euler steps nothing is certified", () => {
  const { model, classifier } = modelOf("model M { state x[2] flow x' = -x input u[2] encode x = u output y = x }");
  const data = { first: 0, count: 1, images: Float64Array.of(1, 0), labels: Int32Array.of(0) };
  const { bounds, levels, images } = evaluated(
    { model, classifier, data },
    { method: "adaptive", tolerance: 1e-5 },
    {},
    [0.1],
  );
  expect([bounds, levels[0]!.certified, images[0]!.radius]).toEqual([null, null, null]);
});

test("numbers beyond doubles prove nothing, and are no class", () => {
  const { model, classifier } = modelOf(
    "model M { state x[1] flow x' = 1e200 * x input u[1] encode x = 1e200 * u output y = [[1], [-1]] * x }",
  );
  const data = { first: 0, count: 1, images: Float64Array.of(1), labels: Int32Array.of(0) };
  const { images, clean, levels } = evaluated({ model, classifier, data }, euler, {}, [0, 0.1]);
  expect(images[0]!.radius!["2"]).toBe(0);
  expect(levels.map(({ certified }) => certified)).toEqual([0, 0]);
  expect(clean).toBeLessThanOrEqual(1);
});
