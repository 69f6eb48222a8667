import type { Bundle, Envelope, Picture } from "../../../service/preview/picture.ts";
import { cloud, rowsOf } from "./bundles.ts";
import { at, column, extentOf, place, valueAt } from "./column.ts";
import type { Column, Figure, LegendEntry, Line, Mark, Sheet, Track } from "./figure.ts";
import { grown, growthSpot, type Peak, peak } from "./growth.ts";
import { readableAbove } from "./readable-bound.ts";
import { padded } from "./scale.ts";
import { readable } from "./ticks.ts";

/** Below this a quotient of two distances is rounding errors. */
const least = 1e-14;

/**
 * How far neighbours are apart, as a part of how far they were at the beginning, under the proved envelope: so one
 * envelope is over them all, whatever their first distances are in the picture's norm.
 */
export function distances(picture: Picture): Figure {
  const { timeName, from, until, envelope, repaired } = picture;
  const present = picture.bundles.map(quotients);
  const after = (repaired?.bundles ?? []).map(quotients);
  const worst = picture.bundles.flatMap((bundle, b) => (bundle.worst ? present[b].slice(-1) : []));
  const farthest = peak(worst);
  const bound = envelope && curve(envelope);
  const boundAfter = repaired?.envelope ? curve(repaired.envelope) : null;
  const marks: Mark[] = [
    rule(timeName, from),
    cloud(after.flat(), "repaired"),
    cloud(present.flat(), "present"),
    bold(worst, "bad", 2, "solid"),
    ...(boundAfter ? [bold([boundAfter], "repaired", 3, "dashed")] : []),
    ...(bound
      ? [bold([bound], envelope.isCurrent ? "good" : "muted", 3, envelope.isCurrent ? "solid" : "dotted")]
      : []),
    ...(farthest ? [growthSpot(farthest)] : []),
  ];
  const lines = [...present.flat(), ...after.flat(), ...(bound ? [bound] : []), ...(boundAfter ? [boundAfter] : [])];
  const seen = extentOf(
    lines.map(({ y }) => y),
    true,
  ) ?? [0.1, 1];
  // Where growth is to be seen, the bound may leave the plot.
  const top = farthest ? Math.min(seen[1], 1.5 * largestOf([...present.flat(), ...after.flat()])) : seen[1];
  const all = present.flat().length > 0;
  return {
    name: "distances",
    title: "Distances between neighbours",
    caption: caption(picture, bound, all),
    x: { label: `time ${timeName}`, kind: "linear", extent: [from, until] },
    y: {
      label: `distance / distance at ${timeName} = ${readable(from)}`,
      kind: "log",
      extent: padded("log", [Math.max(least, seen[0]), Math.max(top, 1)]),
    },
    isEqual: false,
    marks,
    legend: legend(picture, all, worst.length > 0, farthest),
    tracks: tracks(picture, present, after, bound, boundAfter),
    alternative: alternative(picture, present.flat(), bound, farthest),
    empty: all || bound ? "" : "No neighbours yet: a `simulate` statement with `spread` has some.",
    sheet: (most) => sheet(picture, present, most),
  };
}

/** For each neighbour, distance over first distance. */
export function quotients({ times, neighbours, distances: far }: Bundle): Line[] {
  const length = times.length;
  const scaled = new Float64Array(neighbours * length);
  for (let k = 0; k < neighbours; k++) {
    for (let i = 0; i < length; i++) scaled[k * length + i] = far[k * length + i] / far[k * length];
  }
  const x = column(times);
  return Array.from({ length: neighbours }, (_, k) => ({ x, y: column(scaled, k * length, 1, length) }));
}

function curve({ times, logFactor }: Envelope): Line {
  return { x: column(times), y: column(logFactor.map(expAbove)) };
}

/** Math.exp is off by a rounding error or two. */
function expAbove(exponent: number): number {
  return Math.exp(exponent) * (1 + 4 * Number.EPSILON);
}

function rule(timeName: string, from: number): Mark {
  const label = `as far apart as at ${timeName} = ${readable(from)}`;
  return { kind: "rule", axis: "y", at: 1, colour: "muted", width: 1, dash: "dotted", label, side: "above" };
}

function bold(
  lines: readonly Line[],
  colour: "good" | "bad" | "muted" | "repaired",
  width: number,
  dash: "solid" | "dashed" | "dotted",
): Mark {
  return { kind: "lines", lines, colour, width, dash, opacity: 1, isCloud: false };
}

function provedWord({ isCurrent, isLocal }: Envelope): string {
  if (!isCurrent) return "bound of the model before the last change";
  return isLocal ? "proved bound inside the domain" : "proved bound";
}

function largestOf(lines: readonly Line[]): number {
  return (extentOf(
    lines.map(({ y }) => y),
    true,
  ) ?? [1, 1])[1];
}

function legend(
  { envelope, repaired, measure }: Picture,
  all: boolean,
  isWorst: boolean,
  farthest: Peak | null,
): LegendEntry[] {
  const along = `along the worst direction${farthest ? `: grows to ${readable(farthest.times, 3)} times` : ""}`;
  return [
    ...(all ? [{ text: `neighbours, ${measure.name}`, colour: "present", look: "faint" } as const] : []),
    ...(isWorst ? [{ text: along, colour: "bad", look: "line" } as const] : []),
    ...(envelope
      ? [
          {
            text: `${provedWord(envelope)}: ${envelope.text}`,
            colour: envelope.isCurrent ? "good" : "muted",
            look: envelope.isCurrent ? "bold" : "dotted",
          } as const,
        ]
      : []),
    ...(repaired && repaired.bundles.length > 0
      ? [{ text: "neighbours, repaired", colour: "repaired", look: "faint" } as const]
      : []),
    ...(repaired?.envelope
      ? [
          {
            text: `repaired, ${provedWord(repaired.envelope)}: ${repaired.envelope.text}`,
            colour: "repaired",
            look: "dashed",
          } as const,
        ]
      : []),
  ];
}

