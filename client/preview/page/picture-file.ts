import { drawFigure } from "./draw.ts";
import type { Figure } from "./figure.ts";
import { layOut, type Window } from "./layout.ts";
import type { Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import { SvgPen } from "./svg-pen.ts";

const titleSize = 15;
const captionSize = 11;

/** Draws a plot as it goes into a file: its title, the model and where it stands above it. @param subtitle in one line */
export function drawPage(
  pen: Pen,
  figure: Figure,
  subtitle: string,
  window: Window,
  width: number,
  height: number,
  palette: Palette,
): void {
  pen.text(figure.title, 8, 16, { colour: palette.foreground, size: titleSize, align: "left", isBold: true });
  const fitting = shortened(subtitle, width - 16, (text) => pen.measure(text, captionSize, false));
  pen.text(fitting, 8, 35, { colour: palette.muted, size: captionSize, align: "left" });
  const layout = layOut(figure, window, width, height, (...text) => pen.measure(...text), 46);
  drawFigure(pen, figure, layout, palette, false);
}

/** @param measure of the palette's font */
export function svgOf(
  figure: Figure,
  subtitle: string,
  window: Window,
  width: number,
  height: number,
  palette: Palette,
  measure: Pen["measure"],
): string {
  const pen = new SvgPen(palette.font, measure);
  drawPage(pen, figure, subtitle, window, width, height, palette);
  return pen.document(width, height, palette.background, `${figure.title}: ${subtitle}`, figure.alternative);
}

function shortened(text: string, width: number, measure: (text: string) => number): string {
  let shown = text;
  while (shown.length > 1 && measure(shown) > width) shown = `${shown.slice(0, -2).trimEnd()}…`;
  return shown;
}
