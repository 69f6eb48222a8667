import { element, write } from "./element.ts";

let made = 0;

/** A text field that says at once what is wrong with its text, and does what is right when it is left or Enter is pressed. */
export class Field {
  readonly label: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #problem: HTMLElement;
  readonly #read: (text: string) => (() => void) | string;

  /** @param read what is to be done with a text, or what is wrong with it */
  constructor(name: string, example: string, read: (text: string) => (() => void) | string) {
    const id = `field-${++made}`;
    this.#read = read;
    this.input = element("input", {
      id,
      type: "text",
      placeholder: example,
      spellcheck: "false",
      autocomplete: "off",
      "aria-describedby": `${id}-problem`,
    });
    this.#problem = element("span", { id: `${id}-problem`, class: "problem", role: "alert" });
    this.label = element("div", { class: "field" }, element("label", { for: id }, name), this.input, this.#problem);
    this.input.addEventListener("input", () => this.#check());
    this.input.addEventListener("change", () => {
      const action = this.#check();
      if (action !== null) action();
    });
  }

  /** What it is by now, unless a person is about to write something else. */
  show(text: string): void {
    if (document.activeElement === this.input && this.#problem.textContent !== "") return;
    if (this.input.value !== text) this.input.value = text;
    this.#say("");
  }

  #check(): (() => void) | null {
    const read = this.#read(this.input.value);
    this.#say(typeof read === "string" ? read : "");
    return typeof read === "string" ? null : read;
  }

  #say(problem: string): void {
    write(this.#problem, problem);
    this.input.setAttribute("aria-invalid", String(problem !== ""));
  }
}
