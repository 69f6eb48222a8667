import type { Bundle, Picture } from "../../../service/preview/picture.ts";
import {
  cloud,
  componentName,
  coursesOf,
  earlyEnds,
  neighbourLegend,
  neighbourLines,
  rowsOf,
  strong,
} from "./bundles.ts";
import { at, column, extentOf, last } from "./column.ts";
import type { Figure, LegendEntry, Mark, Sheet, Track } from "./figure.ts";
import { padded } from "./scale.ts";
import { readable } from "./ticks.ts";

/** The components' courses over time, those of neighbours faint behind them, those of the repaired model dashed. */
export function trajectories(picture: Picture): Figure {
  const { bundles, repaired, components, timeName, from, until } = picture;
  const names = components.map((index) => componentName(picture, index));
  const marks: Mark[] = [];
  for (const bundle of bundles) {
    components.forEach((_, c) => void marks.push(cloud(neighbourLines(bundle, components.length, c), c)));
  }
  const ofRepaired = (repaired?.bundles ?? []).map((bundle) => courses(bundle, components.length));
  const ofPresent = bundles.map((bundle) => courses(bundle, components.length));
  components.forEach((_, c) => {
    marks.push(
      strong(
        ofRepaired.map((lines) => lines[c]),
        c,
        "dashed",
      ),
    );
    marks.push(
      strong(
        ofPresent.map((lines) => lines[c]),
        c,
        "solid",
      ),
    );
  });
  const columns = marks.flatMap((mark) => (mark.kind === "lines" ? mark.lines.map(({ y }) => y) : []));
  const legend: LegendEntry[] = [
    ...names.map((text, colour): LegendEntry => ({ text, colour, look: "line" })),
    ...neighbourLegend(bundles, "muted"),
    ...(repaired && repaired.bundles.length > 0
      ? [{ text: repairedText(repaired.title), colour: "foreground", look: "dashed" } as const]
      : []),
  ];
  const state = picture.states === 1 ? picture.stateName : names.join(", ");
  return {
    name: "trajectories",
    title: "Trajectories",
    caption:
      bundles.length === 0
        ? ""
        : [`How the state moves from ${starts(bundles.length)}.`, ...earlyEnds(bundles, timeName)].join(" "),
    x: { label: `time ${timeName}`, kind: "linear", extent: [from, until] },
    y: { label: `state ${state}`, kind: "linear", extent: padded("linear", extentOf(columns) ?? [-1, 1]) },
    isEqual: false,
    marks,
    legend,
    tracks: trackOf(ofPresent, ofRepaired, names),
    alternative: alternative(picture, names),
    empty:
      bundles.length > 0
        ? ""
        : "No initial state yet: click in the phase plane to add one, or add `simulate from …` to the model.",
    sheet: (most) => sheet(picture, names, most),
  };
}

function courses(bundle: Bundle, columns: number) {
  return coursesOf(bundle.times, bundle.course, columns);
}

export function starts(number: number): string {
  return number === 1 ? "its initial state" : `each of ${number} initial states`;
}

/** Of a title like `Least change of A: ‖ΔA‖ = 0.81, proves …` what comes before the figures. */
export function repairedText(title: string): string {
  return `repaired: ${title.split(/[:,]/, 1)[0].slice(0, 48)}`;
}

function trackOf(
  present: readonly ReturnType<typeof courses>[],
  repaired: typeof present,
  names: readonly string[],
): Track[] {
  const named = (all: typeof present, word: string) =>
    all.flatMap((lines, b) =>
      lines.map((line, c): Track => {
        const which = [all.length > 1 ? `from state ${b + 1}` : "", word].filter(Boolean).join(", ");
        return { name: which ? `${names[c]} (${which})` : names[c], colour: c, times: line.x, line };
      }),
    );
  return [...named(present, ""), ...named(repaired, "repaired")];
}

function alternative({ bundles, timeName, from, until, repaired }: Picture, names: readonly string[]): string {
  if (bundles.length === 0) return "No trajectories: there is no initial state.";
  const [first] = bundles;
  const lines = courses(first, names.length);
  const each = names.map((name, c) => {
    const { y } = lines[c];
    return y.length === 0 ? name : `${name} goes from ${readable(at(y, 0))} to ${readable(last(y))}`;
  });
  return [
    `${names.join(", ")} against ${timeName} from ${readable(from)} to ${readable(until)},`,
    `${bundles.length} initial ${bundles.length === 1 ? "state" : "states"}`,
    `with ${first.neighbours} neighbours${bundles.length > 1 ? " each" : ""}.`,
    `From the first one ${each.join(", ")}.`,
    ...earlyEnds(bundles, timeName),
    ...(repaired ? ["Those of the repaired model are drawn dashed."] : []),
  ].join(" ");
}

function sheet({ bundles, repaired, timeName }: Picture, names: readonly string[], most: number): Sheet {
  const rows = (all: readonly Bundle[], word: string) =>
    all.flatMap((bundle, b) => {
      const lines = courses(bundle, names.length);
      return rowsOf(column(bundle.times), most).map((i) => [
        word,
        b + 1,
        bundle.times[i],
        ...lines.map(({ y }) => at(y, i)),
      ]);
    });
  return {
    caption: "Trajectories: the state's components over time",
    columns: ["model", "initial state", timeName, ...names],
    rows: [...rows(bundles, "present"), ...rows(repaired?.bundles ?? [], "repaired")],
  };
}
