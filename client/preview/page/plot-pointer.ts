import type { PlotView } from "./plot-view.ts";
import { nearest } from "./reading.ts";
import { panned, zoomed } from "./scale.ts";
import { sharesTime } from "./view-windows.ts";

/** Below this a press is a click, in pixels. */
const clickReach = 4;
const hoverReach = 40;

type Part = "area" | "x" | "y";

/** What the pointer does over a plot: reads values, moves and zooms, adds initial states, turns a space. */
export function listenToPointer(plot: PlotView): void {
  const { canvas, page, name } = plot;
  let press: { readonly part: Part; readonly id: number; x: number; y: number; hasMoved: boolean } | null = null;

  canvas.addEventListener("pointerdown", (event) => {
    const part = partAt(event);
    if (event.button !== 0 || part === null) return;
    canvas.setPointerCapture(event.pointerId);
    press = { part, id: event.pointerId, x: event.offsetX, y: event.offsetY, hasMoved: false };
  });

  canvas.addEventListener("pointermove", (event) => {
    if (press === null) {
      hover(event);
      return;
    }
    const [dx, dy] = [event.offsetX - press.x, event.offsetY - press.y];
    if (!press.hasMoved && Math.hypot(dx, dy) < clickReach) return;
    press.hasMoved = true;
    drag(press.part, dx, dy);
    press.x = event.offsetX;
    press.y = event.offsetY;
  });

  canvas.addEventListener("pointerup", (event) => {
    const clicked = press !== null && !press.hasMoved && press.part === "area";
    press = null;
    if (!clicked || name !== "plane" || plot.figure.x.isHidden || event.detail > 1) return;
    const { x, y } = plot.layout;
    page.addState([x.toValue(event.offsetX), y.toValue(event.offsetY)]);
  });

  canvas.addEventListener("pointercancel", () => {
    press = null;
  });

  canvas.addEventListener("pointerleave", () => {
    if (press === null) page.setCursor(null);
  });

  canvas.addEventListener("dblclick", () => {
    // There a click adds a state: two of them are no reset.
    if (name !== "plane" || plot.figure.x.isHidden) page.resetWindow(name);
  });

  canvas.addEventListener(
    "wheel",
    (event) => {
      // The page is scrolled where nobody has chosen this plot.
      const isMeant = event.ctrlKey || event.metaKey || document.activeElement === canvas;
      const part = partAt(event);
      if (!isMeant || part === null) return;
      event.preventDefault();
      zoomAt(part, event, Math.exp(Math.min(120, Math.max(-120, event.deltaY)) / 400));
    },
    { passive: false },
  );

  function partAt({ offsetX, offsetY }: MouseEvent): Part | null {
    const { left, top, width, height } = plot.layout.area;
    const isAcross = offsetX >= left && offsetX <= left + width;
    const isAlong = offsetY >= top && offsetY <= top + height;
    if (isAcross && isAlong) return "area";
    if (isAcross && offsetY > top + height) return "x";
    return isAlong && offsetX < left ? "y" : null;
  }

  function drag(part: Part, dx: number, dy: number): void {
    if (plot.figure.x.isHidden) {
      page.turn(dx / 120, dy / 120);
      return;
    }
    const { area, x, y } = plot.layout;
    page.setWindow(name, {
      ...(part === "y" ? {} : { x: panned(x.kind, x.interval, -dx / area.width) }),
      ...(part === "x" ? {} : { y: panned(y.kind, y.interval, dy / area.height) }),
    });
  }

  function zoomAt(part: Part, { offsetX, offsetY }: MouseEvent, factor: number): void {
    const { x, y } = plot.layout;
    // Time by itself: what is above it stays in sight.
    const isOneAxis = part === "area" && sharesTime(name);
    page.setWindow(name, {
      ...(part === "y" ? {} : { x: zoomed(x.kind, x.interval, x.toValue(offsetX), factor) }),
      ...(part === "x" || isOneAxis ? {} : { y: zoomed(y.kind, y.interval, y.toValue(offsetY), factor) }),
    });
  }

  function hover(event: PointerEvent): void {
    const { layout, figure } = plot;
    const part = partAt(event);
    canvas.dataset.part = part ?? "";
    if (part === "area" && sharesTime(name)) {
      page.setCursor({ t: layout.x.toValue(event.offsetX), from: name });
      return;
    }
    const found = part === "area" ? nearest(figure, layout, event.offsetX, event.offsetY, hoverReach) : null;
    page.setCursor(found?.t == null ? null : { t: found.t, from: name });
    if (found?.t === null) plot.drawCursor([found]);
  }
}
