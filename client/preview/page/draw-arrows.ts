import type { Mark } from "./figure.ts";
import type { Layout } from "./layout.ts";
import { colourOf, type Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";

/** All of one length, whose strength tells how fast: by their lengths they would lie over each other, or be points. */
export function drawArrows(pen: Pen, mark: Mark & { kind: "arrows" }, { x, y, area }: Layout, palette: Palette): void {
  const { rows, columns, box, arrows } = mark;
  const stepX = (x.toPixel(box[1]) - x.toPixel(box[0])) / Math.max(1, columns - 1);
  const stepY = (y.toPixel(box[3]) - y.toPixel(box[2])) / Math.max(1, rows - 1);
  const length = Math.min(18, 0.7 * Math.min(Math.abs(stepX), Math.abs(stepY)));
  if (length < 3) return;
  const [unitX, unitY] = [x.toPixel(1) - x.toPixel(0), y.toPixel(1) - y.toPixel(0)];
  const speeds = Float64Array.from({ length: rows * columns }, (_, k) => Math.hypot(arrows[2 * k], arrows[2 * k + 1]));
  const fastest = speeds.reduce((most, speed) => (speed > most && speed < Number.POSITIVE_INFINITY ? speed : most), 0);
  if (fastest === 0) return;
  // A few strengths, each one path.
  for (let strength = 1; strength <= 3; strength++) {
    pen.begin();
    for (let k = 0; k < speeds.length; k++) {
      if (!(speeds[k] > 0) || Math.ceil(Math.min(1, speeds[k] / fastest) * 3) !== strength) continue;
      const px = x.toPixel(box[0]) + stepX * (k % columns);
      const py = y.toPixel(box[2]) + stepY * Math.floor(k / columns);
      if (px < area.left || px > area.left + area.width || py < area.top || py > area.top + area.height) continue;
      addArrow(pen, px, py, arrows[2 * k] * unitX, arrows[2 * k + 1] * unitY, length);
    }
    pen.stroke(colourOf(palette, mark.colour), 1, [], palette.isHighContrast ? 0.9 : 0.2 + 0.2 * strength);
  }
}

function addArrow(pen: Pen, x: number, y: number, dx: number, dy: number, length: number): void {
  const size = Math.hypot(dx, dy);
  if (!(size > 0)) return;
  const [ux, uy] = [(dx / size) * length, (dy / size) * length];
  const [tipX, tipY] = [x + ux / 2, y + uy / 2];
  pen.moveTo(x - ux / 2, y - uy / 2);
  pen.lineTo(tipX, tipY);
  pen.moveTo(tipX - 0.3 * ux - 0.2 * uy, tipY - 0.3 * uy + 0.2 * ux);
  pen.lineTo(tipX, tipY);
  pen.lineTo(tipX - 0.3 * ux + 0.2 * uy, tipY - 0.3 * uy - 0.2 * ux);
}
