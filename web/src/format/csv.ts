/** A column of an export. */
export interface ExportColumn {
  /** The field of a row. */
  key: string;
  title: string;
}

/** A row of an export: its fields by key. */
export type ExportRow = Readonly<Record<string, unknown>>;

/** Text that spreadsheets take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // An apostrophe makes a spreadsheet show the text instead of computing it.
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV (RFC 4180), with the titles of the columns first. */
export function toCsv(columns: readonly ExportColumn[], rows: readonly ExportRow[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ key }) => row[key]))];
  return `${lines.map((line) => line.map(cellOf).join(',')).join('\r\n')}\r\n`;
}
