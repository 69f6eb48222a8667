import type { Box } from "./pen.ts";

/** The part of a segment inside a box, by Liang and Barsky: its ends as [x1, y1, x2, y2] in `into`. False where none is. */
export function clipSegment(
  { left, top, width, height }: Box,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  into: Float64Array,
): boolean {
  const [dx, dy] = [x2 - x1, y2 - y1];
  let from = 0;
  let to = 1;
  for (let side = 0; side < 4; side++) {
    const along = side === 0 ? -dx : side === 1 ? dx : side === 2 ? -dy : dy;
    const room = side === 0 ? x1 - left : side === 1 ? left + width - x1 : side === 2 ? y1 - top : top + height - y1;
    if (along === 0) {
      if (room < 0) return false;
    } else if (along < 0) {
      from = Math.max(from, room / along);
    } else {
      to = Math.min(to, room / along);
    }
  }
  if (from > to) return false;
  into[0] = x1 + from * dx;
  into[1] = y1 + from * dy;
  into[2] = x1 + to * dx;
  into[3] = y1 + to * dy;
  return true;
}
