import type { Box, Pen, TextStyle } from "./pen.ts";

/** Writes SVG that stands by itself: colours and sizes are in it, no style sheet is needed. */
export class SvgPen implements Pen {
  readonly #parts: string[] = [];
  readonly #font: string;
  readonly #measure: Pen["measure"];
  #path = "";
  #clips = 0;

  /** @param measure of the fonts that it will be shown with, as well as that can be known */
  constructor(font: string, measure: Pen["measure"]) {
    this.#font = font;
    this.#measure = measure;
  }

  begin(): void {
    this.#path = "";
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  circle(x: number, y: number, radius: number): void {
    const r = short(radius);
    const arc = (to: number) => `A${r} ${r} 0 0 1 ${short(to)} ${short(y)}`;
    this.#path += `M${short(x + radius)} ${short(y)}${arc(x - radius)}${arc(x + radius)}`;
  }

  close(): void {
    this.#path += "Z";
  }

  stroke(colour: string, width: number, dash: readonly number[], opacity: number): void {
    if (this.#path === "") return;
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
    const faint = opacity < 1 ? ` stroke-opacity="${short(opacity)}"` : "";
    const look = `stroke="${escaped(colour)}" stroke-width="${short(width)}" stroke-linejoin="round"${dashes}${faint}`;
    this.#parts.push(`<path d="${this.#path}" fill="none" ${look}/>`);
  }

  fill(colour: string, opacity: number): void {
    if (this.#path === "") return;
    const faint = opacity < 1 ? ` fill-opacity="${short(opacity)}"` : "";
    this.#parts.push(`<path d="${this.#path}" fill="${escaped(colour)}"${faint}/>`);
  }

  text(text: string, x: number, y: number, { colour, size, align, isBold, isTurned, halo }: TextStyle): void {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    const turn = isTurned ? ` transform="rotate(-90 ${short(x)} ${short(y)})"` : "";
    const edge = halo ? ` stroke="${escaped(halo)}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"` : "";
    const look = `font-size="${size}"${isBold ? ' font-weight="600"' : ""} text-anchor="${anchor}"`;
    // A third of the size below its middle: the base line, which every program knows.
    const place = `x="${short(x)}" y="${short(y)}" dy="${short(size * 0.35)}"`;
    this.#parts.push(`<text ${place} ${look} fill="${escaped(colour)}"${edge}${turn}>${escaped(text)}</text>`);
  }

  clipped({ left, top, width, height }: Box, draw: () => void): void {
    const id = `clip${++this.#clips}`;
    const area = `x="${short(left)}" y="${short(top)}" width="${short(width)}" height="${short(height)}"`;
    this.#parts.push(`<clipPath id="${id}"><rect ${area}/></clipPath><g clip-path="url(#${id})">`);
    draw();
    this.#parts.push("</g>");
  }

  measure(text: string, size: number, isBold: boolean): number {
    return this.#measure(text, size, isBold);
  }

  /** The whole document. @param description what it shows, for who does not see it */
  document(width: number, height: number, background: string, title: string, description: string): string {
    const size = `width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${escaped(this.#font)}" role="img">`,
      `<title>${escaped(title)}</title>`,
      `<desc>${escaped(description)}</desc>`,
      `<rect width="100%" height="100%" fill="${escaped(background)}"/>`,
      ...this.#parts,
      "</svg>\n",
    ].join("\n");
  }
}

/** A hundredth of a pixel is seen by nobody. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
