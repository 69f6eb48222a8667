import { type Picture, plainView, type View } from "../../../service/preview/picture.ts";
import type { Choice, PageState, Seen, ToPage } from "../messages.ts";
import { Controls } from "./controls.ts";
import { element } from "./element.ts";
import type { PlotName } from "./figure.ts";
import { figuresOf } from "./figures.ts";
import { Handles } from "./handles.ts";
import { Headline } from "./headline.ts";
import { store, storedState, tell } from "./host.ts";
import { initialStates, stateAt } from "./initial-states.ts";
import type { Palette } from "./palette.ts";
import { PlotView } from "./plot-view.ts";
import { Problem } from "./problem.ts";
import { firstRotation, rotated } from "./project.ts";
import { unitOf } from "./scale.ts";
import { currentPalette, onThemeChange } from "./theme.ts";
import { sharesTime, withWindow } from "./view-windows.ts";

/** A time that a person points at, and in which plot. */
export interface Cursor {
  readonly t: number;
  readonly from: PlotName;
}

type Made = ToPage & { readonly kind: "picture" };

const plainChoice: Choice = { view: plainView, repair: null };
/** After so long without an answer a person is told that there will be one. In milliseconds. */
const patience = 250;
const boxPause = 300;

/** The whole page: what it shows by now, what of that a person has chosen, and its parts. */
export class Page {
  state: PageState = storedState() ?? {
    origin: { uri: "", model: null, isLocked: false, choices: {} },
    rotation: firstRotation,
    tables: [],
    showsSettings: false,
    model: "",
    windows: {},
  };
  choice: Choice = plainChoice;
  palette: Palette = currentPalette();
  cursor: Cursor | null = null;
  models: readonly string[] = [];
  #made: Made | null = null;
  readonly #headline = new Headline();
  readonly #controls = new Controls(this);
  readonly #problem = new Problem();
  readonly #handles = new Handles(this);
  readonly #plots: PlotView[] = [];
  readonly #grid = element("div", { class: "plots" });
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #boxTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    document.body.append(
      element("main", {}, this.#headline.section, this.#problem.section, this.#controls.section, this.#grid),
    );
    this.#controls.show();
    onThemeChange(() => {
      this.palette = currentPalette();
      for (const plot of this.#plots) plot.redraw();
    });
    addEventListener("message", ({ data }: MessageEvent<ToPage>) => this.#receive(data));
    tell({ kind: "ready" });
  }

  get picture(): Picture | null {
    return this.#made?.picture ?? null;
  }

  get version(): number {
    return this.#made?.version ?? 0;
  }

  get repairs(): Made["repairs"] {
    return this.#made?.repairs ?? [];
  }

  get timeName(): string {
    return this.picture?.timeName ?? "t";
  }

  /** Of a file that holds a plot. */
  get subtitle(): string {
    const { picture } = this;
    return picture ? `${picture.model}: ${picture.verdict.text}` : "";
  }

  #receive(message: ToPage): void {
    clearTimeout(this.#waiting);
    switch (message.kind) {
      case "computing":
        this.#waiting = setTimeout(() => this.note("Computing…"), patience);
        return;
      case "written":
        this.look({ initial: null, until: null });
        return;
      case "origin":
        break;
      case "picture":
        this.#take(message);
        break;
      case "problem":
        this.note("");
        this.models = message.models;
        this.#problem.show(message);
        // What was drawn is no picture of the text as it is.
        this.#grid.classList.add("old");
    }
    this.keep({ origin: message.origin });
    this.#controls.show();
  }

  #take(made: Made): void {
    this.note("");
    const { model } = made.picture;
    if (this.picture?.model !== model || this.state.origin.uri !== made.origin.uri) {
      this.choice = made.origin.choices[model] ?? plainChoice;
      if (this.state.model !== model) this.keep({ model, windows: {} });
    }
    this.#made = made;
    this.models = made.models;
    this.#problem.show(null);
    this.#grid.classList.remove("old");
    this.#headline.show(model, made.picture.verdict, made.picture.remarks);
    this.#drawAll();
  }

