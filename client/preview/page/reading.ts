import { at, place, valueAt } from "./column.ts";
import type { Figure, Track } from "./figure.ts";
import type { Layout } from "./layout.ts";
import { readableOn } from "./readable-bound.ts";
import { readable } from "./ticks.ts";

/** What stands at a cursor: where to mark it, and in words. */
export interface Reading {
  readonly track: Track;
  /** In the axes' units. */
  readonly x: number;
  readonly y: number;
}

/** Of more courses than these nobody reads values. */
const most = 12;

/** What all courses are at one time; those that have ended are left out. */
export function readingsAt({ tracks }: Figure, t: number): Reading[] {
  return tracks.slice(0, most).flatMap((track) => {
    const where = track.times && place(track.times, t);
    if (!where) return [];
    const [x, y] = [valueAt(track.line.x, where), valueAt(track.line.y, where)];
    return Number.isFinite(x + y) ? [{ track, x, y }] : [];
  });
}

/** The point of any track that is nearest to a place on the screen, within `reach` pixels; with its time where it has one. */
export function nearest({ tracks }: Figure, { x, y }: Layout, px: number, py: number, reach: number) {
  let best: (Reading & { readonly t: number | null }) | null = null;
  let least = reach;
  for (const track of tracks) {
    const { line, times } = track;
    for (let i = 0; i < line.x.length; i++) {
      const [vx, vy] = [at(line.x, i), at(line.y, i)];
      const far = Math.hypot(x.toPixel(vx) - px, y.toPixel(vy) - py);
      if (!(far < least)) continue;
      least = far;
      best = { track, x: vx, y: vy, t: times && at(times, i) };
    }
  }
  return best;
}

/** Lines of a readout, the time first. */
export function readingText(
  figure: Figure,
  readings: readonly Reading[],
  timeName: string,
  t: number | null,
): string[] {
  const values = readings.map(({ track, x, y }) => {
    if (figure.name === "trajectories" || figure.name === "distances" || figure.name === "norms") {
      return `${track.name} = ${readableOn(track.side, y)}`;
    }
    if (figure.name === "spectrum")
      return `${track.name} ${readable(x)} ${y < 0 ? "−" : "+"} ${readable(Math.abs(y))} i`;
    return figure.x.isHidden ? track.name : `${track.name} (${readable(x)}, ${readable(y)})`;
  });
  return t === null ? values : [`${timeName} = ${readable(t)}`, ...values];
}
