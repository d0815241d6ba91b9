import { parse } from "csv-parse/sync";

export type CsvRow = Readonly<Record<string, string>>;

/**
 * Reads what `ConvertTo-Csv` prints; anything before the header line is passed over, as a pasted prompt is. null: there is
 * no header line with all of these columns, or the lines under it do not fit it.
 */
export function readCsv(text: string, columns: readonly string[]): readonly CsvRow[] | null {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const header = lines.findIndex((line) => columns.every((column) => cells(line).includes(column.toLowerCase())));
  if (header < 0) return null;
  try {
    return parse(lines.slice(header).join("\n"), { columns: true, skip_empty_lines: true, trim: true, bom: true, relax_column_count_more: false });
  } catch {
    return null;
  }
}

function cells(line: string): readonly string[] {
  return line.split(",").map((cell) => cell.trim().replace(/^"|"$/g, "").toLowerCase());
}

/** A number as PowerShell prints it in any culture that uses no thousands separator; null for anything else. */
export function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^-?\d{1,18}(?:[.,]\d{1,9})?$/.test(text)) return null;
  return Number(text.replace(",", "."));
}
