/** A curve of a plot: points of the data, and how it is drawn. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Of the class `c0`, `c1`, … */
  readonly colour: number;
  readonly isThin: boolean;
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly isLogarithmic: boolean;
  readonly curves: readonly Curve[];
  /** Names of colours, in their order. */
  readonly legend: readonly string[];
}

export const COLOURS = 6;
const PLOT_HEIGHT = 330;
const WIDTH = 720;
/** What is around the plot's frame: for numbers, names and the legend. */
const [LEFT, RIGHT, TOP, BOTTOM] = [78, 130, 34, 52];

/** A plot with its frame, ticks, names and legend, its upper edge `down` pixels below the picture's. */
function plotSvg(plot: Plot, down: number): string {
  const { curves, isLogarithmic: isLog } = plot;
  const frame = { left: LEFT, right: WIDTH - RIGHT, top: down + TOP, bottom: down + PLOT_HEIGHT - BOTTOM };
  const x = scaleOf(
    curves.flatMap((curve) => curve.x),
    [frame.left, frame.right],
    0,
    false,
  );
  const y = scaleOf(
    curves.flatMap((curve) => curve.y),
    [frame.bottom, frame.top],
    0.05,
    isLog,
  );
  const parts = [
    ...x.ticks.map((tick) => {
      const at = x.place(tick).toFixed(1);
      return `<path class="grid" d="M${at} ${frame.top}V${frame.bottom}"/><text class="tick" x="${at}" y="${frame.bottom + 18}" text-anchor="middle">${tickText(tick)}</text>`;
    }),
    ...y.ticks.map((tick) => {
      const at = y.place(tick).toFixed(1);
      return `<path class="grid" d="M${frame.left} ${at}H${frame.right}"/><text class="tick" x="${frame.left - 8}" y="${at}" dy="4" text-anchor="end">${tickText(tick)}</text>`;
    }),
    ...[...curves]
      .sort((a, b) => Number(b.isThin) - Number(a.isThin))
      .map((curve) => `<path class="line c${curve.colour}${curve.isThin ? " thin" : ""}" d="${pathOf(curve, x, y)}"/>`),
    `<rect class="frame" x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}"/>`,
    `<text class="title" x="${frame.left}" y="${frame.top - 12}">${escaped(plot.title)}</text>`,
    `<text x="${(frame.left + frame.right) / 2}" y="${frame.bottom + 40}" text-anchor="middle">${escaped(plot.xLabel)}</text>`,
    `<text transform="translate(18 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(plot.yLabel)}</text>`,
    ...plot.legend.map((name, k) => {
      const at = frame.top + 12 + 20 * k;
      return `<path class="line c${k}" d="M${frame.right + 12} ${at}h22"/><text x="${frame.right + 40}" y="${at}" dy="4">${escaped(name)}</text>`;
    }),
  ];
  return `<g>\n${parts.join("\n")}\n</g>`;
}

/** A picture of plots below each other, with its title and what is to be read about it. */
export function pictureSvg(title: string, remark: string, plots: readonly Plot[]): string {
  const head = 58;
  const height = head + plots.length * PLOT_HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title remark">
<title id="title">${escaped(title)}</title>
<desc id="remark">${escaped(remark)}</desc>
<style>${STYLE}</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
<text class="head" x="${LEFT}" y="28">${escaped(title)}</text>
<text class="tick" x="${LEFT}" y="48">${escaped(remark)}</text>
${plots.map((plot, k) => plotSvg(plot, head + k * PLOT_HEIGHT)).join("\n")}
</svg>
`;
}

/** Colours that are told apart with any kind of colour vision (Okabe and Ito), darker on white, lighter on black. */
const STYLE = `
text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328; }
.head { font-size: 17px; font-weight: 600; } .title { font-weight: 600; } .tick { font-size: 12px; fill: #57606a; }
.page { fill: #fff; } .frame { fill: none; stroke: #57606a; } .grid { stroke: #d0d7de; fill: none; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; } .thin { stroke-width: 1; stroke-opacity: 0.5; }
.c0 { stroke: #0072b2; } .c1 { stroke: #d55e00; } .c2 { stroke: #009e73; } .c3 { stroke: #b3528c; } .c4 { stroke: #8a6d00; } .c5 { stroke: #3a3f44; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; } .tick { fill: #9ea7b3; } .page { fill: #0d1117; } .frame { stroke: #9ea7b3; } .grid { stroke: #30363d; }
.c0 { stroke: #56b4e9; } .c1 { stroke: #e69f00; } .c2 { stroke: #2fc99b; } .c3 { stroke: #e29ac4; } .c4 { stroke: #f0e442; } .c5 { stroke: #d0d7de; }
}`;

interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
  /** Whether a value has a place. */
  readonly holds: (value: number) => boolean;
}

/** @param margin what is left free beyond the values, of their range */
function scaleOf(
  values: readonly number[],
  [first, last]: readonly [number, number],
  margin: number,
  isLog: boolean,
): Scale {
  const shown = isLog ? values.filter((value) => value > 0).map(Math.log10) : values;
  const [low, high] = shown.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const middle = low <= high ? low / 2 + high / 2 : 0;
  // A flat line stands in the middle of what is a little around it.
  const least = isLog ? 1 : 1e-9 * Math.max(1e-3, Math.abs(middle));
  const half = Math.max(low <= high ? high / 2 - low / 2 : 0, least / 2) * (1 + margin);
  const [from, to] = [middle - half, middle + half];
  const place = (value: number) => first + (((isLog ? Math.log10(value) : value) - from) / (2 * half)) * (last - first);
  return { place, ticks: isLog ? powerTicks(from, to) : evenTicks(from, to), holds: (value) => !isLog || value > 0 };
}

function evenTicks(from: number, to: number): number[] {
  const step = roundStep((to - from) / 6);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** Of a logarithmic axis: powers of ten, and where there are few of them 2 and 5 between. */
function powerTicks(from: number, to: number): number[] {
  const step = Math.max(1, roundStep((to - from) / 6));
  const first = Math.floor(from / step);
  const powers = Array.from({ length: Math.ceil(to / step) - first + 1 }, (_, k) => Math.round((first + k) * step));
  const factors = to - from < 3 ? [1, 2, 5] : [1];
  const all = powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)));
  return all.filter((tick) => Math.log10(tick) >= from && Math.log10(tick) <= to);
}

/** The next of 1, 2, 5, 10, 20, … */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= step * (1 - 1e-9)) ?? 10);
}

function tickText(value: number): string {
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential() : `${value}`;
  return text.replace("e+", "e").replaceAll("-", "−");
}

function pathOf(curve: Curve, x: Scale, y: Scale): string {
  let path = "";
  let isDown = false;
  for (const [k, value] of curve.y.entries()) {
    if (!y.holds(value)) {
      isDown = false;
      continue;
    }
    path += `${isDown ? "L" : "M"}${x.place(curve.x[k]!).toFixed(1)} ${y.place(value).toFixed(1)}`;
    isDown = true;
  }
  return path;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
