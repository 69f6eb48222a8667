import type { Figure } from "./figure.ts";
import type { Layout } from "./layout.ts";
import { colourOf, type Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import type { Reading } from "./reading.ts";
import { sharesTime } from "./view-windows.ts";

/** A line at the time, where time is an axis, and a dot on each course. */
export function drawCursor(
  pen: Pen,
  figure: Figure,
  { area, x, y }: Layout,
  readings: readonly Reading[],
  t: number | null,
  palette: Palette,
): void {
  pen.clipped({ left: area.left - 6, top: area.top - 6, width: area.width + 12, height: area.height + 12 }, () => {
    if (t !== null && sharesTime(figure.name)) {
      const px = Math.floor(x.toPixel(t)) + 0.5;
      pen.begin();
      pen.moveTo(px, area.top);
      pen.lineTo(px, area.top + area.height);
      pen.stroke(palette.foreground, 1, [3, 3], 0.8);
    }
    for (const { track, x: vx, y: vy } of readings) {
      const [px, py] = [x.toPixel(vx), y.toPixel(vy)];
      if (!Number.isFinite(px + py)) continue;
      pen.begin();
      pen.circle(px, py, 4.5);
      pen.fill(colourOf(palette, track.colour), 1);
      pen.stroke(palette.background, 1.5, [], 1);
    }
  });
}
