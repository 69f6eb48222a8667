import { expect, test } from "vitest";
import { csv } from "../../../client/preview/page/csv.ts";
import { quotients } from "../../../client/preview/page/distances.ts";
import { figuresOf } from "../../../client/preview/page/figures.ts";
import { layOut } from "../../../client/preview/page/layout.ts";
import { firstRotation } from "../../../client/preview/page/project.ts";
import { nearest, readingsAt, readingText } from "../../../client/preview/page/reading.ts";
import { windowOf } from "../../../client/preview/page/view-windows.ts";
import { spiralPicture } from "./picture.ts";

const picture = spiralPicture();
const figures = figuresOf(picture, firstRotation);
const [trajectories, plane, distances, norms, spectrum] = figures;

test("each plot names what it shows, its axes and its unit, and tells it in words", () => {
  for (const { title, x, y, alternative, caption, empty } of figures) {
    for (const text of [title, x.label, y.label, alternative, caption]) expect(text).not.toBe("");
    expect(alternative).not.toMatch(/NaN|undefined|null/);
    expect(empty).toBe("");
  }
  expect(trajectories.alternative).toContain("x[1] goes from 1 to ");
  expect(plane.alternative).toContain("Equilibria: stable at (0, 0).");
  expect(norms.alternative).toContain("at most −0.1 is proved");
  expect(spectrum.alternative).toContain("reaches −0.1");
  expect(norms.caption).toContain("contracts");
});

test("distances are parts of the first distance: the closed form, under the envelope", () => {
  for (const { x, y } of quotients(picture.bundles[0])) {
    expect(y.data[y.start]).toBe(1);
    for (let i = 0; i < x.length; i++) {
      expect(y.data[y.start + i]).toBeCloseTo(Math.exp(-0.1 * (x.data[i] as number)), 12);
    }
  }
  expect(distances.caption).toBe(
    "Proved: no two solutions are ever farther apart than exp(-0.1 t) times their first distance, 0.368 times at t = 10.",
  );
});

test("a bound of the model before a change is not called proved", () => {
  const stale = figuresOf({ ...picture, envelope: { ...picture.envelope!, isCurrent: false } }, firstRotation)[2];
  expect([stale.caption, stale.alternative, ...stale.legend.map(({ text }) => text)].join()).not.toMatch(/proved/i);
  expect(stale.caption).toContain("before the last change");
  const none = figuresOf({ ...picture, envelope: null }, firstRotation)[2];
  expect(none.caption).toBe("No bound on them is proved yet.");
});

test("a bound that holds inside the domain alone says so", () => {
  const local = figuresOf({ ...picture, envelope: { ...picture.envelope!, isLocal: true } }, firstRotation)[2];
  expect(local.caption).toContain("while they stay in the domain");
});

test("where there is nothing to draw it is said what to do", () => {
  const empty = figuresOf(
    { ...picture, bundles: [], envelope: null, norms: [], spectrum: null, plane: null },
    firstRotation,
  );
  for (const figure of empty) expect(figure.empty).not.toBe("");
  for (const figure of empty) expect(figure.sheet(10).rows).toEqual([]);
});

test("an integration that ended early says when", () => {
  const [bundle] = picture.bundles;
  const ended = { ...bundle, end: { t: 4.25, reason: "the state overflows" } };
  const [first] = figuresOf({ ...picture, bundles: [ended] }, firstRotation);
  expect(first.caption).toContain("Ends at t = 4.25: the state overflows.");
});

test("infinite lower bounds do not stretch the axis", () => {
  const [course] = picture.norms;
  const open = { ...course, lower: course.lower.map(() => Number.NEGATIVE_INFINITY) };
  const { y, alternative } = figuresOf({ ...picture, norms: [open] }, firstRotation)[3];
  expect(y.extent.every(Number.isFinite)).toBe(true);
  expect(alternative).not.toContain("∞ is attained");
});

test("with a repair both are in the legend, solid and dashed", () => {
  const { bundles, envelope, norms: courses, spectrum: own } = spiralPicture(0.5);
  const repaired = { title: "Shift A by 0.4 I", bundles, envelope, norms: courses, spectrum: own };
  for (const figure of figuresOf({ ...picture, repaired }, firstRotation)) {
    const said = figure.legend.filter(({ text }) => text.includes("repaired"));
    expect(
      said.map(({ look }) => look),
      figure.name,
    ).toContain("dashed");
  }
});

test("tables are thinned, files are whole; numbers are read back as they were", () => {
  expect(trajectories.sheet(26).rows.length).toBe(26);
  expect(trajectories.sheet(26).rows.at(-1)![2]).toBe(10);
  const lines = csv(trajectories.sheet(Number.POSITIVE_INFINITY)).trimEnd().split("\r\n");
  expect(lines[0]).toBe("model,initial state,t,x[1],x[2]");
  expect(lines.length).toBe(102);
  const [, , t, x1, x2] = lines[51].split(",");
  expect([t, x1, x2].map(Number)).toEqual([5, picture.bundles[0].course[100], picture.bundles[0].course[101]]);
  expect(csv(distances.sheet(Number.POSITIVE_INFINITY)).split("\r\n")[0]).toContain("neighbour 6");
});

test("cells that hold commas and quotes are quoted as RFC 4180 has it", () => {
  expect(csv({ caption: "", columns: ["a,b", 'c"d'], rows: [[Number.NaN, 1e-300]] })).toBe(
    '"a,b","c""d"\r\n,1e-300\r\n',
  );
});

