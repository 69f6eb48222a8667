import { cases, LENGTHS, targetText } from "./mnist-cases.ts";
import type { Row } from "./mnist-run.ts";

const [PANEL_WIDTH, PANEL_HEIGHT] = [330, 280];
const [LEFT, TOP, GAP] = [56, 64, 56];
const WIDTH = LEFT + 2 * PANEL_WIDTH + GAP + 24;
const HEIGHT = TOP + PANEL_HEIGHT + 92;
const FURTHEST = LENGTHS.at(-1)!;

const STYLE = `
    text { font: 14px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328; }
    .small { font-size: 12px; }
    .card { fill: #ffffff; stroke: #8c959f; }
    .grid { stroke: #d0d7de; }
    .curve { fill: none; stroke-width: 2; }
    .proved { stroke-dasharray: 5 4; }
    .t0 { stroke: #57606a; } .t1 { stroke: #0969da; } .t2 { stroke: #8250df; } .t3 { stroke: #1a7f37; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .card { fill: #161b22; stroke: #6e7681; }
      .grid { stroke: #30363d; }
      .t0 { stroke: #9ea7b3; } .t1 { stroke: #58a6ff; } .t2 { stroke: #bc8cff; } .t3 { stroke: #3fb950; }
    }`;

const TARGETS = [null, 1, 0.5, 0];
const PANELS = [
  { panel: "plain", title: "cross-entropy alone" },
  { panel: "best", title: "noise and a margin in training" },
] as const;

const across = (epsilon: number, left: number) => (left + (epsilon / FURTHEST) * PANEL_WIDTH).toFixed(1);
const down = (share: number) => (TOP + (1 - share) * PANEL_HEIGHT).toFixed(1);

function curve(values: readonly number[], left: number, kind: string): string {
  const points = values.map((share, i) => `${across(LENGTHS[i]!, left)} ${down(share)}`);
  return `<path class="curve ${kind}" d="M ${points.join(" L ")}"/>`;
}

function grid(left: number): string[] {
  const shares = [0, 0.25, 0.5, 0.75, 1];
  return [
    ...shares.map(
      (share) => `<line class="grid" x1="${left}" x2="${left + PANEL_WIDTH}" y1="${down(share)}" y2="${down(share)}"/>`,
    ),
    ...shares.map(
      (share) => `<text class="small" x="${left - 8}" y="${Number(down(share)) + 4}" text-anchor="end">${share}</text>`,
    ),
    ...LENGTHS.map(
      (e) =>
        `<text class="small" x="${across(e, left)}" y="${TOP + PANEL_HEIGHT + 18}" text-anchor="middle">${e}</text>`,
    ),
    `<text class="small" x="${left + PANEL_WIDTH / 2}" y="${TOP + PANEL_HEIGHT + 36}" text-anchor="middle">ε, in the 2-norm</text>`,
  ];
}

function legend(): string[] {
  const y = HEIGHT - 22;
  const targets = TARGETS.flatMap((target, k) => {
    const x = LEFT + 110 * k;
    return [
      `<path class="curve t${k}" d="M ${x} ${y - 4} L ${x + 26} ${y - 4}"/>`,
      `<text class="small" x="${x + 32}" y="${y}">${targetText(target)}</text>`,
    ];
  });
  const x = LEFT + 460;
  return [
    ...targets,
    `<path class="curve t0" d="M ${x} ${y - 4} L ${x + 26} ${y - 4}"/><text class="small" x="${x + 32}" y="${y}">under PGD</text>`,
    `<path class="curve proved t0" d="M ${x + 120} ${y - 4} L ${x + 146} ${y - 4}"/><text class="small" x="${x + 152}" y="${y}">certified</text>`,
  ];
}

/** docs/images/mnist.svg */
export function picture(rows: readonly Row[]): string {
  const panels = PANELS.flatMap(({ panel, title }, k) => {
    const left = LEFT + k * (PANEL_WIDTH + GAP);
    const curves = cases.flatMap((one) => {
      const row = rows.find(({ name }) => name === one.name);
      if (one.panel !== panel || !row) return [];
      const color = `t${TARGETS.indexOf(one.target)}`;
      const { measured, certified } = row;
      return [curve(measured, left, color), curve(certified, left, `proved ${color}`)];
    });
    return [`<text x="${left}" y="${TOP - 18}">${title}</text>`, ...grid(left), ...curves];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title">
  <title id="title">Accuracy against the size of a change of the image: under attack, and certified, for each target</title>
  <style>${STYLE}
  </style>
  <rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8"/>
  <text x="${LEFT}" y="24">Share of 2,000 test images classified rightly</text>
  ${[...panels, ...legend()].join("\n  ")}
</svg>
`;
}
