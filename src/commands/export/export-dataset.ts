import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Store } from '../../storage/store.ts';
import { writePosition } from '../../transfer/export-position.ts';
import { createExportText, type TextFormat } from '../../transfer/export-text.ts';
import {
  type ExportedPage,
  type ExportScope,
  exportedColumns,
  readEvents,
} from '../../transfer/read-events.ts';
import type { Progress } from '../progress.ts';
import { writeWhole } from './whole-file.ts';

export type ExportFormat = TextFormat | 'parquet';

/** What an export has written. */
export interface ExportSummary {
  readonly dataset: string;
  readonly project: string;
  readonly rows: number;
  /** Null: standard output. */
  readonly file: string | null;
  /** Where the next export can continue; null: there are no events. */
  readonly cursor: string | null;
}

export interface DatasetExport {
  readonly store: Store;
  readonly scope: ExportScope;
  readonly format: ExportFormat;
  /** Null: `output`. */
  readonly file: string | null;
  readonly output: Writable;
  readonly progress: Progress;
}

/** Streams the events of a dataset to a file or to an output, holding one page in memory. */
export async function exportDataset(job: DatasetExport): Promise<ExportSummary> {
  const { store, scope, file, format, output } = job;
  const counted = countPages(readEvents(store, scope), job);
  if (file === null) {
    await pipeline(Readable.from(textOf(job, counted.pages)), output, { end: false });
  } else {
    await writeWhole(file, (partial) =>
      format === 'parquet'
        ? writeParquetFile(job, counted.pages, partial)
        : pipeline(Readable.from(textOf(job, counted.pages)), createWriteStream(partial)),
    );
  }
  job.progress.update(1, counted.text());
  return { dataset: scope.dataset.name, project: scope.projectId, file, ...counted.result() };
}

async function* textOf(
  { scope, format }: DatasetExport,
  pages: AsyncIterable<ExportedPage>,
): AsyncGenerator<string> {
  const text = createExportText(format === 'csv' ? 'csv' : 'jsonl', scope.dataset);
  if (text.head !== '') yield text.head;
  for await (const { rows } of pages) yield text.write(rows);
}

/** DuckDB makes the file from JSON lines, which lie beside it meanwhile. */
async function writeParquetFile(
  job: DatasetExport,
  pages: AsyncIterable<ExportedPage>,
  file: string,
): Promise<void> {
  const rows = `${file}.jsonl.gz`;
  try {
    await pipeline(Readable.from(jsonOf(job, pages)), createGzip({ level: 1 }), createWriteStream(rows));
    const { writeParquet } = await import('../../transfer/parquet.ts');
    await writeParquet({ rows, file }, exportedColumns(job.scope.dataset));
  } finally {
    await rm(rows, { force: true });
  }
}

async function* jsonOf({ scope }: DatasetExport, pages: AsyncIterable<ExportedPage>): AsyncGenerator<string> {
  const names = exportedColumns(scope.dataset).map(({ name }) => name);
  for await (const { rows } of pages) {
    yield rows
      .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at]])))}\n`)
      .join('');
  }
}

/** Counts the rows that pass, and shows progress by the time of the last event. */
function countPages(pages: AsyncIterable<ExportedPage>, { scope, progress }: DatasetExport) {
  let rows = 0;
  let last: ExportedPage['last'] | null = null;
  let first: number | null = scope.from;
  const text = () => `${rows.toLocaleString('en')} events`;
  async function* counted(): AsyncGenerator<ExportedPage> {
    for await (const page of pages) {
      rows += page.rows.length;
      last = page.last;
      first ??= page.last.timestamp;
      const end = scope.to ?? Date.now();
      progress.update(
        Math.min(0.99, Math.max(0, (last.timestamp - first) / Math.max(1, end - first))),
        text(),
      );
      yield page;
    }
  }
  return { pages: counted(), text, result: () => ({ rows, cursor: last && writePosition(last) }) };
}
