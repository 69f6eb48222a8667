import { at } from "./column.ts";
import type { Line, Mark } from "./figure.ts";
import { readable } from "./ticks.ts";

/** Below this nobody sees that two have drawn apart. */
const visible = 1.005;

/** A time, and how many times as far apart as at first two are then. */
export interface Peak {
  readonly t: number;
  readonly times: number;
}

/** Where those along the worst direction are the farthest apart; null where they never draw apart. */
export function peak(lines: readonly Line[]): Peak | null {
  let found: Peak | null = null;
  for (const { x, y } of lines) {
    for (let i = 0; i < y.length; i++) {
      const times = at(y, i);
      if (Number.isFinite(times) && times > (found?.times ?? visible)) found = { t: at(x, i), times };
    }
  }
  return found;
}

export function growthSpot({ t, times }: Peak): Mark {
  return { kind: "spot", x: t, y: times, text: grown(times), colour: "bad", shift: -14 };
}

export function grown(times: number): string {
  return `${readable(times, 3)} times as far apart`;
}
