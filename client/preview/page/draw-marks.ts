import { at } from "./column.ts";
import { drawArrows } from "./draw-arrows.ts";
import type { Column, Mark } from "./figure.ts";
import { type Layout, textSize } from "./layout.ts";
import { colourOf, type Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import { addShape, dashes, isFilled } from "./shapes.ts";
import { finest, trace } from "./trace.ts";

/** Of a cloud, what is drawn while a person moves the view: more would not be there within a frame. */
const quickLines = 12;
const cloudLines = 4;
/** Between points of a faint line, in pixels. */
const coarse = 2;

type Of<K extends Mark["kind"]> = Mark & { readonly kind: K };

/** @param isQuick whether a cloud may be thinned out, since another frame follows */
export function drawMark(pen: Pen, mark: Mark, layout: Layout, palette: Palette, isQuick: boolean): void {
  switch (mark.kind) {
    case "lines":
      drawLines(pen, mark, layout, palette, isQuick);
      break;
    case "band":
      addEdge(pen, mark.x, mark.upper, layout);
      addEdge(pen, mark.x, mark.lower, layout, true);
      pen.close();
      pen.fill(colourOf(palette, mark.colour), mark.opacity);
      break;
    case "area":
      addEdge(pen, mark.edge.x, mark.edge.y, layout);
      pen.close();
      pen.fill(colourOf(palette, mark.colour), mark.opacity);
      pen.stroke(colourOf(palette, mark.colour), 1.5, dashes(mark.dash), 1);
      break;
    case "points":
      drawPoints(pen, mark, layout, palette);
      break;
    case "arrows":
      drawArrows(pen, mark, layout, palette);
      break;
    case "rule":
      drawRule(pen, mark, layout, palette);
      break;
    case "spot":
      drawSpot(pen, mark, layout, palette);
      break;
    case "label":
      pen.text(mark.text, layout.x.toPixel(mark.x), layout.y.toPixel(mark.y), {
        colour: colourOf(palette, mark.colour),
        size: textSize,
        align: mark.align,
        halo: palette.background,
      });
  }
}

function drawLines(pen: Pen, mark: Of<"lines">, { x, y, area }: Layout, palette: Palette, isQuick: boolean): void {
  const { lines, isCloud, width } = mark;
  const colour = colourOf(palette, mark.colour);
  const opacity = palette.isHighContrast && mark.opacity < 1 ? Math.max(0.6, mark.opacity) : mark.opacity;
  const every = isCloud && isQuick ? Math.max(1, Math.ceil(lines.length / quickLines)) : 1;
  // In one path each pixel would be looked at for all of them: a few in each are drawn several times as fast.
  const inPath = isCloud ? cloudLines : lines.length;
  for (let start = 0; start < lines.length; start += inPath * every) {
    pen.begin();
    const end = Math.min(lines.length, start + inPath * every);
    for (let i = start; i < end; i += every) trace(pen, lines[i], x, y, area, isCloud ? coarse : finest);
    pen.stroke(colour, width, dashes(mark.dash), opacity);
  }
}

/** Begins the path, or goes on with it from the other end. What is without end goes to where nobody sees it end. */
function addEdge(pen: Pen, x: Column, y: Column, { x: xScale, y: yScale, area }: Layout, isBack = false): void {
  if (!isBack) pen.begin();
  const [top, bottom] = [area.top - 1e4, area.top + area.height + 1e4];
  for (let i = 0; i < x.length; i++) {
    const k = isBack ? x.length - 1 - i : i;
    const px = xScale.toPixel(at(x, k));
    const py = Math.min(bottom, Math.max(top, yScale.toPixel(at(y, k))));
    if (i === 0 && !isBack) pen.moveTo(px, py);
    else pen.lineTo(px, py);
  }
}

function drawPoints(pen: Pen, { points, shape, size, colour }: Of<"points">, { x, y }: Layout, palette: Palette): void {
  const add = (by: number) => {
    pen.begin();
    for (let i = 0; i < points.x.length; i++) {
      addShape(pen, shape, x.toPixel(at(points.x, i)), y.toPixel(at(points.y, i)), size + by);
    }
  };
  // An edge of the background's colour, so that they stand out from lines of their own colour.
  add(0);
  if (isFilled(shape)) {
    pen.stroke(palette.background, 3, [], 1);
    pen.fill(colourOf(palette, colour), 1);
  } else {
    pen.stroke(palette.background, 4, [], 1);
    pen.stroke(colourOf(palette, colour), 2, [], 1);
  }
}

function drawRule(pen: Pen, mark: Of<"rule">, { x, y, area }: Layout, palette: Palette): void {
  const colour = colourOf(palette, mark.colour);
  const isLevel = mark.axis === "y";
  const pixel = isLevel ? y.toPixel(mark.at) : x.toPixel(mark.at);
  const [start, length] = isLevel ? [area.top, area.height] : [area.left, area.width];
  if (!(pixel >= start - 1 && pixel <= start + length + 1)) return;
  pen.begin();
  pen.moveTo(isLevel ? area.left : pixel, isLevel ? pixel : area.top);
  pen.lineTo(isLevel ? area.left + area.width : pixel, isLevel ? pixel : area.top + area.height);
  pen.stroke(colour, mark.width, dashes(mark.dash), 1);
  if (mark.label === "") return;
  const style = { colour, size: textSize, halo: palette.background };
  if (isLevel) {
    const room = mark.side === "above" ? area.top + 18 > pixel : area.top + area.height - pixel > 18;
    const shift = room ? 10 : -9;
    pen.text(mark.label, area.left + area.width - 6, pixel + shift, { ...style, align: "right" });
    return;
  }
  const isLeft = pixel - area.left > pen.measure(mark.label, textSize, false) + 12;
  const align = isLeft ? "right" : "left";
  pen.text(mark.label, pixel + (isLeft ? -6 : 6), area.top + 11, { ...style, align });
}

function drawSpot(pen: Pen, mark: Of<"spot">, { x, y, area }: Layout, palette: Palette): void {
  const [px, py] = [x.toPixel(mark.x), y.toPixel(mark.y)];
  pen.begin();
  addShape(pen, "ring", px, py, 5);
  pen.stroke(colourOf(palette, mark.colour), 2, [], 1);
  const isRight = area.left + area.width - px > pen.measure(mark.text, textSize, false) + 16;
  const style = { colour: palette.foreground, size: textSize, halo: palette.background };
  pen.text(mark.text, px + (isRight ? 10 : -10), py + mark.shift, { ...style, align: isRight ? "left" : "right" });
}
