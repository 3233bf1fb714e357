import { stripVTControlCharacters } from "node:util";

/** How many columns a text takes on a terminal. */
export function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/**
 * Rows as lines with aligned columns.
 *
 * @param rows each a list of cells; shorter rows are allowed.
 * @param indent put before each line. Default: two spaces.
 */
export function table(rows: readonly (readonly string[])[], indent = "  "): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(cell));
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - width(cell)));
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}
