import type { Plane } from "../../../service/preview/picture.ts";
import { column } from "./column.ts";
import type { Line, Mark } from "./figure.ts";
import { readable } from "./ticks.ts";

/** From where a space is looked at, in radians: around its third axis, and above its plane. */
export interface Rotation {
  readonly turn: number;
  readonly lift: number;
}

export const firstRotation: Rotation = { turn: -0.9, lift: 0.45 };

export function rotated({ turn, lift }: Rotation, byTurn: number, byLift: number): Rotation {
  const most = Math.PI / 2;
  const around = (turn + byTurn) % (2 * Math.PI);
  return { turn: around, lift: Math.min(most, Math.max(-most, lift + byLift)) };
}

/**
 * Points of a space on the screen, without perspective: each axis' box is from -1 to 1.
 *
 * @param path [points, 3] from `start` on @param box [3, 2]
 */
export function project(
  path: ArrayLike<number>,
  start: number,
  length: number,
  box: ArrayLike<number>,
  rotation: Rotation,
): Line {
  const [x, y] = [new Float64Array(length), new Float64Array(length)];
  const [cosTurn, sinTurn] = [Math.cos(rotation.turn), Math.sin(rotation.turn)];
  const [cosLift, sinLift] = [Math.cos(rotation.lift), Math.sin(rotation.lift)];
  const middle = [0, 1, 2].map((k) => (box[2 * k] + box[2 * k + 1]) / 2);
  const scale = [0, 1, 2].map((k) => 2 / (box[2 * k + 1] - box[2 * k] || 1));
  for (let i = 0, k = start; i < length; i++, k += 3) {
    const a = (path[k] - middle[0]) * scale[0];
    const b = (path[k + 1] - middle[1]) * scale[1];
    const c = (path[k + 2] - middle[2]) * scale[2];
    const depth = a * sinTurn + b * cosTurn;
    x[i] = a * cosTurn - b * sinTurn;
    y[i] = c * cosLift + depth * sinLift;
  }
  return { x: column(x), y: column(y) };
}

/** The box' edges, and the three axes' names and ends along those that meet in its first corner. */
export function frameMarks({ box, labels }: Plane, rotation: Rotation): Mark[] {
  const corner = (bits: number) => [0, 1, 2].map((k) => box[2 * k + ((bits >> k) & 1)]);
  const seen = (points: readonly number[][]) => project(points.flat(), 0, points.length, box, rotation);
  const edges: Line[] = [];
  for (let bits = 0; bits < 8; bits++) {
    for (let k = 0; k < 3; k++) if (((bits >> k) & 1) === 0) edges.push(seen([corner(bits), corner(bits | (1 << k))]));
  }
  const texts = labels.flatMap((label, k): Mark[] => {
    const [low, high] = [box[2 * k], box[2 * k + 1]];
    // A little outside of the edge, away from the box' middle.
    const on = (value: number) =>
      corner(0).map((at, j) => (j === k ? value : at - 0.09 * (box[2 * j + 1] - box[2 * j])));
    const { x, y } = seen([on((low + high) / 2), on(low), on(high)]);
    const [middle, ...ends] = [0, 1, 2].map((i) => ({ x: x.data[i], y: y.data[i] }));
    return [
      { kind: "label", ...middle, text: label, colour: "foreground", align: "center" },
      ...[low, high].map(
        (value, i): Mark => ({ kind: "label", ...ends[i], text: readable(value, 3), colour: "muted", align: "center" }),
      ),
    ];
  });
  return [
    { kind: "lines", lines: edges, colour: "muted", width: 1, dash: "solid", opacity: 0.5, isCloud: false },
    ...texts,
  ];
}
