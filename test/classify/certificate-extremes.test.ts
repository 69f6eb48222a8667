import { describe, expect, test } from "vitest";
import { ClassifierMap, classes } from "../../classify/classifier-map.ts";
import { evaluated, modelOf } from "./data.ts";

/** Each: a model of one input, an image, and one nearby whose numbers leave the doubles and with them the class. */
describe("images nearby, on whose way a number overflows, are not proved to keep their class", () => {
  test.each([
    ["both scores are infinite", "x", "[[1e308], [1.2e308]] * x", 1.4, 1.9],
    ["the encoded image is infinite, and so are both scores", "x", "[[1e-308], [1.2e-308]] * x", 1.4, 1.9, "1e308 * u"],
    ["a neuron is infinite, its part in the flow is not", "1e-308 * g", "[[1], [1.2]] * x", 1.4, 1.9],
  ])("%s", (_, flow, output, image, nearby, encode = "u") => {
    const { model, classifier } = modelOf(`model M { state x[1] layer g = relu(1e308 * x) flow x' = 0.001 * (${flow})
      input u[1] encode x = ${encode} output y = ${output} }`);
    const integrator = { method: "euler", steps: 1 } as const;
    const map = new ClassifierMap(model, classifier, integrator);
    const [found, other] = classes(map.scores(Float64Array.of(image, nearby), 2).values, 2, classifier.outputs);
    const data = { first: 0, count: 1, images: Float64Array.of(image), labels: Int32Array.of(found!) };
    expect(found).not.toBe(other);
    for (const norm of ["2", "inf"] as const) {
      const { images, levels } = evaluated({ model, classifier, data }, integrator, { norm }, [nearby - image]);
      expect(images[0]!.radius![norm]).toBeLessThan(nearby - image);
      expect(levels[0]!.certified).toBe(0);
    }
  });
});

test("not even where there is one class: its score may become no number", () => {
  const { model, classifier } = modelOf(`model M { state x[2] flow x' = 1e305 * x
    input u[1] encode x = [[1], [1]] * u output y = [[1, -1]] * x }`);
  const integrator = { method: "euler", steps: 1 } as const;
  const map = new ClassifierMap(model, classifier, integrator);
  expect([...classes(map.scores(Float64Array.of(1, 2000), 2).values, 2, 1)]).toEqual([0, -1]);
  const data = { first: 0, count: 1, images: Float64Array.of(1), labels: Int32Array.of(0) };
  const { images, levels } = evaluated({ model, classifier, data }, integrator, { norm: "2" }, [0, 1999]);
  expect(images[0]!.radius!["2"]).toBeLessThan(1999);
  expect(levels[1]!.certified).toBe(0);
});

test.each([1e-160, 1e-8, 1e8, 1e10, 1e160])("the scale of the encoder, %s, takes nothing from the radius", (scale) => {
  // The classes of y = x, x = scale u / 2: u1 against u2, at distance |u1 - u2| / sqrt 2.
  const { model, classifier } = modelOf(`model M { state x[2] flow x' = -0.5 * x
    input u[2] encode x = ${scale} * u output y = x }`);
  const data = { first: 0, count: 1, images: Float64Array.of(0.75, 0.25), labels: Int32Array.of(0) };
  const { images } = evaluated({ model, classifier, data }, { method: "euler", steps: 1 }, { norm: "2" }, [0.3]);
  expect(images[0]!.radius!["2"]).toBeLessThan(0.5 / Math.SQRT2);
  expect(images[0]!.radius!["2"]).toBeGreaterThan((0.5 / Math.SQRT2) * (1 - 1e-3));
});
