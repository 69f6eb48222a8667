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
    // Of the four edges along it the lowest one, of those that go up the one to the left: nothing is before them.
    const along = [0, 1, 2, 3, 4, 5, 6, 7]
      .filter((bits) => ((bits >> k) & 1) === 0)
      .map((bits) => seen([corner(bits), corner(bits | (1 << k))]))
      .toSorted((p, q) => outward(p, k) - outward(q, k))[0];
    const on = (part: number) => ({
      x: along.x.data[0] + part * (along.x.data[1] - along.x.data[0]),
      y: along.y.data[0] + part * (along.y.data[1] - along.y.data[0]),
    });
    // Away from the box, whose middle is at 0.
    const { x, y } = on(0.5);
    const far = 0.2 / (Math.hypot(x, y) || 1);
    const beside = (part: number, text: string, colour: "foreground" | "muted"): Mark => {
      const place = on(part);
      return { kind: "label", x: place.x + x * far, y: place.y + y * far, text, colour, align: "center" };
    };
    return [
      beside(0.5, label, "foreground"),
      beside(0.08, readable(low, 3), "muted"),
      beside(0.92, readable(high, 3), "muted"),
    ];
  });
  return [
    { kind: "lines", lines: edges, colour: "muted", width: 1, dash: "solid", opacity: 0.5, isCloud: false },
    ...texts,
  ];
}

/** The less, the farther outside: of those that go up to the left, of the others below. */
function outward({ x, y }: Line, axis: number): number {
  const { data } = axis === 2 ? x : y;
  return data[0] + data[1];
}
