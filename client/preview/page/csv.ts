import type { Sheet } from "./figure.ts";

/** With a header line, lines ended as RFC 4180 has them. Numbers read back as the same ones; none is an empty cell. */
export function csv({ columns, rows }: Sheet): string {
  return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: number | string): string {
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
