/** A lane of numbers inside a larger array: `length` of them from `start` on, `stride` apart. Nothing is copied. */
export interface Column {
  readonly data: ArrayLike<number>;
  readonly start: number;
  readonly stride: number;
  readonly length: number;
}

/** A course through the plot, in the axes' units; broken where a number is none or is off a logarithmic axis. */
export interface Line {
  readonly x: Column;
  readonly y: Column;
}

export type Interval = readonly [number, number];

/** By what it stands for; a number is one of the palette's series. */
export type Colour =
  | "foreground"
  | "muted"
  | "grid"
  | "background"
  | "good"
  | "bad"
  | "warning"
  | "present"
  | "repaired"
  | number;

export type Dash = "solid" | "dashed" | "dotted";
export type Shape = "dot" | "ring" | "cross" | "diamond" | "square";

export type Mark =
  /** `isCloud`: so many that some may be left out while a person moves the view. */
  | {
      readonly kind: "lines";
      readonly lines: readonly Line[];
      readonly colour: Colour;
      readonly width: number;
      readonly dash: Dash;
      readonly opacity: number;
      readonly isCloud: boolean;
    }
  | {
      readonly kind: "band";
      readonly x: Column;
      readonly lower: Column;
      readonly upper: Column;
      readonly colour: Colour;
      readonly opacity: number;
    }
  | {
      readonly kind: "area";
      readonly edge: Line;
      readonly colour: Colour;
      readonly dash: Dash;
      readonly opacity: number;
    }
  | {
      readonly kind: "points";
      readonly points: Line;
      readonly shape: Shape;
      readonly colour: Colour;
      /** Radius in pixels. */
      readonly size: number;
    }
  /** From each point of a grid over the box: [rows, columns, 2], of which only the directions are drawn, and lengths as opacity. */
  | {
      readonly kind: "arrows";
      readonly rows: number;
      readonly columns: number;
      readonly box: ArrayLike<number>;
      readonly arrows: ArrayLike<number>;
      readonly colour: Colour;
    }
  | {
      readonly kind: "rule";
      /** Of which it is one value. */
      readonly axis: "x" | "y";
      readonly at: number;
      readonly colour: Colour;
      readonly width: number;
      readonly dash: Dash;
      readonly label: string;
      /** Of a level one, on which side its label stands where there is room. */
      readonly side?: "above" | "below";
    }
  /** A ring with a name on its right, else above it. */
  | {
      readonly kind: "spot";
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly colour: Colour;
      /** Of its name, in pixels: where two spots may be near each other. */
      readonly shift: number;
    }
  | {
      readonly kind: "label";
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly colour: Colour;
      readonly align: "left" | "center" | "right";
    };

export interface Axis {
  readonly label: string;
  readonly kind: "linear" | "log";
  /** What the data take up, with a little room. */
  readonly extent: Interval;
  readonly isHidden?: boolean;
}

export interface LegendEntry {
  readonly text: string;
  readonly colour: Colour;
  readonly look: "line" | "bold" | "dashed" | "dotted" | "faint" | "band" | "arrow" | Shape;
}

/** Something that a person can read values off: at a time where it has times, else at its points. */
/** A number that is shown is never below what is proved to be above, never above what is attained. */
export type Side = "above" | "below";

export interface Track {
  readonly name: string;
  readonly colour: Colour;
  readonly times: Column | null;
  readonly line: Line;
  /** Of what is proved to be an upper bound, or attained: which way its numbers are rounded; null for the nearest. */
  readonly side?: Side;
}

/** Numbers and words as a table shows them. */
export interface Sheet {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string)[])[];
  /** As that of a track, by column; absent where all are rounded to the nearest. */
  readonly sides?: readonly (Side | null)[];
}

export type PlotName = "trajectories" | "plane" | "distances" | "norms" | "spectrum";

/** One plot, whole: what is drawn, what is said of it, and what stands in the table behind it. Pure data, drawn by draw.ts. */
export interface Figure {
  readonly name: PlotName;
  readonly title: string;
  /** One sentence: how to read it. */
  readonly caption: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Whether one unit is as long on both axes. */
  readonly isEqual: boolean;
  /** From back to front. */
  readonly marks: readonly Mark[];
  readonly legend: readonly LegendEntry[];
  readonly tracks: readonly Track[];
  /** For who does not see it. */
  readonly alternative: string;
  /** In place of the plot where there is nothing to draw; "" where there is. */
  readonly empty: string;
  /** @param most rows of each course in time, at about even distances; `Infinity` for all, and all columns. */
  sheet(most: number): Sheet;
}
