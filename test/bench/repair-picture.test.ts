import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tableOf, withTable } from "../../bench/repair-page.ts";
import {
  boundaryAt,
  LIMIT,
  lengthOf,
  type PlanePoint,
  plane,
  SLOPE,
  SPIRAL,
  valueAt,
} from "../../bench/repair-plane.ts";
import { picture } from "../../bench/repair-svg.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import { byEnumeration } from "../analysis/enumeration.ts";

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const found = plane();

/** x' = act(A x), A the spiral's matrix changed so. */
function formOf({ x, y }: PlanePoint): LinearFractionalForm {
  const [d, w] = [SPIRAL.d + x / Math.SQRT2, SPIRAL.w + y / Math.SQRT2];
  const [L, N] = [new Float64Array(4), new Float64Array(4)];
  const [B, C] = [Float64Array.of(1, 0, 0, 1), Float64Array.of(d, w, -w, d)];
  const [a, b] = [new Float64Array(2), new Float64Array(2)];
  return { states: 2, neurons: 2, offsets: [0, 2], L, B, C, N, a, b, radius: null };
}

const box = { lower: Float64Array.of(SLOPE, SLOPE), upper: Float64Array.of(1, 1) };

test("the committed picture and the numbers beside it are what `npm run picture` makes", () => {
  expect(picture(found)).toBe(read("images/least-change.svg"));
  const page = read("repair.md");
  expect(withTable(page, tableOf(found))).toBe(page);
});

test("the shown set is that of all vertices, and ends where they reach the limit", () => {
  for (let y = -3.1; y < 0.75; y += 0.35) {
    for (let x = -3.5; x < 0.5; x += 0.5) {
      expect(valueAt({ x, y })).toBeCloseTo(byEnumeration(formOf({ x, y }), box, "2"), 10);
    }
    expect(byEnumeration(formOf({ x: boundaryAt(y), y }), box, "2")).toBeCloseTo(LIMIT, 9);
  }
});

test("each half-plane holds the whole set, and what they prove is not above the least change of all", () => {
  let least = Number.POSITIVE_INFINITY;
  for (let y = -3.1; y < 0.75; y += 1e-3) {
    const x = boundaryAt(y);
    least = Math.min(least, Math.hypot(x, y));
    for (const { gx, gy, bound } of found.halfPlanes) expect(gx * x + gy * y).toBeLessThanOrEqual(bound + 1e-9);
  }
  for (const { lower } of found.halfPlanes) expect(lower).toBeLessThanOrEqual(least);
  expect(found.halfPlanes[2]!.lower).toBeGreaterThan(0.999 * least);
  // The least change of all four entries lies in this plane: by symmetry, the nearest point of a convex set being one.
  expect(found.distance.lower).toBeLessThanOrEqual(least);
  expect(found.distance.upper).toBeGreaterThan(least - 1e-5);
});

test("every point shown meets the limit, and none by less than the least change", () => {
  for (const point of [found.least, found.clip, found.shift, found.rescale]) {
    expect(valueAt(point)).toBeLessThanOrEqual(LIMIT);
    expect(lengthOf(point)).toBeGreaterThan(found.distance.lower);
  }
});
