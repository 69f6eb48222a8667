import type { Bundle, Picture, Plane, Stability } from "../../../service/preview/picture.ts";
import { cloud, earlyEnds, neighbourLegend, rowsOf, strong } from "./bundles.ts";
import { at, column, extentOf } from "./column.ts";
import type { Axis, Colour, Figure, LegendEntry, Line, Mark, Shape, Sheet, Track } from "./figure.ts";
import { frameMarks, project, type Rotation } from "./project.ts";
import { padded } from "./scale.ts";
import { readable } from "./ticks.ts";
import { repairedText, starts } from "./trajectories.ts";

const looks: Readonly<Record<Stability, { readonly shape: Shape; readonly colour: Colour }>> = {
  stable: { shape: "dot", colour: "good" },
  unstable: { shape: "ring", colour: "bad" },
  saddle: { shape: "cross", colour: "bad" },
  undecided: { shape: "square", colour: "warning" },
};

/** The courses in a plane of the state space over the vector field; with three axes in a space that is looked at from `rotation`. */
export function planePlot(picture: Picture, rotation: Rotation): Figure {
  const { plane, bundles, repaired, timeName } = picture;
  if (plane === null) return nothing(picture);
  const axes = plane.labels.length;
  /** Of the courses' points, [points, axes]. */
  const seen = (path: ArrayLike<number>, start: number, length: number): Line =>
    axes === 3 ? project(path, start, length, plane.box, rotation) : pairs(path, start, length);
  const paths = (all: readonly Bundle[]) => all.map(({ path, times }) => seen(path, 0, times.length));
  const clouds = bundles.flatMap(({ neighbours, neighbourPaths, times: { length } }) =>
    Array.from({ length: neighbours }, (_, k) => seen(neighbourPaths, k * length * axes, length)),
  );
  const [present, after] = [paths(bundles), paths(repaired?.bundles ?? [])];
  const kinds = (Object.keys(looks) as Stability[]).filter((kind) =>
    plane.equilibria.some(({ stability }) => stability === kind),
  );
  const marks: Mark[] = [
    ...(axes === 3 ? frameMarks(plane, rotation) : []),
    ...(plane.field ? [{ kind: "arrows", ...plane.field, box: plane.box, colour: "muted" } as const] : []),
    cloud(clouds, "present"),
    strong(after, "repaired", "dashed"),
    strong(present, "present", "solid"),
    { kind: "points", points: seenAll(present), shape: "dot", colour: "present", size: 4 },
    ...kinds.map((kind): Mark => {
      const flat = plane.equilibria.filter(({ stability }) => stability === kind).flatMap(({ at }) => [...at]);
      return { kind: "points", points: seen(flat, 0, flat.length / axes), size: 6, ...looks[kind] };
    }),
  ];
  return {
    name: "plane",
    title: axes === 3 ? "State space" : "Phase plane",
    caption: [
      bundles.length > 0
        ? `Courses through the state space, from ${starts(bundles.length)} (dot).`
        : "Click in the plane to add an initial state, or add `simulate from …` to the model.",
      ...earlyEnds(bundles, timeName),
    ].join(" "),
    ...ranges(plane),
    isEqual: axes === 3,
    marks,
    legend: legend(picture, kinds),
    tracks: [
      ...present.map((line, b) => track(line, bundles[b], bundles.length > 1 ? `state ${b + 1}` : "state", "present")),
      ...after.map((line, b) => track(line, repaired!.bundles[b], "repaired", "repaired")),
    ],
    alternative: alternative(picture, plane),
    empty: "",
    sheet: (most) => sheet(picture, plane, most),
  };
}

function nothing(picture: Picture): Figure {
  const axis: Axis = { label: "", kind: "linear", extent: [0, 1] };
  const why =
    picture.states === 1
      ? "A phase plane needs two states: this model has one."
      : "Nothing to draw yet: add an initial state below, or `simulate from …` to the model.";
  const caption = "Phase plane";
  return {
    ...{
      name: "plane",
      title: caption,
      caption: "",
      x: axis,
      y: axis,
      isEqual: false,
      marks: [],
      legend: [],
      tracks: [],
    },
    ...{ alternative: why, empty: why, sheet: () => ({ caption, columns: [], rows: [] }) },
  };
}

function pairs(path: ArrayLike<number>, start: number, length: number): Line {
  return { x: column(path, start, 2, length), y: column(path, start + 1, 2, length) };
}

/** The first point of each. */
function seenAll(lines: readonly Line[]): Line {
  const first = lines.filter(({ x }) => x.length > 0);
  return { x: column(first.map(({ x }) => at(x, 0))), y: column(first.map(({ y }) => at(y, 0))) };
}

function ranges({ labels, box }: Plane): Pick<Figure, "x" | "y"> {
  if (labels.length === 3) {
    const axis: Axis = { label: "", kind: "linear", extent: [-2, 2], isHidden: true };
    return { x: axis, y: axis };
  }
  const axis = (k: number): Axis => ({
    label: labels[k],
    kind: "linear",
    extent: padded("linear", extentOf([column(box, 2 * k, 1, 2)]) ?? [-1, 1], 0.02),
  });
  return { x: axis(0), y: axis(1) };
}

function track(line: Line, { times }: Bundle, name: string, colour: Colour): Track {
  return { name, colour, times: column(times), line };
}

function legend({ bundles, repaired, plane }: Picture, kinds: readonly Stability[]): LegendEntry[] {
  return [
    ...(bundles.length > 0
      ? [{ text: repaired ? "present" : "trajectory", colour: "present", look: "line" } as const]
      : []),
    ...neighbourLegend(bundles, "present"),
    ...(repaired && repaired.bundles.length > 0
      ? [{ text: repairedText(repaired.title), colour: "repaired", look: "dashed" } as const]
      : []),
    ...(plane?.field ? [{ text: "vector field", colour: "muted", look: "arrow" } as const] : []),
    ...kinds.map(
      (kind): LegendEntry => ({ text: `${kind} equilibrium`, colour: looks[kind].colour, look: looks[kind].shape }),
    ),
  ];
}

function alternative({ bundles }: Picture, { labels, equilibria }: Plane): string {
  const found = equilibria.map(
    ({ at, stability }) => `${stability} at (${[...at].map((value) => readable(value)).join(", ")})`,
  );
  const from = bundles.map(
    ({ path }) => `(${[...path.slice(0, labels.length)].map((value) => readable(value)).join(", ")})`,
  );
  return [
    `The state space in ${labels.join(", ")}.`,
    from.length > 0 ? `Trajectories begin at ${from.slice(0, 8).join(", ")}.` : "No trajectories.",
    found.length > 0 ? `Equilibria: ${found.slice(0, 8).join(", ")}.` : "No equilibrium was found in sight.",
  ].join(" ");
}

function sheet({ bundles, repaired, timeName }: Picture, { labels, equilibria }: Plane, most: number): Sheet {
  const axes = labels.length;
  const rows = (all: readonly Bundle[], word: string) =>
    all.flatMap(({ times, path }, b) =>
      rowsOf(column(times), most).map((i) => [word, b + 1, times[i], ...path.slice(i * axes, (i + 1) * axes)]),
    );
  return {
    caption: "Courses in the phase plane, and equilibria",
    columns: ["what", "initial state", timeName, ...labels],
    rows: [
      ...rows(bundles, "present"),
      ...rows(repaired?.bundles ?? [], "repaired"),
      ...equilibria.map(({ at, stability }) => [`${stability} equilibrium`, "", "", ...at]),
    ],
  };
}