  #drawAll(): void {
    if (this.picture === null) return;
    const figures = figuresOf(this.picture, this.state.rotation);
    figures.forEach((figure, index) => {
      if (this.#plots.length <= index) {
        const plot = new PlotView(this, figure);
        this.#plots.push(plot);
        this.#grid.append(plot.section);
      }
      this.#plots[index].show(figure);
    });
  }

  note(text: string): void {
    this.#headline.note(text);
  }

  placeHandles(plot: PlotView): void {
    if (plot.name === "plane") this.#handles.place(plot);
  }

  /** Keeps it over a time when the page is hidden, too. */
  keep(change: Partial<PageState>): void {
    this.state = { ...this.state, ...change };
    store(this.state);
  }

  setCursor(cursor: Cursor | null): void {
    if (cursor === null && this.cursor === null) {
      for (const plot of this.#plots) if (!sharesTime(plot.name)) plot.drawCursor();
      return;
    }
    this.cursor = cursor;
    for (const plot of this.#plots) plot.drawCursor();
  }

  setWindow(name: PlotName, window: Partial<Seen>): void {
    this.keep({ windows: withWindow(this.state.windows, name, window) });
    for (const plot of this.#plots)
      if (plot.name === name || (sharesTime(name) && sharesTime(plot.name))) plot.redraw(true);
    if (name === "plane") this.#askForBox();
  }

  resetWindow(name: PlotName): void {
    this.setWindow(name, { x: null, y: null });
    if (name === "plane" && this.state.rotation !== firstRotation) this.#setRotation(firstRotation);
  }

  turn(byTurn: number, byLift: number): void {
    this.#setRotation(rotated(this.state.rotation, byTurn, byLift));
  }

  #setRotation(rotation: PageState["rotation"]): void {
    this.keep({ rotation });
    const plot = this.#plots.find(({ name }) => name === "plane");
    if (plot === undefined || this.picture === null) return;
    plot.figure = figuresOf(this.picture, rotation).find(({ name }) => name === "plane")!;
    plot.redraw(true);
  }

  /** The vector field of what is seen, once the view rests. */
  #askForBox(): void {
    clearTimeout(this.#boxTimer);
    this.#boxTimer = setTimeout(() => {
      const seen = this.state.windows.plane;
      const plot = this.#plots.find(({ name }) => name === "plane");
      if (!plot || this.picture?.plane?.labels.length !== 2) return;
      const { x, y } = plot.layout;
      this.look({ box: seen?.x || seen?.y ? [...x.interval, ...y.interval] : null });
    }, boxPause);
  }

  toggleTable(name: PlotName): void {
    const { tables } = this.state;
    this.keep({ tables: tables.includes(name) ? tables.filter((one) => one !== name) : [...tables, name] });
    const plot = this.#plots.find((one) => one.name === name);
    plot?.show(plot.figure);
  }

  /** Another look at the model: it is asked for. */
  look(change: Partial<View>): void {
    this.#choose({ ...this.choice, view: { ...this.choice.view, ...change } });
  }

  compare(repair: Choice["repair"]): void {
    this.#choose({ ...this.choice, repair });
  }

  #choose(choice: Choice): void {
    if (this.picture === null) return;
    this.choice = choice;
    tell({ kind: "choose", model: this.picture.model, choice });
    this.#controls.show();
    for (const plot of this.#plots) this.placeHandles(plot);
  }

  /** Where a person has clicked in the phase plane. */
  addState(coordinates: readonly number[]): void {
    const plane = this.picture?.plane;
    const plot = this.#plots.find(({ name }) => name === "plane");
    if (!plane || !plot) return;
    this.addTyped(stateAt(plane, coordinates, unitOf(plot.layout)));
    this.#handles.focus(initialStates(this.picture!, this.choice.view).length - 1);
  }

  addTyped(state: readonly number[]): void {
    if (this.picture) this.look({ initial: [...initialStates(this.picture, this.choice.view), state] });
  }

  changeState(index: number, state: readonly number[]): void {
    if (this.picture) this.look({ initial: initialStates(this.picture, this.choice.view).with(index, state) });
  }

  removeState(index: number): void {
    if (this.picture) this.look({ initial: initialStates(this.picture, this.choice.view).toSpliced(index, 1) });
  }
}
