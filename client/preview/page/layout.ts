import type { Axis, Figure, Interval, LegendEntry } from "./figure.ts";
import type { Box, Pen } from "./pen.ts";
import { type Scale, scale } from "./scale.ts";
import { type Tick, ticks } from "./ticks.ts";

export const textSize = 12;
const swatchWidth = 22;
const entryGap = 16;
const rowHeight = 18;

/** Where everything of one plot stands, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** What the axes enclose. */
  readonly area: Box;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly legend: readonly { readonly entry: LegendEntry; readonly x: number; readonly y: number }[];
}

/** What is seen of both axes. */
export interface Window {
  readonly x: Interval;
  readonly y: Interval;
}

/** @param top what is left free above the legend */
export function layOut(
  figure: Figure,
  window: Window,
  width: number,
  height: number,
  measure: Pen["measure"],
  top = 4,
): Layout {
  const legend = legendPlaces(figure.legend, width, top, measure);
  const rows = legend.length === 0 ? 0 : (legend[legend.length - 1].y - legend[0].y) / rowHeight + 1;
  const areaTop = top + rows * rowHeight + 10;
  const areaHeight = Math.max(40, height - areaTop - (figure.x.isHidden ? 8 : 2 * textSize + 20));
  // How wide the texts are depends on the ticks, and those on no more than the height.
  const yTicks = tickList(figure.y, window.y, areaHeight / 40);
  const widest = Math.max(0, ...yTicks.map(({ text }) => measure(text, textSize, false)));
  const left = figure.y.isHidden ? 8 : Math.ceil(widest) + textSize + 22;
  const area: Box = { left, top: areaTop, width: Math.max(40, width - left - 14), height: areaHeight };
  const { x, y } = figure.isEqual ? equalised(window, area) : window;
  const isSame = y === window.y;
  return {
    width,
    height,
    area,
    x: scale(figure.x.kind, x, area.left, area.left + area.width),
    y: scale(figure.y.kind, y, area.top + area.height, area.top),
    xTicks: tickList(figure.x, x, area.width / 70),
    yTicks: isSame ? yTicks : tickList(figure.y, y, areaHeight / 40),
    legend,
  };
}

function tickList({ kind, isHidden }: Axis, interval: Interval, most: number): Tick[] {
  return isHidden ? [] : ticks(kind, interval, most);
}

/** The wider of the two as it is, and more of the other. */
function equalised({ x, y }: Window, { width, height }: Box): Window {
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height);
  const around = ([low, high]: Interval, pixels: number): Interval => {
    const middle = (low + high) / 2;
    return [middle - (unit * pixels) / 2, middle + (unit * pixels) / 2];
  };
  return { x: around(x, width), y: around(y, height) };
}

/** In rows, as many in each as fit. */
function legendPlaces(entries: readonly LegendEntry[], width: number, top: number, measure: Pen["measure"]) {
  let x = 8;
  let y = top + rowHeight / 2;
  return entries.map((entry) => {
    const needed = swatchWidth + 6 + measure(entry.text, textSize, false);
    if (x > 8 && x + needed > width - 8) {
      x = 8;
      y += rowHeight;
    }
    const place = { entry, x, y };
    x += needed + entryGap;
    return place;
  });
}
