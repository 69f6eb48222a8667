import type { Colour } from "./figure.ts";

/** Colours as CSS writes them, of the editor's theme as it is now. */
export interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly good: string;
  readonly bad: string;
  readonly warning: string;
  readonly present: string;
  readonly repaired: string;
  readonly series: readonly string[];
  /** Whether faint lines would not be seen. */
  readonly isHighContrast: boolean;
  readonly font: string;
}

export function colourOf(palette: Palette, colour: Colour): string {
  return typeof colour === "number" ? palette.series[colour % palette.series.length] : palette[colour];
}

/** The first of these variables of VS Code that the theme has, else the last word. */
const variables = {
  background: ["--vscode-editor-background", "#ffffff"],
  foreground: ["--vscode-editor-foreground", "--vscode-foreground", "#1f1f1f"],
  muted: ["--vscode-descriptionForeground", "--vscode-foreground", "#616161"],
  good: ["--vscode-charts-green", "#388a34"],
  bad: ["--vscode-charts-red", "#e51400"],
  warning: ["--vscode-charts-yellow", "#bf8803"],
  present: ["--vscode-charts-blue", "#1a85ff"],
  repaired: ["--vscode-charts-orange", "#d18616"],
} as const;

const seriesVariables = [
  ["--vscode-charts-blue", "#1a85ff"],
  ["--vscode-charts-orange", "#d18616"],
  ["--vscode-charts-purple", "#652d90"],
  ["--vscode-charts-green", "#388a34"],
  ["--vscode-charts-red", "#e51400"],
  ["--vscode-charts-yellow", "#bf8803"],
  ["--vscode-terminal-ansiCyan", "#0598bc"],
  ["--vscode-terminal-ansiMagenta", "#bc05bc"],
];

/** @param read the value of a variable, "" where the theme has none */
export function paletteFrom(read: (variable: string) => string, isHighContrast: boolean): Palette {
  const first = (names: readonly string[]) => {
    for (const name of names) {
      const value = name.startsWith("--") ? read(name).trim() : name;
      if (value !== "") return value;
    }
    return names[names.length - 1];
  };
  const muted = isHighContrast ? first(variables.foreground) : first(variables.muted);
  return {
    background: first(variables.background),
    foreground: first(variables.foreground),
    muted,
    grid: muted,
    good: first(variables.good),
    bad: first(variables.bad),
    warning: first(variables.warning),
    present: first(variables.present),
    repaired: first(variables.repaired),
    series: seriesVariables.map(first),
    isHighContrast,
    font: first(["--vscode-font-family", "sans-serif"]),
  };
}
