import type { Seen } from "../messages.ts";
import type { Figure, PlotName } from "./figure.ts";
import type { Window } from "./layout.ts";

/** Those over time are looked at over the same time. */
const overTime: readonly PlotName[] = ["trajectories", "distances", "norms"];

/** What is seen of each plot's axes: the whole extent where a person has chosen nothing else. */
export type Windows = Readonly<Record<string, Seen>>;

export function sharesTime(name: PlotName): boolean {
  return overTime.includes(name);
}

export function windowOf({ name, x, y }: Figure, windows: Windows): Window {
  const own = windows[name];
  const time = sharesTime(name) ? windows.t?.x : own?.x;
  return { x: time ?? x.extent, y: own?.y ?? y.extent };
}

/** @param part null where it is to be the whole extent */
export function withWindow(windows: Windows, name: PlotName, { x, y }: Partial<Seen>): Windows {
  const own: Seen = windows[name] ?? { x: null, y: null };
  if (!sharesTime(name))
    return { ...windows, [name]: { x: x === undefined ? own.x : x, y: y === undefined ? own.y : y } };
  return {
    ...windows,
    ...(x === undefined ? {} : { t: { x, y: null } }),
    ...(y === undefined ? {} : { [name]: { x: null, y } }),
  };
}
