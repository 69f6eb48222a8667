import type { View } from "../../../service/preview/picture.ts";
import { button, element } from "./element.ts";
import { tell } from "./host.ts";
import { differs, initialStates } from "./initial-states.ts";
import type { Page } from "./page.ts";
import { Settings } from "./settings.ts";

/** What stands above the plots: which model, what is compared, and the settings. */
export class Controls {
  readonly section = element("div", { class: "controls" });
  readonly #page: Page;
  readonly #model = element("select", { "aria-label": "Model" });
  readonly #repair = element("select", { "aria-label": "Compare with a repair" });
  readonly #worst = element("input", { type: "checkbox" });
  readonly #worstLabel = element("label", { class: "check" }, this.#worst, "Start along the worst direction");
  readonly #lock: HTMLButtonElement;
  readonly #reset: HTMLButtonElement;
  readonly #write: HTMLButtonElement;
  readonly #settings: Settings;
  readonly #details = element("details", { class: "settings" });

  constructor(page: Page) {
    this.#page = page;
    this.#settings = new Settings(page);
    this.#lock = button("Lock", () => tell({ kind: "lock", isLocked: !page.state.origin.isLocked }), {
      title: "Stay with this model when the cursor goes to another one",
    });
    this.#reset = button("Reset to Model", () => page.look({ initial: null, until: null }), {
      title: "Show the initial states that the model states",
    });
    this.#write = button("Write to Model", () => this.#writeToModel(), {
      class: "primary",
      title: "Write these initial states and this end into the model's simulate statement",
    });
    this.#model.addEventListener("change", () => tell({ kind: "model", model: this.#model.value }));
    this.#repair.addEventListener("change", () => {
      const index = Number(this.#repair.value);
      page.compare(index < 0 ? null : page.repairs[index].repair);
    });
    this.#worst.addEventListener("change", () => page.look({ worst: this.#worst.checked }));
    this.#details.append(element("summary", {}, "Initial states and what is shown"), this.#settings.section);
    this.#details.addEventListener("toggle", () => page.keep({ showsSettings: this.#details.open }));
    const bar = element("div", { class: "bar" });
    bar.append(this.#model, this.#lock, this.#repair, this.#worstLabel, this.#reset, this.#write);
    this.section.append(bar, this.#details);
  }

  show(): void {
    const { state, models, picture, choice, repairs } = this.#page;
    options(
      this.#model,
      models.map((name) => [name, name]),
      picture?.model ?? state.origin.model ?? "",
    );
    this.#model.hidden = models.length < 2;
    this.#lock.setAttribute("aria-pressed", String(state.origin.isLocked));
    const chosen = repairs.findIndex(({ repair }) => repair.repair === choice.repair?.repair);
    const titles = repairs.map(({ title }, index): [string, string] => [String(index), `Compare: ${title}`]);
    options(this.#repair, [["-1", "No repair compared"], ...titles], String(chosen));
    this.#repair.hidden = repairs.length === 0 && choice.repair === null;
    this.#worst.checked = choice.view.worst;
    this.#worstLabel.hidden = !(choice.view.worst || (picture?.spectrum && picture.spectrum.lognorm > 0));
    const isOther = picture !== null && differs(choice.view);
    this.#reset.disabled = !isOther;
    this.#write.disabled = !isOther;
    this.#details.hidden = picture === null;
    if (this.#details.open !== state.showsSettings) this.#details.open = state.showsSettings;
    if (picture !== null) this.#settings.show(picture, choice.view);
  }

  #writeToModel(): void {
    const { picture, choice, version } = this.#page;
    if (picture === null) return;
    const spreads = picture.bundles.map(({ spread }) => spread).filter((spread) => spread > 0);
    tell({
      kind: "write",
      model: picture.model,
      version,
      initial: initialStates(picture, choice.view),
      spread: spreads[0] ?? null,
      until: choice.view.until,
    });
  }
}

/** Only where they are others: an open list would close. */
export function options(
  select: HTMLSelectElement,
  entries: readonly (readonly [string, string])[],
  value: string,
): void {
  const same =
    select.options.length === entries.length &&
    entries.every(([key, text], i) => select.options[i].value === key && select.options[i].text === text);
  if (!same) select.replaceChildren(...entries.map(([key, text]) => element("option", { value: key }, text)));
  if (select.value !== value) select.value = value;
}

export type Look = Partial<View>;