function caption({ envelope, timeName, until }: Picture, bound: Line | null, all: boolean): string {
  if (envelope === null || bound === null) return all ? "No bound on them is proved yet." : "";
  const at = place(bound.x, until) ? until : bound.x.data[bound.x.length - 1];
  const factor = valueOn(bound, at);
  const apart = !Number.isFinite(factor) ? "" : `, ${readableAbove(factor, 3)} times at ${timeName} = ${readable(at)}`;
  if (!envelope.isCurrent)
    return "The bound is that of the model before the last change: save or check the model to renew it.";
  const local = envelope.isLocal ? " while they stay in the domain" : "";
  return `Proved: no two solutions are ever farther apart than ${envelope.text} times their first distance${apart}${local}.`;
}

function tracks(
  { bundles }: Picture,
  present: readonly (readonly Line[])[],
  after: readonly (readonly Line[])[],
  bound: Line | null,
  boundAfter: Line | null,
): Track[] {
  const farthest = (lines: readonly (readonly Line[])[], name: string, colour: Track["colour"]) =>
    lines.flatMap((some, b): Track[] => {
      if (some.length === 0) return [];
      const which = bundles.length > 1 ? `, state ${b + 1}` : "";
      const [{ x }] = some;
      return [{ name: `${name}${which}`, colour, times: x, line: { x, y: largest(some) } }];
    });
  const one = (line: Line | null, name: string, colour: Track["colour"]): Track[] =>
    line ? [{ name, colour, times: line.x, line, side: "above" }] : [];
  return [
    ...one(bound, "bound", "good"),
    ...farthest(present, "farthest neighbour", "present"),
    ...one(boundAfter, "bound, repaired", "repaired"),
    ...farthest(after, "farthest, repaired", "repaired"),
  ];
}

/** At each time of the neighbours that are still there. */
function largest(lines: readonly Line[]): Column {
  const length = lines[0].x.length;
  const found = new Float64Array(length).fill(Number.NaN);
  for (const { y } of lines) {
    for (let i = 0; i < length; i++) {
      const value = at(y, i);
      if (!(value <= found[i])) found[i] = Number.isNaN(value) ? found[i] : value;
    }
  }
  return column(found);
}

function valueOn({ x, y }: Line, t: number): number {
  const where = place(x, t);
  return where === null ? Number.NaN : valueAt(y, where);
}

function alternative(
  { envelope, timeName, until, measure }: Picture,
  lines: readonly Line[],
  bound: Line | null,
  farthest: Peak | null,
): string {
  const said: string[] = [];
  if (lines.length > 0) {
    const ends = lines.map(({ y }) => at(y, y.length - 1)).filter(Number.isFinite);
    said.push(
      `Distances of ${lines.length} neighbours in the ${measure.name}, as a part of their first distance, on a logarithmic axis.`,
      ends.length === 0
        ? "None was followed to the end."
        : `At ${timeName} = ${readable(until)} between ${readable(Math.min(...ends))} and ${readable(Math.max(...ends))}.`,
    );
  }
  if (farthest) {
    const { t, times } = farthest;
    said.push(`The neighbour along the worst direction is ${grown(times)} at ${timeName} = ${readable(t)}.`);
  }
  if (envelope && bound) {
    const end = valueOn(bound, until);
    const apart = !Number.isFinite(end) ? "" : `, ${readableAbove(end)} at ${timeName} = ${readable(until)}`;
    said.push(`The ${provedWord(envelope)} over them is ${envelope.text}${apart}.`);
  } else said.push("No bound on them is known.");
  return said.join(" ");
}

function sheet(picture: Picture, present: readonly (readonly Line[])[], most: number): Sheet {
  const { bundles, envelope, timeName } = picture;
  const isWhole = most === Number.POSITIVE_INFINITY;
  const number = Math.max(0, ...present.map((lines) => lines.length));
  const bound = envelope && curve(envelope);
  const names = isWhole ? Array.from({ length: number }, (_, k) => `neighbour ${k + 1}`) : ["nearest", "farthest"];
  const rows = bundles.flatMap((bundle, b) =>
    rowsOf(column(bundle.times), most).map((i) => {
      const values = present[b].map(({ y }) => at(y, i));
      const finite = values.filter(Number.isFinite);
      const range = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [Number.NaN, Number.NaN];
      const shown = isWhole ? Array.from({ length: number }, (_, k) => values[k] ?? Number.NaN) : range;
      return [b + 1, bundle.times[i], ...(bound ? [valueOn(bound, bundle.times[i])] : []), ...shown];
    }),
  );
  return {
    caption: `Distances between neighbours as a part of their first distance, ${picture.measure.name}`,
    columns: ["initial state", timeName, ...(bound ? [`bound ${envelope.text}`] : []), ...names],
    sides: [null, null, ...(bound ? ["above" as const] : [])],
    rows,
  };
}
