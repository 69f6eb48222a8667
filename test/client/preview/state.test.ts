import fc from "fast-check";
import { expect, test } from "vitest";
import { readOrigin, withChoice } from "../../../client/preview/choices.ts";
import { modelAt } from "../../../client/preview/model-names.ts";
import { figuresOf } from "../../../client/preview/page/figures.ts";
import {
  coordinatesOf,
  differs,
  initialStates,
  readComponents,
  readState,
  stateAt,
  stateMovedBy,
} from "../../../client/preview/page/initial-states.ts";
import { firstRotation } from "../../../client/preview/page/project.ts";
import { windowOf, withWindow } from "../../../client/preview/page/view-windows.ts";
import { plainView } from "../../../service/preview/picture.ts";
import { spiralPicture } from "./picture.ts";

const picture = spiralPicture();
const slanted = {
  ...picture.plane!,
  directions: Float64Array.of(0.6, 0.8, 0, 0, 0, 1),
  origin: Float64Array.of(1, 2, 3),
};

test("a click means the state whose coordinates are there", () => {
  const place = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(place, place, (u, v) => {
      const found = coordinatesOf(slanted, stateAt(slanted, [u, v], 1e-6));
      expect(found[0]).toBeCloseTo(u, 4);
      expect(found[1]).toBeCloseTo(v, 4);
    }),
  );
});

test("a drag moves what the plane shows, and leaves exactly the rest", () => {
  const plane = { ...slanted, directions: Float64Array.of(1, 0, 0, 0, 0, 1) };
  expect(stateMovedBy(plane, [1, 0.123456789, 3], [0.5, -1.0000001], 0.01)).toEqual([1.5, 0.123456789, 2]);
});

test("states are read as they are written in the language, or without brackets", () => {
  expect(readState("[1, -0.5]", 2)).toEqual([1, -0.5]);
  expect(readState(" 1e-3  2;3 ", 3)).toEqual([0.001, 2, 3]);
  expect(readState("1, 2, 3", 2)).toBe("expected 2 numbers, found 3");
  expect(readState("1, two", 2)).toBe("“two” is no number");
  expect(readState("1, Infinity", 2)).toBe("“Infinity” is no number");
});

test("components are read as people count them", () => {
  expect(readComponents("1, 3, 5-7", 10, 1, 8)).toEqual([0, 2, 4, 5, 6]);
  expect(readComponents("2 2", 10, 1, 8)).toEqual([1]);
  expect(readComponents("0", 10, 1, 8)).toContain("not among 1 to 10");
  expect(readComponents("11", 10, 1, 8)).toContain("not among 1 to 10");
  expect(readComponents("1-784", 784, 1, 8)).toContain("at most 8");
  expect(readComponents("1", 10, 2, 3)).toContain("at least 2");
  expect(readComponents("x", 10, 1, 8)).toContain("no number");
});

test("the model's initial states are shown until a person has others", () => {
  expect(initialStates(picture, plainView)).toEqual([[1, 0]]);
  expect(initialStates(picture, { ...plainView, initial: [] })).toEqual([]);
  expect(differs(plainView)).toBe(false);
  expect(differs({ ...plainView, until: 3 })).toBe(true);
});

test("plots over time share it; the plane has its own axes; a reset shows all", () => {
  const [trajectories, plane, distances] = figuresOf(picture, firstRotation);
  const seen = withWindow({}, "trajectories", { x: [2, 3], y: [0, 1] });
  expect(windowOf(trajectories, seen)).toEqual({ x: [2, 3], y: [0, 1] });
  expect(windowOf(distances, seen)).toEqual({ x: [2, 3], y: distances.y.extent });
  expect(windowOf(plane, seen).x).toEqual(plane.x.extent);
  const reset = withWindow(seen, "distances", { x: null, y: null });
  expect(windowOf(trajectories, reset)).toEqual({ x: trajectories.x.extent, y: [0, 1] });
});

test("the cursor's model is the one whose header comes last before it", () => {
  const text = "// model No\nmodel A {\n}\n\n  model Größe_2 {\n  state x[2]\n}\n";
  expect([0, 1, 3, 4, 6].map((line) => modelAt(text, line))).toEqual(["A", "A", "A", "Größe_2", "Größe_2"]);
  expect(modelAt("", 0)).toBeNull();
});

test("what was chosen is kept for the models that were looked at last", () => {
  const names = Array.from({ length: 12 }, (_, i) => `m${i}`);
  const kept = names.reduce((all, name) => withChoice(all, name, { view: plainView, repair: null }), {});
  expect(Object.keys(kept)).toEqual(names.slice(-8));
  expect(Object.keys(withChoice(kept, "m5", { view: plainView, repair: null })).at(-1)).toBe("m5");
});

test("a page's state that is none opens nothing", () => {
  for (const state of [undefined, null, 3, {}, { origin: {} }, { origin: { uri: "" } }])
    expect(readOrigin(state)).toBeNull();
  expect(readOrigin({ origin: { uri: "file:///a.node" } })).toEqual({
    ...{ uri: "file:///a.node", model: null, isLocked: false, choices: {} },
  });
});
