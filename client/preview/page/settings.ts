import { mostComponents, type Picture, type View } from "../../../service/preview/picture.ts";
import { options } from "./controls.ts";
import { button, element } from "./element.ts";
import { Field } from "./field.ts";
import { initialStates, readComponents, readState } from "./initial-states.ts";
import type { Page } from "./page.ts";

/** Of more numbers nobody types one after the other. */
const mostTyped = 64;

/** What of the model is shown, and from where it is simulated, to be typed. */
export class Settings {
  readonly section = element("div", { class: "fields" });
  readonly #page: Page;
  readonly #components: Field;
  readonly #axes = element("select");
  readonly #axesLabel = element("label", {}, element("span", {}, "Phase plane"), this.#axes);
  readonly #axesComponents: Field;
  readonly #norm = element("select");
  readonly #until: Field;
  readonly #states = element("fieldset", {}, element("legend", {}, "Initial states"));
  readonly #add: HTMLButtonElement;
  readonly #many = element(
    "p",
    { class: "caption" },
    "They have too many numbers to be typed: click in the phase plane.",
  );
  readonly #fields: Field[] = [];
  #n = 0;

  constructor(page: Page) {
    this.#page = page;
    this.#components = new Field("Components over time", "1, 2, 5-8", (text) => {
      const read = readComponents(text, this.#n, 1, mostComponents);
      return typeof read === "string" ? read : () => page.look({ components: read });
    });
    this.#axesComponents = new Field("Axes", "1, 2 or 1, 2, 3", (text) => {
      const read = readComponents(text, this.#n, 2, 3);
      return typeof read === "string" ? read : () => page.look({ axes: read, box: null });
    });
    this.#axes.addEventListener("change", () => page.look({ axes: axesOf(this.#axes.value, this.#n), box: null }));
    options(
      this.#norm,
      [
        ["", "as required"],
        ["1", "1"],
        ["2", "2"],
        ["inf", "∞"],
      ],
      "",
    );
    this.#norm.addEventListener("change", () => page.look({ norm: (this.#norm.value || null) as View["norm"] }));
    this.#until = new Field("Until", "", (text) => {
      const until = Number(text);
      const from = page.picture?.from ?? 0;
      if (text.trim() === "" || !Number.isFinite(until)) return "a number is expected";
      return until > from ? () => page.look({ until }) : `it begins at ${from}: later is expected`;
    });
    this.#add = button("Add a State", () => {
      page.addTyped(new Array<number>(this.#n).fill(0));
      this.#fields.at(-1)?.input.select();
    });
    const norm = element("label", {}, element("span", {}, "Norm of distances"), this.#norm);
    this.#states.append(this.#add, this.#many);
    this.section.append(
      this.#components.label,
      this.#axesLabel,
      this.#axesComponents.label,
      norm,
      this.#until.label,
      this.#states,
    );
  }

  show(picture: Picture, view: View): void {
    this.#n = picture.states;
    this.#components.show(listed(picture.components));
    this.#components.label.hidden = this.#n < 2;
    const axes = Array.isArray(view.axes) ? (view.axes as readonly number[]) : null;
    const kinds: (readonly [string, string])[] = [
      ["principal", "2 principal directions"],
      ...(this.#n > 2 ? [["principal3", "3 principal directions"] as const] : []),
      ["components", "components"],
    ];
    const value = axes ? "components" : ((view.axes as string | null) ?? (this.#n === 2 ? "components" : "principal"));
    options(this.#axes, kinds, value);
    this.#axesLabel.hidden = this.#n < 3;
    this.#axesComponents.label.hidden = this.#n < 3 || axes === null;
    this.#axesComponents.show(listed(axes ?? [0, 1]));
    if (this.#norm.value !== (view.norm ?? "")) this.#norm.value = view.norm ?? "";
    this.#until.show(String(view.until ?? picture.until));
    this.#showStates(this.#n > mostTyped ? [] : initialStates(picture, view));
  }

  #showStates(states: readonly (readonly number[])[]): void {
    this.#many.hidden = this.#n <= mostTyped;
    this.#add.hidden = this.#n > mostTyped;
    while (this.#fields.length > states.length) this.#fields.pop()!.label.remove();
    while (this.#fields.length < states.length) this.#fields.push(this.#makeState(this.#fields.length));
    states.forEach((state, index) => void this.#fields[index].show(state.join(", ")));
  }

  #makeState(index: number): Field {
    const field = new Field(`State ${index + 1}`, "", (text) => {
      const read = readState(text, this.#n);
      return typeof read === "string" ? read : () => this.#page.changeState(index, read);
    });
    const remove = button("Remove", () => this.#page.removeState(index), { "aria-label": `Remove state ${index + 1}` });
    field.label.append(remove);
    this.#states.insertBefore(field.label, this.#add);
    return field;
  }
}

/** Counted from 1. */
function listed(indices: readonly number[]): string {
  return indices.map((index) => index + 1).join(", ");
}

function axesOf(value: string, n: number): View["axes"] {
  if (value === "components") return [0, 1].slice(0, n);
  return value === "principal3" ? "principal3" : "principal";
}
