import type { PictureVerdict } from "../../../service/preview/picture.ts";
import { element, write } from "./element.ts";

const words: Readonly<Record<PictureVerdict["state"], string>> = {
  proved: "Proved",
  refuted: "Refuted",
  undecided: "Undecided",
  unknown: "Not checked",
  running: "Being checked",
  stale: "Out of date",
};

/** Paths in a box of 16: a check mark, a cross, a question mark, a dash, dots, a turning arrow. Shapes tell them apart, not colours alone. */
const signs: Readonly<Record<PictureVerdict["state"], string>> = {
  proved: "M3 8.5l3.5 3.5L13 4.5",
  refuted: "M4 4l8 8M12 4l-8 8",
  undecided: "M5 6a3 3 0 1 1 4 2.8c-.7.3-1 .7-1 1.4M8 13v.3",
  unknown: "M4 8h8",
  running: "M3.5 8h.3M8 8h.3M12.5 8h.3",
  stale: "M13 8a5 5 0 1 1-2-4M11 1v3H8",
};

/** Where the model stands, in words and with a sign, and what the page has to say beside that. */
export class Headline {
  readonly section = element("header");
  readonly #verdict = element("p", { class: "verdict", role: "status" });
  readonly #remarks = element("ul", { class: "remarks" });
  readonly #progress = element("p", { class: "progress", role: "status" });
  #shown = "";

  constructor() {
    this.section.append(this.#verdict, this.#progress, this.#remarks);
  }

  show(title: string, { state, text }: PictureVerdict, remarks: readonly string[]): void {
    const sentence = text.charAt(0).toUpperCase() + text.slice(1);
    const key = `${title}\n${state}\n${sentence}`;
    if (key !== this.#shown) {
      this.#shown = key;
      this.#verdict.className = `verdict ${state}`;
      this.#verdict.replaceChildren(
        element("span", { class: "model" }, `${title}: `),
        sign(state),
        element("span", { class: "word" }, words[state]),
        " ",
        element("span", {}, sentence),
      );
    }
    this.#remarks.replaceChildren(...remarks.map((remark) => element("li", {}, remark)));
  }

  /** A moment's note; "" for none. */
  note(text: string): void {
    write(this.#progress, text);
  }
}

function sign(state: PictureVerdict["state"]): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", signs[state]);
  svg.append(path);
  return svg;
}
