import type { NormCourse, Picture } from "../../../service/preview/picture.ts";
import { rowsOf } from "./bundles.ts";
import { column, extentOf } from "./column.ts";
import type { Figure, LegendEntry, Line, Mark, Sheet, Track } from "./figure.ts";
import { readableAbove, readableBelow } from "./readable-bound.ts";
import { padded } from "./scale.ts";
import { readable } from "./ticks.ts";

/** The enclosure of the logarithmic norm over time, for each norm: from what is attained to what is proved. */
export function normCourses(picture: Picture): Figure {
  const { norms, repaired, timeName, from, until } = picture;
  const after = repaired?.norms ?? [];
  const limits = [...new Set(norms.flatMap(({ limit }) => (limit === null ? [] : [limit])))];
  const marks: Mark[] = [
    ...norms.flatMap((course, colour) => enclosure(course, colour, "solid")),
    ...after.flatMap((course) => enclosure(course, colourOf(norms, course), "dashed")),
    { kind: "rule", axis: "y", at: 0, colour: "foreground", width: 1.5, dash: "solid", label: "contracts below 0" },
    ...limits
      .filter((limit) => limit !== 0)
      .map(
        (at): Mark => ({
          kind: "rule",
          axis: "y",
          at,
          colour: "warning",
          width: 1.5,
          dash: "dashed",
          label: `required: at most ${readable(at)}`,
        }),
      ),
  ];
  const values = [...norms, ...after].flatMap(({ lower, upper }) => [column(lower), column(upper)]);
  const found = extentOf(values);
  const extent = found === null ? null : extentOf([column([...found, 0, ...limits])]);
  return {
    name: "norms",
    title: "Logarithmic norm over time",
    caption: caption(picture),
    x: { label: `time ${timeName}`, kind: "linear", extent: [from, until] },
    y: {
      label: "rate per unit of time",
      kind: "linear",
      extent: padded("linear", extent ?? [-1, 1], 0.12),
    },
    isEqual: false,
    marks,
    legend: [
      ...norms.map(({ name }, colour): LegendEntry => ({ text: `${name}, attained to proved`, colour, look: "band" })),
      ...(after.length > 0 ? [{ text: "repaired", colour: "foreground", look: "dashed" } as const] : []),
    ],
    tracks: [
      ...norms.flatMap((course, colour) => track(course, colour, "")),
      ...after.flatMap((course) => track(course, colourOf(norms, course), ", repaired")),
    ],
    alternative: alternative(picture),
    empty: norms.length > 0 ? "" : "Nothing is known yet: save the model, or check it, to have it analysed.",
    sheet: (most) => sheet(picture, most),
  };
}

/** That of the same quantity before the repair. */
function colourOf(norms: readonly NormCourse[], { name }: NormCourse): number {
  const found = norms.findIndex((one) => one.name === name);
  return found < 0 ? norms.length : found;
}

function edges({ times, lower, upper }: NormCourse): { readonly lower: Line; readonly upper: Line } {
  const x = column(times);
  return { lower: { x, y: column(lower) }, upper: { x, y: column(upper) } };
}

function enclosure(course: NormCourse, colour: number, dash: "solid" | "dashed"): Mark[] {
  const { lower, upper } = edges(course);
  const line = { kind: "lines", colour, dash, opacity: 1, isCloud: false } as const;
  // Where nothing is known to be attained, the band is its upper edge.
  const floor = course.lower.map((value, i) => (value === Number.NEGATIVE_INFINITY ? course.upper[i] : value));
  return [
    { kind: "band", x: upper.x, lower: column(floor), upper: upper.y, colour, opacity: 0.22 },
    { ...line, lines: [lower], width: 1 },
    { ...line, lines: [upper], width: 2.5 },
  ];
}

function track(course: NormCourse, colour: number, word: string): Track[] {
  const { lower, upper } = edges(course);
  return [
    { name: `${course.name}${word}, proved at most`, colour, times: upper.x, line: upper, side: "above" },
    { name: `${course.name}${word}, attained`, colour, times: lower.x, line: lower, side: "below" },
  ];
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** Where its bound ends before the picture does; null where it does not. */
function earlyEnd({ until }: Picture, { times }: NormCourse): number | null {
  const end = times[times.length - 1];
  return end < until ? end : null;
}

function caption(picture: Picture): string {
  const { norms, timeName } = picture;
  if (norms.length === 0) return "";
  const below = norms.filter(({ upper }) => largest(upper) < 0);
  const proved = below.filter((course) => earlyEnd(picture, course) === null).map(({ name }) => name);
  const partly = below.flatMap((course) => {
    const end = earlyEnd(picture, course);
    return end === null ? [] : [`${course.name} below 0 until ${timeName} = ${readable(end)}, later nothing is proved`];
  });
  const broken = norms.filter(({ lower }) => largest(lower) > 0).map(({ name }) => name);
  const parts = [
    ...(proved.length > 0 ? [`${proved.join(" and ")} below 0 at all times: it contracts`] : []),
    ...partly,
    ...(broken.length > 0 ? [`${broken.join(" and ")} above 0: neighbours may part`] : []),
    ...(below.length + broken.length < norms.length ? ["the rest is not decided"] : []),
  ];
  return `The rate at which neighbours part at worst; ${parts.join("; ")}.`;
}

function alternative(picture: Picture): string {
  const { norms, timeName, from, until } = picture;
  if (norms.length === 0) return "No bounds on the logarithmic norm are known yet.";
  const each = norms.map((course) => {
    const { name, lower, upper, limit } = course;
    const end = earlyEnd(picture, course);
    const where = end === null ? "" : ` until ${timeName} = ${readable(end)}`;
    const required = limit === null ? "" : `; at most ${readable(limit)} is required`;
    const attained =
      largest(lower) > Number.NEGATIVE_INFINITY ? ` and ${readableBelow(largest(lower))} is attained` : "";
    return `Of ${name} at most ${readableAbove(largest(upper))} is proved${where}${attained}${required}.`;
  });
  return `The logarithmic norm from ${timeName} = ${readable(from)} to ${readable(until)}. ${each.join(" ")} Below 0 the model contracts.`;
}

function sheet({ norms, repaired, timeName }: Picture, most: number): Sheet {
  const rows = (all: readonly NormCourse[], word: string) =>
    all.flatMap(({ name, times, lower, upper, limit }) =>
      rowsOf(column(times), most).map((i) => [word, name, times[i], lower[i], upper[i], limit ?? ""]),
    );
  return {
    caption: "The logarithmic norm over time",
    columns: ["model", "quantity", timeName, "attained", "proved at most", "required at most"],
    sides: [null, null, null, "below", "above", null],
    rows: [...rows(norms, "present"), ...rows(repaired?.norms ?? [], "repaired")],
  };
}
