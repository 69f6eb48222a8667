import type { ToPage } from "../messages.ts";
import { button, element, write } from "./element.ts";
import { tell } from "./host.ts";

/** Why there is nothing to draw, and what to do about it. */
export class Problem {
  readonly section = element("div", { class: "problem-box", role: "alert", hidden: true });
  readonly #text = element("p", { class: "text" });
  readonly #advice = element("p");
  readonly #go = button("Go to It", () => tell({ kind: "reveal" }));

  constructor() {
    this.section.append(this.#text, this.#advice, this.#go);
  }

  show(problem: (ToPage & { readonly kind: "problem" }) | null): void {
    this.section.hidden = problem === null;
    if (problem === null) return;
    write(this.#text, problem.text);
    write(this.#advice, problem.advice);
    this.#go.hidden = !problem.hasPlace;
  }
}
