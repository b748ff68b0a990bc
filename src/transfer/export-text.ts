import type { Column } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { escapeFormula } from '../core/formulas.ts';
import { type ExportedRow, exportedColumns } from './read-events.ts';

/** The formats of an export that are text. */
export const TEXT_FORMATS = ['jsonl', 'csv'] as const;

export type TextFormat = (typeof TEXT_FORMATS)[number];

/** Writes the events of a dataset as text. */
export interface ExportText {
  /** What comes before the first event. */
  readonly head: string;
  write(rows: readonly ExportedRow[]): string;
}

/**
 * The text of an export. Each line has all columns, so that the import finds them and no value is
 * lost: see docs/moving-data.md.
 */
export function createExportText(format: TextFormat, dataset: Dataset): ExportText {
  const columns = exportedColumns(dataset);
  const line = format === 'csv' ? csvLine : jsonLine;
  return {
    head: format === 'csv' ? `${columns.map(({ name }) => name).join(',')}\r\n` : '',
    write: (rows) => rows.map((row) => line(columns, row)).join(''),
  };
}

/**
 * In a JSON column, the import parses a text as JSON. So a value that is itself a text is written
 * as JSON.
 */
const isTextInJson = ({ kind }: Column, value: unknown): value is string =>
  kind === 'json' && typeof value === 'string';

function jsonLine(columns: readonly Column[], row: ExportedRow): string {
  const values = columns.map((column, index) => {
    const value = row[index];
    return [column.name, isTextInJson(column, value) ? JSON.stringify(value) : value];
  });
  return `${JSON.stringify(Object.fromEntries(values))}\n`;
}

/**
 * RFC 4180. All texts are in quotes, so an empty text differs from an absent value, which is an
 * empty field.
 */
function csvLine(columns: readonly Column[], row: ExportedRow): string {
  return `${columns.map((column, index) => csvField(column, row[index])).join(',')}\r\n`;
}

function csvField({ kind }: Column, value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') {
    if (kind !== 'json') return String(value);
  }
  const text = kind === 'json' || kind === 'texts' ? JSON.stringify(value) : String(value);
  return `"${escapeFormula(text).replaceAll('"', '""')}"`;
}
