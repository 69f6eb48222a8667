import { aligned, between } from "./page-parts.ts";
import { KNOWN, type KnownCase, type Margins, type Summary } from "./paper-cases.ts";

export const FIRST_LINE = "<!-- from here on written by npm run bench:paper -->";
export const LAST_LINE = "<!-- to here -->";

/** The tables of docs/paper-method.md, between its two marks. */
export function tables(known: readonly Margins[], summaries: readonly Summary[]): string {
  return [FIRST_LINE, "", knownTable(known), "", randomTable(summaries), "", LAST_LINE].join("\n");
}

/** The page with other tables. @throws {Error} where the marks are not there. */
export const withTables = (page: string, text: string) =>
  between(page, FIRST_LINE, LAST_LINE, text, "docs/paper-method.md");

function knownTable(found: readonly Margins[]): string {
  return aligned([
    ["A", "m\\* by its formula", "paper's method", "proved"],
    ...found.map(({ estimate, proved }, k) => {
      const { name, mstar } = KNOWN[k] as KnownCase;
      // Rounded outwards.
      const [low, high] = proved ? [Math.floor(proved.lower * 1e7) / 1e7, Math.ceil(proved.upper * 1e7) / 1e7] : [0, 0];
      const enclosure = proved && `[${low.toFixed(7)}, ${high.toFixed(7)}]`;
      return [
        name,
        mstar?.toFixed(7) ?? "none",
        estimate === null ? "none" : estimateText(estimate),
        enclosure ?? "none",
      ];
    }),
  ]);
}

/** Not -0.0000000 for what rounding leaves of 0. */
function estimateText(m: number): string {
  return (Math.round(m * 1e7) / 1e7 + 0).toFixed(7);
}

/** One row a summary, as the page shows it. */
export function summaryRow({ ensemble, ...found }: Summary): string[] {
  const { layers, shift, n } = ensemble;
  const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
  return [
    `${layers}`,
    shift === 0 ? "G" : "G - I",
    `${n}`,
    percent(found.missed),
    found.meanShortfall.toFixed(3),
    found.worstShortfall.toFixed(3),
    percent(found.missedByBest),
    percent(found.tooSmall),
    found.meanDeficit.toFixed(3),
    found.worstDeficit.toFixed(3),
  ];
}

function randomTable(summaries: readonly Summary[]): string {
  const [{ samples, marginSamples }] = summaries as [Summary];
  const head = [
    "layers",
    "weights",
    "n",
    "missed",
    "mean",
    "worst",
    "missed by 11 starts",
    "m\\* too small",
    "mean",
    "worst",
  ];
  const counts = `${samples} models in each row for the maximum, the first ${marginSamples} that qualify for the margin.`;
  return `${aligned([head, ...summaries.map(summaryRow)])}\n\n${counts}`;
}
