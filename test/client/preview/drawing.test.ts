import fc from "fast-check";
import { expect, test } from "vitest";
import { clipSegment } from "../../../client/preview/page/clip.ts";
import { column } from "../../../client/preview/page/column.ts";
import { figuresOf } from "../../../client/preview/page/figures.ts";
import { layOut } from "../../../client/preview/page/layout.ts";
import { paletteFrom } from "../../../client/preview/page/palette.ts";
import type { Pen } from "../../../client/preview/page/pen.ts";
import { svgOf } from "../../../client/preview/page/picture-file.ts";
import { firstRotation, project, rotated } from "../../../client/preview/page/project.ts";
import { scale } from "../../../client/preview/page/scale.ts";
import { trace } from "../../../client/preview/page/trace.ts";
import { windowOf } from "../../../client/preview/page/view-windows.ts";
import { spiralPicture } from "./picture.ts";

const box = { left: 0, top: 0, width: 100, height: 50 };
const measure: Pen["measure"] = (text, size) => text.length * size * 0.55;

test("a clipped segment is inside, and is the part of it that is", () => {
  const place = fc.double({ min: -300, max: 300, noNaN: true });
  fc.assert(
    fc.property(place, place, place, place, (x1, y1, x2, y2) => {
      const ends = new Float64Array(4);
      const isIn = (x: number, y: number) => x >= -1e-6 && x <= 100 + 1e-6 && y >= -1e-6 && y <= 50 + 1e-6;
      const isWithin = (x: number, y: number) => x > 1e-6 && x < 100 - 1e-6 && y > 1e-6 && y < 50 - 1e-6;
      const samples = Array.from({ length: 201 }, (_, i) => i / 200).filter((s) =>
        isWithin(x1 + s * (x2 - x1), y1 + s * (y2 - y1)),
      );
      const found = clipSegment(box, x1, y1, x2, y2, ends);
      if (samples.length > 0) expect(found).toBe(true);
      if (!found) return;
      expect(isIn(ends[0], ends[1]) && isIn(ends[2], ends[3])).toBe(true);
      // No sample that is inside is beyond its ends.
      const long = Math.hypot(ends[2] - ends[0], ends[3] - ends[1]);
      const first = samples[0] ?? 0;
      const last = samples.at(-1) ?? 0;
      expect((last - first) * Math.hypot(x2 - x1, y2 - y1)).toBeLessThanOrEqual(long + 1e-6);
    }),
  );
});

/** What a line comes to on the pen's path. */
function traced(x: ArrayLike<number>, y: ArrayLike<number>): string[] {
  const path: string[] = [];
  const pen = {
    moveTo: (px: number, py: number) => void path.push(`M${px},${py}`),
    lineTo: (px: number, py: number) => void path.push(`L${px},${py}`),
  } as unknown as Pen;
  trace(pen, { x: column(x), y: column(y) }, scale("linear", [0, 100], 0, 100), scale("linear", [0, 50], 50, 0), box);
  return path;
}

test("a line is broken where it has no number, and has one stroke where it goes on", () => {
  expect(traced([0, 10, 20, 30, 40], [10, 20, Number.NaN, 20, 10])).toEqual(["M0,40", "L10,30", "M30,30", "L40,40"]);
});

test("of many points in one pixel a few are drawn, and every peak that could be seen", () => {
  const x = Float64Array.from({ length: 100_000 }, (_, i) => i / 1000);
  const y = x.map((_, i) => (i === 50_000 ? 40 : 20));
  const path = traced(x, y);
  expect(path.length).toBeLessThan(400);
  expect(path.some((part) => part.endsWith(",10"))).toBe(true);
});

const palette = paletteFrom((name) => (name === "--vscode-charts-blue" ? "#3794ff" : ""), false);

test.each(figuresOf(spiralPicture(), firstRotation).map((figure) => [figure.name, figure] as const))(
  "%s: its SVG is well-formed, stands by itself, holds its colours and says what it shows",
  (_, figure) => {
    const svg = svgOf(figure, "Spiral: a & b < c", windowOf(figure, {}), 500, 360, palette, measure);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>/);
    expect(svg).not.toMatch(/var\(|style=|<script|NaN|Infinity|undefined|href/);
    expect(svg).toContain("a &amp; b &lt; c");
    expect(svg).toContain(`<title>${figure.title}: Spiral`);
    expect(svg).toContain(figure.y.label.replace("&", "&amp;"));
    const open = [...svg.matchAll(/<(\w+)(?:\s[^>]*[^/])?>/g)].map(([, name]) => name).sort();
    const closed = [...svg.matchAll(/<\/(\w+)>/g)].map(([, name]) => name).sort();
    expect(closed).toEqual(open);
  },
);

test.each([340, 500, 800, 1200])(
  "at a width of %d nothing is beside the plot, texts of ticks do not touch",
  (width) => {
    for (const figure of figuresOf(spiralPicture(), firstRotation)) {
      const { area, legend, xTicks, x } = layOut(figure, windowOf(figure, {}), width, 320, measure);
      expect(area.left + area.width).toBeLessThanOrEqual(width);
      expect(area.top + area.height).toBeLessThanOrEqual(320);
      for (const { entry, x: left } of legend) {
        if (left > 8) expect(left + 28 + measure(entry.text, 12, false)).toBeLessThanOrEqual(width);
      }
      const named = xTicks.filter(({ text }) => text !== "");
      for (let i = 1; i < named.length; i++) {
        const half = (k: number) => measure(named[k].text, 12, false) / 2;
        expect(x.toPixel(named[i].at) - half(i) - x.toPixel(named[i - 1].at) - half(i - 1)).toBeGreaterThan(2);
      }
    }
  },
);

test("one unit is as long on both axes of the spectrum", () => {
  const spectrum = figuresOf(spiralPicture(), firstRotation)[4];
  const { x, y } = layOut(spectrum, windowOf(spectrum, {}), 700, 320, measure);
  expect(x.toPixel(1) - x.toPixel(0)).toBeCloseTo(y.toPixel(0) - y.toPixel(1), 6);
});

test("a turn keeps lengths in a space that is seen from the front, and comes back after a whole one", () => {
  const axes = [-1, 1, -1, 1, -1, 1];
  const seen = project([1, 0, 0, 0, 0, 1], 0, 2, axes, { turn: 0, lift: 0 });
  expect([seen.x.data[0], seen.y.data[0], seen.x.data[1], seen.y.data[1]]).toEqual([1, 0, 0, 1]);
  const around = rotated(firstRotation, 2 * Math.PI, 0);
  expect(Math.cos(around.turn)).toBeCloseTo(Math.cos(firstRotation.turn), 9);
  expect(rotated(firstRotation, 0, 10).lift).toBeCloseTo(Math.PI / 2);
});
