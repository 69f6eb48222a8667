import type { Box, Pen, TextStyle } from "./pen.ts";

/** Draws on a canvas whose context is scaled to the page's pixels. */
export class CanvasPen implements Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #font: string;

  constructor(context: CanvasRenderingContext2D, font: string) {
    this.#context = context;
    this.#font = font;
    context.lineJoin = "round";
  }

  begin(): void {
    this.#context.beginPath();
  }

  moveTo(x: number, y: number): void {
    this.#context.moveTo(x, y);
  }

  lineTo(x: number, y: number): void {
    this.#context.lineTo(x, y);
  }

  circle(x: number, y: number, radius: number): void {
    this.#context.moveTo(x + radius, y);
    this.#context.arc(x, y, radius, 0, 2 * Math.PI);
  }

  close(): void {
    this.#context.closePath();
  }

  stroke(colour: string, width: number, dash: readonly number[], opacity: number): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash([...dash]);
    context.globalAlpha = opacity;
    context.stroke();
    context.globalAlpha = 1;
  }

  fill(colour: string, opacity: number): void {
    const context = this.#context;
    context.fillStyle = colour;
    context.globalAlpha = opacity;
    context.fill();
    context.globalAlpha = 1;
  }

  text(text: string, x: number, y: number, { colour, size, align, isBold, isTurned, halo }: TextStyle): void {
    const context = this.#context;
    context.save();
    context.translate(x, y);
    if (isTurned) context.rotate(-Math.PI / 2);
    context.font = this.#fontOf(size, isBold);
    context.textAlign = align;
    context.textBaseline = "middle";
    if (halo) {
      context.strokeStyle = halo;
      context.lineWidth = 4;
      context.setLineDash([]);
      context.strokeText(text, 0, 0);
    }
    context.fillStyle = colour;
    context.fillText(text, 0, 0);
    context.restore();
  }

  clipped({ left, top, width, height }: Box, draw: () => void): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    draw();
    context.restore();
  }

  measure(text: string, size: number, isBold: boolean): number {
    this.#context.font = this.#fontOf(size, isBold);
    return this.#context.measureText(text).width;
  }

  #fontOf(size: number, isBold = false): string {
    return `${isBold ? "600 " : ""}${size}px ${this.#font}`;
  }
}
