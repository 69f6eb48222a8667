/** A Markdown table, the first row its head. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const [head] = rows as readonly [readonly string[]];
  const widths = head.map((_, i) => Math.max(3, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [first, ...rest] = rows.map(line);
  return [first, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rest].join("\n");
}

/** A page with other text between two marks. @throws {Error} where the marks are not there. */
export function between(page: string, first: string, last: string, text: string, name: string): string {
  const [from, to] = [page.indexOf(first), page.indexOf(last)];
  if (from < 0 || to < from) throw new Error(`${name} has lost the marks around its tables.`);
  return page.slice(0, from) + text + page.slice(to + last.length);
}
