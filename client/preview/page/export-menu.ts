import { CanvasPen } from "./canvas-pen.ts";
import { csv } from "./csv.ts";
import { button, element } from "./element.ts";
import { tell } from "./host.ts";
import { drawPage, svgOf } from "./picture-file.ts";
import type { PlotView } from "./plot-view.ts";
import { windowOf } from "./view-windows.ts";

/** For print: pixels of the file for each of the page's. */
const pngScale = 3;
const titleHeight = 44;

/** Buttons that save or copy a plot, behind one. */
export function exportMenu(plot: PlotView): HTMLElement {
  const menu = element("details", { class: "menu" });
  const item = (text: string, action: () => void) =>
    button(text, () => {
      menu.open = false;
      action();
    });
  const canCopyPictures = typeof ClipboardItem === "function" && navigator.clipboard?.write !== undefined;
  menu.append(
    element("summary", { class: "button", "aria-label": `Save or copy: ${plot.figure.title}` }, "Save or Copy"),
    element(
      "div",
      { class: "items" },
      item("Save as SVG", () => save(plot, "svg", svg(plot))),
      item(
        "Save as PNG",
        () => void png(plot).then(async (blob) => save(plot, "png", new Uint8Array(await blob.arrayBuffer()))),
      ),
      item("Save as CSV", () => save(plot, "csv", values(plot))),
      item("Copy SVG", () => tell({ kind: "copy", text: svg(plot) })),
      ...(canCopyPictures ? [item("Copy PNG", () => void copyPng(plot))] : []),
      item("Copy CSV", () => tell({ kind: "copy", text: values(plot) })),
    ),
  );
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary")!.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
  });
  return menu;
}

function save(plot: PlotView, ending: "svg" | "png" | "csv", content: string | Uint8Array): void {
  tell({ kind: "save", name: `${plot.page.picture?.model ?? "model"}-${plot.name}`, ending, content });
}

function values({ figure }: PlotView): string {
  return csv(figure.sheet(Number.POSITIVE_INFINITY));
}

function size({ surface: { clientWidth, clientHeight } }: PlotView): readonly [number, number] {
  return [clientWidth, clientHeight + titleHeight];
}

function svg(plot: PlotView): string {
  const { page, figure, canvas } = plot;
  const pen = new CanvasPen(canvas.getContext("2d")!, page.palette.font);
  const window = windowOf(figure, page.state.windows);
  return svgOf(figure, page.subtitle, window, ...size(plot), page.palette, (...text) => pen.measure(...text));
}

function png(plot: PlotView): Promise<Blob> {
  const { page, figure } = plot;
  const [width, height] = size(plot);
  const canvas = element("canvas", { width: width * pngScale, height: height * pngScale });
  const context = canvas.getContext("2d")!;
  context.scale(pngScale, pngScale);
  context.fillStyle = page.palette.background;
  context.fillRect(0, 0, width, height);
  const pen = new CanvasPen(context, page.palette.font);
  drawPage(pen, figure, page.subtitle, windowOf(figure, page.state.windows), width, height, page.palette);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png");
  });
}

async function copyPng(plot: PlotView): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png(plot) })]);
    plot.page.note("The picture is in the clipboard.");
  } catch {
    plot.page.note("The clipboard takes no picture here: save it as PNG.");
  }
}