test("a time is read on all courses, the same moment in the plane", () => {
  const t = Math.PI / 4;
  const far = Math.exp(-0.1 * t);
  const [first, second] = readingsAt(trajectories, t);
  expect(first.y).toBeCloseTo(0, 2);
  expect(second.y).toBeCloseTo(-far, 2);
  const [moment] = readingsAt(plane, t);
  expect([moment.x, moment.y]).toEqual([first.y, second.y]);
  expect(readingsAt(trajectories, 11)).toEqual([]);
  expect(readingText(trajectories, [{ ...first, y: 0.25 }], "t", 2)).toEqual(["t = 2", "x[1] = 0.25"]);
});

test("what is proved is read and listed on its safe side", () => {
  const [bound] = distances.tracks;
  const reading = { track: bound, x: 1, y: 1.53054 };
  expect(readingText(distances, [reading], "t", 1)).toEqual(["t = 1", "bound = 1.531"]);
  const [most, attained] = norms.tracks;
  const between = [
    { track: most, x: 1, y: 0.425612 },
    { track: attained, x: 1, y: 0.425699 },
  ];
  expect(readingText(norms, between, "t", null).map((line) => line.replace(/.* = /, ""))).toEqual(["0.4257", "0.4256"]);
  for (const { columns, sides } of [norms.sheet(5), distances.sheet(5)]) {
    columns.forEach((name, k) => {
      expect(sides?.[k] ?? null, name).toBe(
        /^proved|^bound/.test(name) ? "above" : name === "attained" ? "below" : null,
      );
    });
  }
});

test("the nearest eigenvalue is found, and none from afar", () => {
  const layout = layOut(spectrum, windowOf(spectrum, {}), 500, 320, (text) => text.length * 7);
  const [px, py] = [layout.x.toPixel(-0.1), layout.y.toPixel(2)];
  expect(nearest(spectrum, layout, px + 3, py - 2, 20)).toMatchObject({ x: -0.1, y: 2, t: null });
  expect(nearest(spectrum, layout, px + 100, py, 20)).toBeNull();
});

test("where a neighbour along the worst direction draws away, the plot shows it large and says how far", () => {
  const [bundle] = picture.bundles;
  const { times } = bundle;
  const grows = times.map((t) => 0.1 * (1 + 0.2 * Math.sin(t)));
  const distances = bundle.distances.with(0, bundle.distances[0]);
  distances.set(grows, 5 * times.length);
  const envelope = { ...picture.envelope!, logFactor: times.map((t) => 2 * t) };
  const [, , figure] = figuresOf(
    { ...picture, bundles: [{ ...bundle, worst: true, distances }], envelope },
    firstRotation,
  );
  expect(figure.legend.map(({ text }) => text)).toContain("along the worst direction: grows to 1.2 times");
  expect(figure.alternative).toContain("1.2 times as far apart at t = 1.6");
  expect(figure.marks.at(-1)).toMatchObject({ kind: "spot", text: "1.2 times as far apart" });
  // The bound of exp(20) would press all of it into a line.
  expect(figure.y.extent[1]).toBeLessThan(3);
});

test("a bound that is known of a part of the time is not said to hold at all times", () => {
  const [course] = picture.norms;
  const part = { ...course, times: course.times.map((t) => t / 2), limit: null };
  const figure = figuresOf({ ...picture, norms: [part] }, firstRotation)[3];
  expect(figure.caption).not.toContain("all times");
  expect(figure.caption).toContain("lognorm(2) below 0 until t = 5, later nothing is proved");
  expect(figure.alternative).toContain("is proved until t = 5");
});

test("of a model that cannot be simulated nobody is told to add an initial state", () => {
  const figures = figuresOf({ ...picture, isSimulated: false, bundles: [], plane: null }, firstRotation);
  for (const { empty } of figures.slice(0, 2)) expect(empty).toContain("only the slopes are known");
  const one = figuresOf({ ...picture, states: 1, bundles: [], plane: null }, firstRotation)[0];
  expect(one.empty).not.toContain("plane");
});

test("what a person reads has no gaps: factors beyond all numbers, many names, no words on the Jacobian, one time", () => {
  const huge = { ...picture.envelope!, logFactor: picture.envelope!.times.map((t) => 420 * t) };
  const spectrum = { ...picture.spectrum!, text: "" };
  const components = [0, 1, 0, 1, 0, 1, 0, 1];
  const [trajectories, plane, distances, , range] = figuresOf(
    { ...picture, envelope: huge, spectrum, components, bundles: [], timeDependent: true },
    firstRotation,
  );
  expect(distances.caption + distances.alternative).not.toMatch(/∞|Infinity/);
  expect(range.caption).toMatch(/^Of the Jacobian: /);
  expect(trajectories.y.label).toBe("state x");
  expect(plane.legend.map(({ text }) => text)).toEqual(["vector field at t = 0", "stable equilibrium at t = 0"]);
});

test("the band of a norm of which nothing is known to be attained is its upper edge, under the words on it", () => {
  const lower = picture.norms[0].lower.map(() => Number.NEGATIVE_INFINITY);
  const { marks } = figuresOf({ ...picture, norms: [{ ...picture.norms[0], lower }] }, firstRotation)[3];
  const band = marks.find((mark) => mark.kind === "band");
  expect([...(band!.lower.data as Float64Array)]).toEqual([...picture.norms[0].upper]);
  expect(marks.at(-1)).toMatchObject({ kind: "rule", label: "contracts below 0" });
});
