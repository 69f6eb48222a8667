import type { Dash, Shape } from "./figure.ts";
import type { Pen } from "./pen.ts";

export function dashes(dash: Dash): readonly number[] {
  return { solid: [], dashed: [7, 4], dotted: [2, 3] }[dash];
}

export function isFilled(shape: Shape): boolean {
  return shape === "dot" || shape === "diamond" || shape === "square";
}

/** @param size about half of its width, in pixels */
export function addShape(pen: Pen, shape: Shape, x: number, y: number, size: number): void {
  if (!Number.isFinite(x + y)) return;
  switch (shape) {
    case "dot":
    case "ring":
      pen.circle(x, y, size);
      return;
    case "cross":
      pen.moveTo(x - size, y - size);
      pen.lineTo(x + size, y + size);
      pen.moveTo(x - size, y + size);
      pen.lineTo(x + size, y - size);
      return;
    case "diamond": {
      const wide = size * 1.3;
      pen.moveTo(x, y - wide);
      pen.lineTo(x + wide, y);
      pen.lineTo(x, y + wide);
      pen.lineTo(x - wide, y);
      pen.close();
      return;
    }
    case "square":
      pen.moveTo(x - size, y - size);
      pen.lineTo(x + size, y - size);
      pen.lineTo(x + size, y + size);
      pen.lineTo(x - size, y + size);
      pen.close();
  }
}
