import { clipSegment } from "./clip.ts";
import type { Line } from "./figure.ts";
import type { Box, Pen } from "./pen.ts";
import type { Scale } from "./scale.ts";

/** Points nearer than this to the one before are left out: nobody sees them. In pixels. */
export const finest = 0.6;
const ends = new Float64Array(4);

/**
 * Adds a line to the pen's path: what is inside the area, broken where it has no number, without points that nobody could
 * tell apart. Every turn that could be seen stays, since what is left out is within `least` of what is drawn.
 */
export function trace(pen: Pen, { x, y }: Line, xScale: Scale, yScale: Scale, area: Box, least = finest): void {
  const room: Box = { left: area.left - 8, top: area.top - 8, width: area.width + 16, height: area.height + 16 };
  const [xData, yData] = [x.data, y.data];
  // Where the pen is, where the last point was, and where the last one that was drawn.
  let [penX, penY] = [Number.NaN, Number.NaN];
  let [beforeX, beforeY] = [Number.NaN, Number.NaN];
  for (let i = 0, kx = x.start, ky = y.start; i < x.length; i++, kx += x.stride, ky += y.stride) {
    const px = xScale.toPixel(xData[kx]);
    const py = yScale.toPixel(yData[ky]);
    if (!Number.isFinite(px + py)) {
      beforeX = Number.NaN;
      continue;
    }
    if (Number.isNaN(beforeX)) {
      [beforeX, beforeY] = [px, py];
      continue;
    }
    if (Math.abs(px - beforeX) + Math.abs(py - beforeY) < least && i < x.length - 1) continue;
    if (clipSegment(room, beforeX, beforeY, px, py, ends)) {
      if (ends[0] !== penX || ends[1] !== penY) pen.moveTo(ends[0], ends[1]);
      pen.lineTo(ends[2], ends[3]);
      [penX, penY] = [ends[2], ends[3]];
    }
    [beforeX, beforeY] = [px, py];
  }
}
