import { type Case, cases, LENGTHS, PIXEL_EPSILONS } from "./mnist-cases.ts";
import type { Row } from "./mnist-run.ts";
import { aligned, between } from "./page-parts.ts";

export const FIRST_LINE = "<!-- from here on written by npm run experiment:mnist -->";
export const LAST_LINE = "<!-- to here -->";

const accuracy = (x: number) => x.toFixed(3);
/** Of a bound from above: never less than it. */
function up(x: number, digits: number): string {
  const near = x.toFixed(digits);
  return Number(near) >= x ? near : (x + 10 ** -digits).toFixed(digits);
}

/** Both tables: under FGSM, and measured beside certified. */
export function tablesOf(rows: readonly Row[]): string {
  const first = [
    ["", "clean", ...PIXEL_EPSILONS.slice(1).map((e) => `FGSM ${e}`), "lognorm(2) <=", "steps expand <=", "encoder <="],
    ...grouped(rows, ({ fgsm, lognorm, flow, encoder }) => [
      ...fgsm.map(accuracy),
      up(lognorm, 2),
      up(flow, 2),
      up(encoder, 4),
    ]),
  ];
  const second = [
    ["", ...LENGTHS.slice(1).map((e) => `${e}`)],
    ...grouped(rows, ({ measured, certified }) =>
      measured.slice(1).map((m, i) => `${accuracy(m)} / ${accuracy(certified[i + 1]!)}`),
    ),
  ];
  return [
    FIRST_LINE,
    "",
    aligned(first),
    "",
    "In the 2-norm, measured / certified:",
    "",
    aligned(second),
    "",
    LAST_LINE,
  ].join("\n");
}

/** Each group under its name. */
function grouped(rows: readonly Row[], cells: (row: Row) => string[]): string[][] {
  return rows.flatMap((row, i) => {
    const found = cells(row);
    const line = [row.name, ...found];
    return rows[i - 1]?.group === row.group ? [line] : [[`**${row.group}**`, ...found.map(() => "")], line];
  });
}

export const withTables = (page: string, text: string) => between(page, FIRST_LINE, LAST_LINE, text, "docs/mnist.md");

/** What the page's tables say, to the digits that they have, of the cases that are in both. @throws {Error} where one is in one only */
export function rowsIn(page: string): Row[] {
  const text = page.slice(page.indexOf(FIRST_LINE), page.indexOf(LAST_LINE));
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  const cellsOf = (name: string) =>
    lines
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
      .filter(([first]) => first === name);
  return cases.flatMap(({ group, name }: Case) => {
    const [first, second] = cellsOf(name);
    if (!first && !second) return [];
    if (!first || !second) throw new Error(`docs/mnist.md has ${name} in one of its tables only`);
    const numbers = first.slice(1).map(Number);
    const pairs = second.slice(1).map((cell) => cell.split(" / ").map(Number) as [number, number]);
    const many = PIXEL_EPSILONS.length;
    const clean = numbers[0]!;
    return {
      group,
      name,
      fgsm: numbers.slice(0, many),
      measured: [clean, ...pairs.map(([m]) => m)],
      certified: [clean, ...pairs.map(([, c]) => c)],
      lognorm: numbers[many]!,
      flow: numbers[many + 1]!,
      encoder: numbers[many + 2]!,
    };
  });
}
