import { createReadStream, type ReadStream } from 'node:fs';
import { type CastingContext, CsvError, parse } from 'csv-parse';
import { parseExactJson } from '../../core/exact-json.ts';
import { unescapeFormula } from '../../core/formulas.ts';
import { isObject } from '../../core/is-object.ts';
import { messageOf } from '../../core/thrown.ts';
import { splitBytes } from '../split-bytes.ts';
import { UsageError } from './options.ts';

/** One row of the file: its fields by name, or why it cannot be read. */
export interface FileRecord {
  readonly line: number;
  /** Empty when there is a problem. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** The rows of a file, read on demand. */
export interface RecordFile {
  readonly records: AsyncIterable<FileRecord>;
  /** Bytes read so far, of `size`: for the progress bar. */
  bytesRead(): number;
  close(): void;
}

export const FILE_FORMATS = ['csv', 'jsonl', 'parquet'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

/** A row longer than this is broken, for example by a quote that never ends. */
const MAX_ROW_BYTES = 4_000_000;
const LINE_FEED = 10;
/** Texts of a missing value in a CSV, as databases write it. In quotes they are text. */
const NO_VALUES = new Set(['', 'null', 'NULL', '\\N']);

/**
 * Opens the file. A row that cannot be read is returned with its line and the problem.
 */
export function openRecords(file: string, format: FileFormat, delimiter: string): RecordFile {
  if (format === 'parquet') return { records: readParquetRows(file), bytesRead: () => 0, close: () => {} };
  const input = createReadStream(file);
  const records = format === 'csv' ? readCsv(input, delimiter) : readJsonLines(input);
  return { records, bytesRead: () => input.bytesRead, close: () => input.destroy() };
}

interface CsvRow {
  readonly info: { readonly empty_lines: number };
  readonly record: readonly Field[];
}

/** Null if the file has no value there. */
type Field = string | null;

/**
 * Reads CSV as in RFC 4180, with a header, with or without a byte order mark. A stray quote in a
 * field is kept literally.
 *
 * @throws UsageError when the parser cannot find where rows end: a quote that is never closed.
 */
async function* readCsv(input: ReadStream, delimiter: string): AsyncGenerator<FileRecord> {
  const parser = parse({
    bom: true,
    cast: readField,
    delimiter,
    info: true,
    max_record_size: MAX_ROW_BYTES,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  input.on('error', (error) => parser.destroy(error));
  let header: Header | null = null;
  // The parser counts a CRLF in quotes as two lines, so the lines are counted here.
  let breaks = 0;
  try {
    const rows: AsyncIterable<CsvRow> = input.pipe(parser);
    for await (const { info, record } of rows) {
      const line = 1 + breaks + info.empty_lines;
      breaks += 1 + countBreaks(record);
      if (header === null) header = readHeader(record);
      else yield toRecord(header, record, line);
    }
  } catch (error) {
    if (error instanceof CsvError) throw new UsageError(`The file is not valid CSV: ${error.message}.`);
    throw error;
  }
}

/**
 * Reads a field. Those of the first row are names and stay unchanged. Text that was protected from
 * spreadsheets, as in our own exports, loses its apostrophe.
 */
function readField(text: string, { quoting, records }: CastingContext): Field {
  if (records === 0) return text;
  return !quoting && NO_VALUES.has(text) ? null : unescapeFormula(text);
}

function countBreaks(fields: readonly Field[]): number {
  let count = 0;
  for (const field of fields) count += field?.match(/\r\n|\r|\n/g)?.length ?? 0;
  return count;
}

function unreadableRow(line: number, problem: string): FileRecord {
  return { line, values: {}, problem };
}

/** The names of the columns. */
type Header = readonly string[];

/**
 * Ignores empty cells at the end of the header, which spreadsheets leave behind. An empty cell
 * before the end is a column without a name; it is named by its position.
 */
function readHeader(cells: readonly Field[]): Header {
  const names = cells.map((cell) => (cell ?? '').trim());
  const header = names
    .slice(0, names.findLastIndex((name) => name !== '') + 1)
    .map((name, index) => name || `column ${index + 1}`);
  const repeated = header.find((name, index) => header.indexOf(name) !== index);
  if (repeated !== undefined) throw new UsageError(`The file's header has the column "${repeated}" twice.`);
  return header;
}

/** A row may be longer than the header if the additional cells are empty. */
function toRecord(header: Header, fields: readonly Field[], line: number): FileRecord {
  const isSurplus = (field: Field, index: number) => index >= header.length && field !== '' && field !== null;
  if (fields.length < header.length || fields.some(isSurplus)) {
    return unreadableRow(line, `The row has ${fields.length} fields, the header has ${header.length}.`);
  }
  return { line, values: Object.fromEntries(header.map((name, index) => [name, fields[index]])) };
}

/**
 * Reads one JSON object per line. Only LF and CRLF end a line, because JSON may contain a literal
 * U+2028.
 */
async function* readJsonLines(input: ReadStream): AsyncGenerator<FileRecord> {
  let line = 0;
  for await (const bytes of splitBytes(input, LINE_FEED)) {
    line++;
    const text = bytes.toString();
    const json = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (json.trim() !== '') yield parseLine(json, line);
  }
}

/**
 * Reads the rows of a Parquet file. `line` is the number of the row.
 *
 * @throws UsageError if it is not such a file
 */
async function* readParquetRows(file: string): AsyncGenerator<FileRecord> {
  const { readParquet } = await import('../../transfer/parquet.ts');
  let row = 0;
  try {
    for await (const rows of readParquet(file)) {
      for (const json of rows) yield parseLine(json, ++row);
    }
  } catch (error) {
    if (row > 0) throw error;
    throw new UsageError(`The file cannot be read as Parquet: ${messageOf(error)}`);
  }
}

function parseLine(json: string, line: number): FileRecord {
  let value: unknown;
  try {
    value = parseExactJson(json);
  } catch (error) {
    return unreadableRow(line, `The line is not valid JSON: ${messageOf(error)}`);
  }
  if (!isObject(value)) {
    return unreadableRow(line, 'The line is not a JSON object.');
  }
  return { line, values: value };
}
