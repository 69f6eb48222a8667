import { boundaryAt, type HalfPlane, LIMIT, lengthOf, type Plane, type PlanePoint } from "./repair-plane.ts";

/** Pixels a unit, and what of the plane is shown: rotations from left to right, diagonals from below. */
const UNIT = 150;
const [LEFT, RIGHT, BOTTOM, TOP] = [-3.1, 0.75, -3.5, 0.45];
const MARGIN = 44;
const WIDTH = Math.round((RIGHT - LEFT) * UNIT + 2 * MARGIN);
const HEIGHT = Math.round((TOP - BOTTOM) * UNIT + 2 * MARGIN);
/** Points of the boundary. */
const STEPS = 120;

const STYLE = `
    text { font: 14px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328; }
    .small { font-size: 12px; }
    .card { fill: #ffffff; stroke: #8c959f; }
    .set { fill: #2da44e; fill-opacity: 0.2; }
    .limit { fill: none; stroke: #1a7f37; stroke-width: 2; }
    .half { stroke: #8250df; stroke-width: 1.5; stroke-dasharray: 6 4; }
    .cut { fill: #8250df; }
    .axis { stroke: #8c959f; }
    .way { stroke: #57606a; stroke-width: 1.2; }
    .ball { fill: none; stroke: #57606a; stroke-dasharray: 2 4; }
    .point { fill: #0969da; stroke: #ffffff; }
    .best { fill: #cf222e; stroke: #ffffff; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .card { fill: #161b22; stroke: #6e7681; }
      .limit { stroke: #3fb950; }
      .half { stroke: #bc8cff; }
      .cut { fill: #bc8cff; }
      .axis { stroke: #6e7681; }
      .way, .ball { stroke: #9ea7b3; }
      .point { fill: #58a6ff; stroke: #161b22; }
      .best { fill: #ff7b72; stroke: #161b22; }
    }`;

/** [across, down] in pixels. */
function pixels({ x, y }: PlanePoint): string {
  return `${(MARGIN + (y - LEFT) * UNIT).toFixed(1)} ${(MARGIN + (TOP - x) * UNIT).toFixed(1)}`;
}

function attributes(point: PlanePoint, names: readonly [string, string]): string {
  const [across, down] = pixels(point).split(" ");
  return `${names[0]}="${across}" ${names[1]}="${down}"`;
}

const line = (from: PlanePoint, to: PlanePoint, kind: string) =>
  `<line class="${kind}" ${attributes(from, ["x1", "y1"])} ${attributes(to, ["x2", "y2"])}/>`;

/** The text is moved by so many pixels, and ends there where it is moved to the left. */
function label(at: PlanePoint, text: string, [right, down]: readonly [number, number], kind = ""): string {
  const anchor = right < 0 ? ' text-anchor="end"' : "";
  return `<text class="${kind}" ${attributes(at, ["x", "y"])} dx="${right}" dy="${down}"${anchor}>${text}</text>`;
}

/** Where the edge of a half-plane enters and leaves what is shown. */
function edge({ gx, gy, bound }: HalfPlane): PlanePoint[] {
  const crossings = [
    ...[LEFT, RIGHT].map((y) => ({ x: (bound - gy * y) / gx, y })),
    ...[BOTTOM, TOP].map((x) => ({ x, y: (bound - gx * x) / gy })),
  ];
  const isShown = ({ x, y }: PlanePoint) =>
    x >= BOTTOM - 1e-9 && x <= TOP + 1e-9 && y >= LEFT - 1e-9 && y <= RIGHT + 1e-9;
  return crossings.filter(isShown).slice(0, 2);
}

/** The changes that meet the limit, by all vertices of the slopes, and where they end. */
function feasible(): string[] {
  const points = Array.from({ length: STEPS + 1 }, (_, k) => {
    const y = LEFT + ((RIGHT - LEFT) * k) / STEPS;
    return { x: boundaryAt(y), y };
  });
  const path = points.map(pixels).join(" L ");
  const below = [RIGHT, LEFT].map((y) => pixels({ x: Math.min(BOTTOM, points.at(-1)!.x), y })).join(" L ");
  return [`<path class="set" d="M ${path} L ${below} Z"/>`, `<path class="limit" d="M ${path}"/>`];
}

/** docs/images/least-change.svg */
export function picture({ halfPlanes, least, clip, shift, rescale }: Plane): string {
  const none = { x: 0, y: 0 };
  const dot = (at: PlanePoint, kind: string, r = 5.5) =>
    `<circle class="${kind}" ${attributes(at, ["cx", "cy"])} r="${r}"/>`;
  const length = (point: PlanePoint) => lengthOf(point).toFixed(3);
  const edges = halfPlanes.slice(0, 3).flatMap((half, k) => {
    const [from, to] = edge(half) as [PlanePoint, PlanePoint];
    return [line(from, to, "half"), label(from.y > to.y ? from : to, `${k + 1}`, [-8, 15], "cut small")];
  });
  const [width, height] = [WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">
  <title id="title">Changes of a matrix: those that meet the limit, half-planes around them, and the nearest one</title>
  <style>${STYLE}
  </style>
  <clipPath id="frame"><rect x="${MARGIN}" y="${MARGIN}" width="${width}" height="${height}"/></clipPath>
  <rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8"/>
  <g clip-path="url(#frame)">
    ${feasible().join("\n    ")}
    ${line({ x: 0, y: LEFT }, { x: 0, y: RIGHT }, "axis")}
    ${line({ x: BOTTOM, y: 0 }, { x: TOP, y: 0 }, "axis")}
    ${dot(none, "ball", Number((lengthOf(least) * UNIT).toFixed(1)))}
  </g>
  ${edges.join("\n  ")}
  ${[least, shift, rescale].map((to) => line(none, to, "way")).join("\n  ")}
  ${halfPlanes
    .slice(0, 2)
    .map(({ nearest }) => dot(nearest, "cut", 3.5))
    .join("\n  ")}
  ${[shift, rescale, none].map((at) => dot(at, "point")).join("\n  ")}
  ${dot(least, "best")}
  ${label(none, "A as it is", [10, -10])}
  ${label(least, `least change: ${length(least)}, clip: ${length(clip)}`, [-10, 22])}
  ${label(shift, `shift: ${length(shift)}`, [-12, 5])}
  ${label(rescale, `rescale: ${length(rescale)}`, [10, -12])}
  ${label({ x: -2.6, y: -2.9 }, `lognorm(2) ≤ ${LIMIT}`, [0, 0])}
  ${label({ x: 0, y: -0.95 }, "← less rotation", [0, 18], "small")}
  ${label({ x: -0.5, y: 0 }, "↓ more decay", [8, 0], "small")}
</svg>
`;
}
