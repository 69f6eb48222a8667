import type { Bundle, Picture } from "../../../service/preview/picture.ts";
import { column } from "./column.ts";
import type { Colour, Column, LegendEntry, Line, Mark } from "./figure.ts";
import { readable } from "./ticks.ts";

/** `x[3]` for the component of index 2, as the language writes it; `x` where there is one state. */
export function componentName({ stateName, states }: Pick<Picture, "stateName" | "states">, index: number): string {
  return states === 1 ? stateName : `${stateName}[${index + 1}]`;
}

/** Of the columns of [T, columns]. */
export function coursesOf(times: ArrayLike<number>, data: ArrayLike<number>, columns: number): Line[] {
  const x = column(times);
  return Array.from({ length: columns }, (_, c) => ({ x, y: column(data, c, columns, times.length) }));
}

/** Of one component of all neighbours: of [k, T, columns]. */
export function neighbourLines({ times, neighbours, neighbourCourses }: Bundle, columns: number, c: number): Line[] {
  const x = column(times);
  const size = times.length * columns;
  return Array.from({ length: neighbours }, (_, k) => ({
    x,
    y: column(neighbourCourses, k * size + c, columns, times.length),
  }));
}

/** Thin and faint: the more there are, the fainter. */
export function cloud(lines: readonly Line[], colour: Colour): Mark {
  const opacity = Math.min(0.4, Math.max(0.05, 6 / Math.max(1, lines.length)));
  return { kind: "lines", lines, colour, width: 1, dash: "solid", opacity, isCloud: true };
}

export function strong(lines: readonly Line[], colour: Colour, dash: "solid" | "dashed"): Mark {
  return { kind: "lines", lines, colour, width: 2, dash, opacity: 1, isCloud: false };
}

/** `20 neighbours, 0.1 away at first`; nothing where there are none. */
export function neighbourLegend(bundles: readonly Bundle[], colour: LegendEntry["colour"]): LegendEntry[] {
  const most = Math.max(0, ...bundles.map(({ neighbours }) => neighbours));
  if (most === 0) return [];
  const spread = Math.max(...bundles.map((one) => one.spread));
  const away = spread > 0 ? `, ${readable(spread)} away at first` : "";
  return [{ text: `${most} ${most === 1 ? "neighbour" : "neighbours"}${away}`, colour, look: "faint" }];
}

/** Where integrations ended before they should have: one sentence each, none twice. */
export function earlyEnds(bundles: readonly Bundle[], timeName: string): string[] {
  const said = bundles.flatMap(({ end }) =>
    end === null ? [] : [`Ends at ${timeName} = ${readable(end.t)}: ${end.reason}.`],
  );
  return [...new Set(said)];
}

/** A column of the times at which a table has rows: at most `most`, evenly, the last one among them. */
export function rowsOf(times: Column, most: number): number[] {
  const { length } = times;
  const number = Math.min(length, most);
  if (number < 2) return number === 1 ? [0] : [];
  return Array.from({ length: number }, (_, i) => Math.round((i * (length - 1)) / (number - 1)));
}
