import { place } from "./column.ts";
import type { PlotView } from "./plot-view.ts";
import { panned, zoomed } from "./scale.ts";

/** A tenth of what is seen, and about a twelfth of a turn. */
const step = 0.1;
const turn = 0.12;

/** What the keys do while a plot has the focus. */
export function listenToKeys(plot: PlotView): void {
  const { canvas, page, name } = plot;
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = action(event.key, event.shiftKey);
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  function action(key: string, isShifted: boolean): (() => void) | null {
    const part = isShifted ? step / 5 : step;
    const isTurned = plot.figure.x.isHidden;
    switch (key) {
      case "ArrowLeft":
        return () => (isTurned ? page.turn(-turn, 0) : move(-part, 0));
      case "ArrowRight":
        return () => (isTurned ? page.turn(turn, 0) : move(part, 0));
      case "ArrowUp":
        return () => (isTurned ? page.turn(0, turn) : move(0, part));
      case "ArrowDown":
        return () => (isTurned ? page.turn(0, -turn) : move(0, -part));
      case "+":
      case "=":
        return () => zoom(0.8);
      case "-":
        return () => zoom(1.25);
      case "0":
        return () => page.resetWindow(name);
      case ",":
        return () => step_(-1);
      case ".":
        return () => step_(1);
      case "Escape":
        return () => page.setCursor(null);
      case "Enter":
        return name === "plane" && !isTurned ? () => page.addState(middle()) : null;
      default:
        return null;
    }
  }

  function move(byX: number, byY: number): void {
    const { x, y } = plot.layout;
    page.setWindow(name, {
      ...(byX === 0 ? {} : { x: panned(x.kind, x.interval, byX) }),
      ...(byY === 0 ? {} : { y: panned(y.kind, y.interval, byY) }),
    });
  }

  function zoom(factor: number): void {
    const { x, y } = plot.layout;
    const [atX, atY] = middle();
    page.setWindow(name, { x: zoomed(x.kind, x.interval, atX, factor), y: zoomed(y.kind, y.interval, atY, factor) });
  }

  function middle(): [number, number] {
    const { area, x, y } = plot.layout;
    return [x.toValue(area.left + area.width / 2), y.toValue(area.top + area.height / 2)];
  }

  /** The cursor, along the time that is seen. */
  function step_(direction: number): void {
    const times = plot.figure.tracks.find((track) => track.times !== null)?.times;
    if (!times || times.length === 0) return;
    const [from, until] = [times.data[times.start], times.data[times.start + (times.length - 1) * times.stride]];
    const t = (page.cursor?.t ?? from) + (direction * (until - from)) / 50;
    const inside = Math.min(until, Math.max(from, t));
    if (place(times, inside)) page.setCursor({ t: inside, from: name });
  }
}
