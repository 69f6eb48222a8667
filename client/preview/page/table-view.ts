import { element } from "./element.ts";
import type { Sheet } from "./figure.ts";
import { readableOn } from "./readable-bound.ts";

/** A table that scrolls by itself, also by keyboard. */
export function tableView(sheet: Sheet): HTMLElement {
  const header = element("tr", {}, ...sheet.columns.map((name) => element("th", { scope: "col" }, name)));
  const rows = sheet.rows.map((row) =>
    element(
      "tr",
      {},
      ...row.map((value, k) =>
        typeof value === "number"
          ? element("td", { class: "number" }, readableOn(sheet.sides?.[k], value, 5))
          : element("td", {}, value),
      ),
    ),
  );
  const table = element(
    "table",
    {},
    element("caption", {}, sheet.caption),
    element("thead", {}, header),
    element("tbody", {}, ...rows),
  );
  return element("div", { class: "table", role: "region", "aria-label": sheet.caption, tabindex: 0 }, table);
}
