import { CanvasPen } from "./canvas-pen.ts";
import { drawFigure } from "./draw.ts";
import { drawCursor } from "./draw-cursor.ts";
import { element, write } from "./element.ts";
import { exportMenu } from "./export-menu.ts";
import type { Figure, PlotName } from "./figure.ts";
import { type Layout, layOut } from "./layout.ts";
import type { Page } from "./page.ts";
import { listenToKeys } from "./plot-keys.ts";
import { listenToPointer } from "./plot-pointer.ts";
import { type Reading, readingsAt, readingText } from "./reading.ts";
import { tableView } from "./table-view.ts";
import { sharesTime, windowOf } from "./view-windows.ts";

/** Rows of each course in a table: more are in the CSV file. */
const tableRows = 26;

/** One plot on the page: its canvas, what lies over it, its buttons and the table behind it. */
export class PlotView {
  readonly page: Page;
  readonly name: PlotName;
  readonly section: HTMLElement;
  /** What takes the pointer and the keys. */
  readonly surface = element("div", { class: "surface" });
  readonly canvas: HTMLCanvasElement;
  figure: Figure;
  layout: Layout;
  readonly #over = element("canvas", { class: "over", "aria-hidden": "true" });
  readonly #readout = element("div", { class: "readout", hidden: true });
  readonly #title = element("h2");
  readonly #caption = element("p", { class: "caption" });
  readonly #empty = element("p", { class: "empty" });
  readonly #tablePlace = element("div");
  readonly #tableButton: HTMLButtonElement;
  readonly #buttons: HTMLElement;
  #frame = 0;
  #isQuick = false;
  /** Draws all of a cloud, once nothing has moved for a moment. */
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page, figure: Figure) {
    this.page = page;
    this.name = figure.name;
    this.figure = figure;
    const id = `plot-${figure.name}`;
    this.#title.id = id;
    this.canvas = element("canvas", { role: "img", tabindex: 0, "aria-describedby": `keys-${figure.name}` });
    this.#tableButton = element("button", { type: "button", "aria-expanded": "false" }, "Table");
    this.#tableButton.addEventListener("click", () => page.toggleTable(this.name));
    const reset = element("button", { type: "button", title: "Show all of it (0)" }, "Reset View");
    reset.addEventListener("click", () => page.resetWindow(this.name));
    this.#buttons = element("div", { class: "buttons" }, reset, this.#tableButton, exportMenu(this));
    const keys = element("p", { class: "hidden", id: `keys-${figure.name}` }, keysText(figure.name));
    this.surface.append(this.canvas, this.#over, this.#readout);
    this.section = element("section", { class: "plot", "aria-labelledby": id });
    const place = element("div", {}, this.surface, this.#empty);
    this.section.append(this.#title, this.#caption, place, this.#buttons, this.#tablePlace, keys);
    this.layout = this.#layOut();
    listenToPointer(this);
    listenToKeys(this);
    new ResizeObserver(() => this.redraw()).observe(this.surface);
  }

  /** Another picture, or another look at it. */
  show(figure: Figure): void {
    this.figure = figure;
    write(this.#title, figure.title);
    write(this.#caption, figure.caption);
    write(this.#empty, figure.empty);
    const isEmpty = figure.empty !== "";
    this.#empty.hidden = !isEmpty;
    this.surface.hidden = isEmpty;
    this.#buttons.hidden = isEmpty;
    this.canvas.setAttribute("aria-label", `${figure.title}. ${figure.alternative}`);
    const showsTable = !isEmpty && this.page.state.tables.includes(this.name);
    this.#tableButton.setAttribute("aria-expanded", String(showsTable));
    this.#tablePlace.replaceChildren(...(showsTable ? [tableView(figure.sheet(tableRows))] : []));
    this.redraw();
  }

  /** With the next frame. @param isMoving whether a person moves the view: clouds are thinned out until that ends */
  redraw(isMoving = false): void {
    this.#isQuick = isMoving;
    clearTimeout(this.#settling);
    if (isMoving) this.#settling = setTimeout(() => this.redraw(), 160);
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #layOut(): Layout {
    const { clientWidth, clientHeight } = this.surface;
    const pen = new CanvasPen(this.canvas.getContext("2d")!, this.page.palette.font);
    const window = windowOf(this.figure, this.page.state.windows);
    return layOut(this.figure, window, clientWidth, clientHeight, (...text) => pen.measure(...text));
  }

  #draw(): void {
    this.#frame = 0;
    if (this.surface.hidden || this.surface.clientWidth === 0) return;
    const context = fitted(this.canvas, this.surface);
    this.layout = this.#layOut();
    const { palette } = this.page;
    drawFigure(new CanvasPen(context, palette.font), this.figure, this.layout, palette, this.#isQuick);
    this.page.placeHandles(this);
    this.drawCursor();
  }

  /** What stands at the page's time, over the plot; what is drawn below stays. @param others in place of it */
  drawCursor(others: readonly Reading[] | null = null): void {
    if (this.surface.hidden) return;
    const { cursor, palette } = this.page;
    const context = fitted(this.#over, this.surface);
    const readings = others ?? (cursor === null ? [] : readingsAt(this.figure, cursor.t));
    const t = others === null && cursor !== null ? cursor.t : null;
    drawCursor(new CanvasPen(context, palette.font), this.figure, this.layout, readings, t, palette);
    const isHere = others !== null || (cursor?.from === this.name && this.#isInSight(cursor.t));
    this.#readout.hidden = !isHere || readings.length === 0;
    if (this.#readout.hidden) return;
    const lines = readingText(this.figure, readings, this.page.timeName, t);
    this.#readout.replaceChildren(...lines.map((line) => element("div", {}, line)));
    this.#placeReadout(readings[0]);
  }

  #isInSight(t: number): boolean {
    const [from, until] = this.layout.x.interval;
    return !sharesTime(this.name) || (t >= from && t <= until);
  }

  /** Beside what it tells of, inside the plot. */
  #placeReadout({ x, y }: Reading): void {
    const { area } = this.layout;
    const { offsetWidth, offsetHeight } = this.#readout;
    const px = this.layout.x.toPixel(x);
    const isRight = px + 12 + offsetWidth < area.left + area.width;
    const top = Math.min(this.layout.y.toPixel(y), area.top + area.height - offsetHeight - 4);
    this.#readout.style.left = `${Math.max(0, isRight ? px + 12 : px - 12 - offsetWidth)}px`;
    this.#readout.style.top = `${Math.max(area.top, top)}px`;
  }
}

/** As large as its place, in the screen's own pixels, empty, drawn on in the page's. */
function fitted(canvas: HTMLCanvasElement, { clientWidth, clientHeight }: HTMLElement): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, clientWidth, clientHeight);
  return context;
}

function keysText(name: PlotName): string {
  const common = "Arrow keys move the view, plus and minus zoom, 0 shows all; comma and full stop read values.";
  if (name !== "plane") return common;
  return `${common} Enter adds an initial state in the middle; each initial state is a button behind the plot: arrow keys move it, Delete removes it. With three axes arrow keys turn the view.`;
}
