import { type Palette, paletteFrom } from "./palette.ts";

/** In forced colours the system's take the place of all others. */
const forced: Readonly<Record<string, string>> = {
  "--vscode-editor-background": "Canvas",
  "--vscode-editor-foreground": "CanvasText",
  "--vscode-foreground": "CanvasText",
};

const forcedColours = matchMedia("(forced-colors: active)");

export function currentPalette(): Palette {
  const isHighContrast = /vscode-high-contrast/.test(document.body.className) || forcedColours.matches;
  const style = getComputedStyle(document.documentElement);
  const read = (variable: string) => (forcedColours.matches && forced[variable]) || style.getPropertyValue(variable);
  return paletteFrom(read, isHighContrast);
}

/** VS Code tells of another theme by the classes and variables of its elements. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  forcedColours.addEventListener("change", changed);
}
