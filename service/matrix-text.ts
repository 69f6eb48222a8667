import { type MatrixFacts, matrixFacts } from "./matrix-facts.ts";
import { numberText } from "./rounding.ts";

/** More entries than these have a course worth drawing. */
const fewEntries = 12;
const bars = "▁▂▃▄▅▆▇█";

/** What there is to say of a vector or a matrix: its entries, its norms, its singular values. Markdown. */
export function matrixRemarks(data: Float64Array, shape: readonly number[]): string[] {
  if (shape.length === 0) return [];
  const facts = matrixFacts(data, shape);
  const remarks = [entriesText(data, facts)];
  if (data.length >= fewEntries && facts.least < facts.greatest) remarks.push(histogramText(facts));
  remarks.push(shape.length === 2 ? normsTable(facts) : vectorNorms(facts));
  const singular = singularText(facts);
  return singular === null ? remarks : [...remarks, singular];
}

/** `entries in [-2, 2], 25 % zeros` */
function entriesText(data: Float64Array, { least, greatest, mean, zeros }: MatrixFacts): string {
  const parts = [`entries in [${short(least)}, ${short(greatest)}]`];
  if (data.length >= fewEntries) parts.push(`mean ${short(mean)}`);
  if (zeros > 0) parts.push(`${numberText(Number(((100 * zeros) / data.length).toPrecision(2)))} % zeros`);
  return parts.join(", ");
}

/** The heights are relative to the fullest bin; a bin that is not empty is never drawn so. */
function histogramText({ histogram, least, greatest }: MatrixFacts): string {
  const most = Math.max(...histogram);
  const drawn = histogram.map((count) => (count === 0 ? " " : bars[Math.ceil((count / most) * bars.length) - 1]));
  return `\`${short(least)} ▕${drawn.join("")}▏ ${short(greatest)}\``;
}

function normsTable({ norm1, normInf, frobenius, singular, lognorms }: MatrixFacts): string {
  const two = singular?.values[0];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cell = (value: number | null | undefined) => (value == null ? "" : short(value));
  return [
    row(["≈", "1", "2", "inf", "Frobenius"]),
    "| --- | --- | --- | --- | --- |",
    row([
      "norm",
      short(norm1),
      two === undefined ? "" : settled(two, singular!.change),
      short(normInf),
      short(frobenius),
    ]),
    ...(lognorms === null ? [] : [row(["lognorm", ...lognorms.map(cell), ""])]),
  ].join("\n");
}

function vectorNorms({ norm1, normInf, frobenius }: MatrixFacts): string {
  return `norms ≈ ${short(norm1)} (1), ${short(frobenius)} (2), ${short(normInf)} (inf)`;
}

/** As many digits as the last steps of the search agree on. */
function settled(value: number, change: number): string {
  const digits = change > 0 ? Math.floor(-Math.log10(change)) : 4;
  return numberText(Number(value.toPrecision(Math.min(4, Math.max(1, digits)))));
}

function singularText({ singular }: MatrixFacts): string | null {
  if (singular === null || singular.values.length < 2) return null;
  const { values, change } = singular;
  return `largest singular values ≈ ${values.map((value) => settled(value, change)).join(", ")}`;
}

export function short(x: number): string {
  return numberText(Number(x.toPrecision(4)));
}
