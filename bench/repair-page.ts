import { aligned, between } from "./page-parts.ts";
import { lengthOf, type Plane } from "./repair-plane.ts";

export const FIRST_LINE = "<!-- from here on written by npm run picture -->";
export const LAST_LINE = "<!-- to here -->";

/** The numbers of the picture, between the marks of docs/repair.md. */
export function tableOf({ halfPlanes, distance, clip, shift, rescale, tau, factor }: Plane): string {
  // Rounded so that each bound stays one.
  const down = (x: number) => (Math.floor(x * 1e5) / 1e5).toFixed(5);
  const up = (x: number) => (Math.ceil(x * 1e5) / 1e5).toFixed(5);
  const rounds = halfPlanes.slice(0, 3).map(({ lower }, k) => {
    const half = k === 0 ? "half-plane 1" : `half-planes 1 to ${k + 1}`;
    return [half, `at least ${down(lower)}`];
  });
  const rows = [
    ["", "‖ΔA‖"],
    ...rounds,
    ["least change", `in [${down(distance.lower)}, ${up(distance.upper)}]`],
    ["clip", up(lengthOf(clip))],
    [`rescale by ${factor.toFixed(4)}`, up(lengthOf(rescale))],
    [`shift by ${tau.toFixed(4)} I`, up(lengthOf(shift))],
  ];
  return [FIRST_LINE, "", aligned(rows), "", LAST_LINE].join("\n");
}

export const withTable = (page: string, text: string) => between(page, FIRST_LINE, LAST_LINE, text, "docs/repair.md");
