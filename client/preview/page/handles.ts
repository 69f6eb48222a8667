import { button } from "./element.ts";
import { coordinatesOf, initialStates, stateMovedBy } from "./initial-states.ts";
import type { Page } from "./page.ts";
import type { PlotView } from "./plot-view.ts";
import { perPixel, unitOf } from "./scale.ts";
import { readable } from "./ticks.ts";

/** Of the axis that is seen, for one press of an arrow key; with Shift for exactness. */
const step = 0.02;
const fineStep = 0.002;

/**
 * The initial states in the phase plane as buttons: to be dragged, or reached with Tab and moved with the arrow keys. Those of
 * a space with three axes have no place that a pointer could mean, and none of them is there.
 */
export class Handles {
  readonly #page: Page;
  readonly #made: HTMLButtonElement[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** Each where its state is. */
  place(plot: PlotView): void {
    const plane = this.#page.picture?.plane;
    const states = plane?.labels.length === 2 ? this.#states() : [];
    while (this.#made.length > states.length) this.#made.pop()!.remove();
    while (this.#made.length < states.length) this.#make(plot, this.#made.length);
    states.forEach((state, index) => {
      const [x, y] = coordinatesOf(plane!, state);
      const { layout } = plot;
      const { left, top, width, height } = layout.area;
      const [px, py] = [layout.x.toPixel(x), layout.y.toPixel(y)];
      const handle = this.#made[index];
      handle.hidden = !(px >= left && px <= left + width && py >= top && py <= top + height);
      handle.style.left = `${px}px`;
      handle.style.top = `${py}px`;
      const where = state.length <= 4 ? ` at ${state.map((value) => readable(value)).join(", ")}` : "";
      handle.setAttribute("aria-label", `Initial state ${index + 1}${where}: arrow keys move it, Delete removes it`);
    });
  }

  focus(index: number): void {
    this.#made[index]?.focus();
  }

  #make(plot: PlotView, index: number): void {
    const handle = button("", () => {}, { class: "handle" });
    let press: { readonly x: number; readonly y: number; readonly state: readonly number[] } | null = null;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      const state = this.#states()[index];
      if (state) press = { x: event.clientX, y: event.clientY, state };
    });
    handle.addEventListener("pointermove", (event) => {
      if (press === null) return;
      // From where it was pressed: what is rounded on the way does not add up.
      this.#move(plot, index, press.state, event.clientX - press.x, event.clientY - press.y);
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      handle.addEventListener(end, () => {
        press = null;
      });
    }
    handle.addEventListener("keydown", (event) => {
      const { width, height } = plot.layout.area;
      const part = event.shiftKey ? fineStep : step;
      const [across, along] = [width * part, height * part];
      const moves: Readonly<Record<string, readonly [number, number]>> = {
        ArrowLeft: [-across, 0],
        ArrowRight: [across, 0],
        ArrowUp: [0, -along],
        ArrowDown: [0, along],
      };
      const move = moves[event.key];
      if (move) this.#move(plot, index, this.#states()[index], ...move);
      else if (event.key === "Delete" || event.key === "Backspace") {
        this.#page.removeState(index);
        if (this.#made.length > 0) this.focus(Math.min(index, this.#made.length - 1));
        else plot.canvas.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.#made.push(handle);
    plot.surface.append(handle);
  }

  #states(): readonly (readonly number[])[] {
    const { picture, choice } = this.#page;
    return picture === null ? [] : initialStates(picture, choice.view);
  }

  /** @param dx in pixels, to the right @param dy downwards */
  #move({ layout }: PlotView, index: number, state: readonly number[], dx: number, dy: number): void {
    const plane = this.#page.picture?.plane;
    if (!plane || Math.hypot(dx, dy) < 1) return;
    const unit = unitOf(layout);
    const by = [dx * perPixel(layout.x), dy * perPixel(layout.y)];
    this.#page.changeState(index, stateMovedBy(plane, state, by, unit));
  }
}
