import type { Picture, Spectrum } from "../../../service/preview/picture.ts";
import { at, column, extentOf } from "./column.ts";
import type { Figure, LegendEntry, Line, Mark, Sheet, Track } from "./figure.ts";
import { padded } from "./scale.ts";
import { readable } from "./ticks.ts";

/** The eigenvalues at the worst slopes inside the numerical range, whose rightmost point is the logarithmic norm there. */
export function spectrumPlot({ spectrum, repaired }: Picture): Figure {
  const after = repaired?.spectrum ?? null;
  const columns = [spectrum, after].flatMap((one) => (one ? [points(one.eigenvalues), points(one.range)] : []));
  const real = extentOf([...columns.map(({ x }) => x), column([0])]) ?? [-1, 1];
  const imaginary = extentOf([...columns.map(({ y }) => y), column([0])]) ?? [-1, 1];
  const marks: Mark[] = [
    { kind: "rule", axis: "x", at: 0, colour: "foreground", width: 1.5, dash: "solid", label: "imaginary axis" },
    ...(after ? shapes(after, "repaired", "dashed") : []),
    ...(spectrum ? shapes(spectrum, "present", "solid") : []),
    ...(after ? [rightmost(after, "repaired", spectrum ? 16 : 0)] : []),
    ...(spectrum ? [rightmost(spectrum, "present", after ? -16 : 0)] : []),
  ];
  return {
    name: "spectrum",
    title: "Spectrum and numerical range",
    caption: caption(spectrum),
    x: { label: "real part (rate per unit of time)", kind: "linear", extent: padded("linear", real, 0.12) },
    y: { label: "imaginary part", kind: "linear", extent: padded("linear", imaginary, 0.12) },
    isEqual: true,
    marks,
    legend: [
      ...(spectrum ? legend("present", "", "line") : []),
      ...(after ? legend("repaired", ", repaired", "dashed") : []),
    ],
    tracks: [
      ...(spectrum ? tracks(spectrum, "present", "") : []),
      ...(after ? tracks(after, "repaired", ", repaired") : []),
    ],
    alternative: alternative(spectrum, after),
    empty: spectrum || after ? "" : "No worst slopes are known yet: save the model, or check it, to have it analysed.",
    sheet: (most) => sheet(spectrum, after, most),
  };
}

function points(pairs: Float64Array): Line {
  const length = pairs.length / 2;
  return { x: column(pairs, 0, 2, length), y: column(pairs, 1, 2, length) };
}

function shapes({ eigenvalues, range }: Spectrum, colour: "present" | "repaired", dash: "solid" | "dashed"): Mark[] {
  return [
    { kind: "area", edge: points(range), colour, dash, opacity: 0.1 },
    { kind: "points", points: points(eigenvalues), shape: "cross", colour, size: 4.5 },
  ];
}

/** The point of the range that lies farthest to the right. */
function rightmost({ range, lognorm }: Spectrum, colour: "present" | "repaired", shift: number): Mark {
  const { x, y } = points(range);
  let best = 0;
  for (let i = 1; i < x.length; i++) if (at(x, i) > at(x, best)) best = i;
  const label = `lognorm(2) = ${readable(lognorm)}${colour === "repaired" ? ", repaired" : ""}`;
  return { kind: "spot", x: lognorm, y: x.length === 0 ? 0 : at(y, best), text: label, colour, shift };
}

function legend(colour: "present" | "repaired", word: string, look: "line" | "dashed"): LegendEntry[] {
  return [
    { text: `eigenvalues${word}`, colour, look: "cross" },
    { text: `edge of the numerical range${word}`, colour, look },
  ];
}

function tracks({ eigenvalues, range }: Spectrum, colour: "present" | "repaired", word: string): Track[] {
  return [
    { name: `eigenvalue${word}`, colour, times: null, line: points(eigenvalues) },
    { name: `numerical range${word}`, colour, times: null, line: points(range) },
  ];
}

function caption(spectrum: Spectrum | null): string {
  if (spectrum === null) return "";
  const { lognorm, text } = spectrum;
  const side =
    lognorm < 0 ? "all of the range lies left of the imaginary axis" : "the range reaches beyond the imaginary axis";
  return `Of the Jacobian ${text}: ${side}, to ${readable(lognorm)}.`;
}

function alternative(spectrum: Spectrum | null, after: Spectrum | null): string {
  const said = (one: Spectrum, word: string) => {
    const { x } = points(one.eigenvalues);
    const [low, high] = extentOf([x]) ?? [Number.NaN, Number.NaN];
    return `${x.length} eigenvalues of the ${word} Jacobian ${one.text}, real parts from ${readable(low)} to ${readable(high)}; its numerical range reaches ${readable(one.lognorm)}, the logarithmic norm.`;
  };
  const all = [...(spectrum ? [said(spectrum, "model's")] : []), ...(after ? [said(after, "repaired model's")] : [])];
  return all.join(" ") || "No worst slopes are known yet.";
}

function sheet(spectrum: Spectrum | null, after: Spectrum | null, most: number): Sheet {
  const rows = (one: Spectrum | null, word: string) => {
    if (one === null) return [];
    const listed = (line: Line, what: string, number: number) =>
      Array.from({ length: Math.min(line.x.length, number) }, (_, i) => [word, what, at(line.x, i), at(line.y, i)]);
    return [
      ...listed(points(one.eigenvalues), "eigenvalue", most),
      ...(most === Number.POSITIVE_INFINITY ? listed(points(one.range), "numerical range", most) : []),
      [word, "rightmost of the range", one.lognorm, ""],
    ];
  };
  return {
    caption: "Eigenvalues at the worst slopes",
    columns: ["model", "point", "real part", "imaginary part"],
    rows: [...rows(spectrum, "present"), ...rows(after, "repaired")],
  };
}
