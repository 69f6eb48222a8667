import { drawMark } from "./draw-marks.ts";
import type { Figure, LegendEntry } from "./figure.ts";
import { type Layout, textSize } from "./layout.ts";
import { colourOf, type Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import { addShape, dashes, isFilled } from "./shapes.ts";

/** Draws a whole plot. @param isQuick while a person moves the view */
export function drawFigure(pen: Pen, figure: Figure, layout: Layout, palette: Palette, isQuick: boolean): void {
  drawGrid(pen, layout, palette);
  pen.clipped(layout.area, () => {
    for (const mark of figure.marks) drawMark(pen, mark, layout, palette, isQuick);
  });
  drawFrame(pen, figure, layout, palette);
  for (const { entry, x, y } of layout.legend) drawLegendEntry(pen, entry, x, y, palette);
}

function drawGrid(pen: Pen, { area, x, y, xTicks, yTicks }: Layout, palette: Palette): void {
  pen.begin();
  for (const { at, text } of xTicks) {
    if (text === "") continue;
    const pixel = crisp(x.toPixel(at));
    pen.moveTo(pixel, area.top);
    pen.lineTo(pixel, area.top + area.height);
  }
  for (const { at, text } of yTicks) {
    if (text === "") continue;
    const pixel = crisp(y.toPixel(at));
    pen.moveTo(area.left, pixel);
    pen.lineTo(area.left + area.width, pixel);
  }
  pen.stroke(palette.grid, 1, [], palette.isHighContrast ? 0.3 : 0.18);
}

function drawFrame(pen: Pen, figure: Figure, { area, x, y, xTicks, yTicks }: Layout, palette: Palette): void {
  if (figure.x.isHidden) return;
  const { left, top, width, height } = area;
  const bottom = top + height;
  pen.begin();
  pen.moveTo(crisp(left), crisp(top));
  pen.lineTo(crisp(left), crisp(bottom));
  pen.lineTo(crisp(left + width), crisp(bottom));
  for (const { at, text } of xTicks) {
    const pixel = crisp(x.toPixel(at));
    pen.moveTo(pixel, bottom);
    pen.lineTo(pixel, bottom + (text === "" ? 3 : 5));
  }
  for (const { at, text } of yTicks) {
    const pixel = crisp(y.toPixel(at));
    pen.moveTo(left, pixel);
    pen.lineTo(left - (text === "" ? 3 : 5), pixel);
  }
  pen.stroke(palette.muted, 1, [], 1);
  const style = { colour: palette.foreground, size: textSize };
  for (const { at, text } of xTicks) pen.text(text, x.toPixel(at), bottom + 14, { ...style, align: "center" });
  for (const { at, text } of yTicks) pen.text(text, left - 9, y.toPixel(at), { ...style, align: "right" });
  pen.text(figure.x.label, left + width / 2, bottom + 33, { ...style, align: "center" });
  pen.text(figure.y.label, textSize / 2 + 3, top + height / 2, { ...style, align: "center", isTurned: true });
}

function drawLegendEntry(pen: Pen, { text, colour, look }: LegendEntry, x: number, y: number, palette: Palette): void {
  const painted = colourOf(palette, colour);
  const middle = x + 11;
  pen.begin();
  switch (look) {
    case "line":
    case "bold":
    case "dashed":
    case "dotted":
    case "faint": {
      pen.moveTo(x, y);
      pen.lineTo(x + 22, y);
      const faint = palette.isHighContrast ? 0.7 : 0.5;
      pen.stroke(
        painted,
        look === "bold" ? 3 : 2,
        look === "dashed" || look === "dotted" ? dashes(look) : [],
        look === "faint" ? faint : 1,
      );
      break;
    }
    case "band":
      pen.moveTo(x, y - 5);
      pen.lineTo(x + 22, y - 5);
      pen.lineTo(x + 22, y + 5);
      pen.lineTo(x, y + 5);
      pen.close();
      pen.fill(painted, 0.25);
      pen.begin();
      pen.moveTo(x, y - 5);
      pen.lineTo(x + 22, y - 5);
      pen.stroke(painted, 2, [], 1);
      break;
    case "arrow":
      pen.moveTo(x + 2, y);
      pen.lineTo(x + 20, y);
      pen.lineTo(x + 15, y - 3);
      pen.moveTo(x + 20, y);
      pen.lineTo(x + 15, y + 3);
      pen.stroke(painted, 1, [], 0.9);
      break;
    default:
      addShape(pen, look, middle, y, 4.5);
      if (isFilled(look)) pen.fill(painted, 1);
      else pen.stroke(painted, 2, [], 1);
  }
  pen.text(text, x + 28, y, { colour: palette.foreground, size: textSize, align: "left" });
}

/** In the middle of a pixel, where a line of one pixel is sharp. */
function crisp(pixel: number): number {
  return Math.floor(pixel) + 0.5;
}
