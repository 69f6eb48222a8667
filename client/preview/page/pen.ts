export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface TextStyle {
  readonly colour: string;
  /** In pixels. */
  readonly size: number;
  readonly align: "left" | "center" | "right";
  readonly isBold?: boolean;
  /** Upwards, a quarter turn. */
  readonly isTurned?: boolean;
  /** Of an edge around the letters, so that they can be read over lines. */
  readonly halo?: string;
}

/** What a plot is drawn with: a canvas, or SVG that is written. Texts stand with their middle at y. */
export interface Pen {
  begin(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  /** A whole circle, as a part of the path. */
  circle(x: number, y: number, radius: number): void;
  close(): void;
  stroke(colour: string, width: number, dash: readonly number[], opacity: number): void;
  fill(colour: string, opacity: number): void;
  text(text: string, x: number, y: number, style: TextStyle): void;
  clipped(box: Box, draw: () => void): void;
  /** Width in pixels. */
  measure(text: string, size: number, isBold: boolean): number;
}
