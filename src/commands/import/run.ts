import type { Progress } from '../progress.ts';
import { createEventReader, type Event, type EventReader, type RejectedRow } from './events.ts';
import { type Mapping, UsageError } from './options.ts';
import type { FileFormat, FileRecord, RecordFile } from './records.ts';
import type { BatchOutcome, Target } from './target.ts';

/** The result of an import. */
export interface ImportResult {
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** The first rejected rows, by line. */
  readonly firstRejected: readonly RejectedRow[];
}

export interface ImportJob {
  readonly format: FileFormat;
  readonly file: RecordFile;
  /** Bytes of the file. */
  readonly size: number;
  /** Hexadecimal digest of the file's content. The ids of the rows derive from it. */
  readonly fileId: string;
  readonly mapping: Mapping;
  readonly target: Target;
  readonly progress: Progress;
  /** Called once with the fields that are not imported, when the fields of the file are known. */
  readonly onUnused?: (fields: readonly string[]) => void;
}

const ROWS_PER_BATCH = 1000;
const SHOWN_REJECTIONS = 10;

interface Batch {
  readonly events: readonly Event[];
  /** The line of each event. */
  readonly lines: readonly number[];
}

/**
 * Streams the rows of the file to the target in batches. While one is stored, the next is read.
 * Rows that cannot be read or that the target rejects are counted and do not stop the others.
 *
 * @throws UsageError when the file has no rows, or lacks a field that the dataset requires.
 */
export async function runImport(job: ImportJob): Promise<ImportResult> {
  const tally = createTally();
  const readers = createReaders(job);
  let sending: Promise<void> = Promise.resolve();
  for await (const records of batchesOf(job.file.records)) {
    const reader = readers.forRecords(records);
    const batch = readBatch(reader, records, tally.reject);
    await sending;
    sending = send(job, batch, tally);
    // Awaited in the next round. Without this, a failure in between would count as unhandled.
    sending.catch(() => undefined);
    tally.rows += records.length;
    // The file is read ahead of what is stored, so the last percent is kept for the end.
    job.progress.update(Math.min(0.99, job.file.bytesRead() / Math.max(1, job.size)), describe(tally));
  }
  await sending;
  job.progress.update(1, describe(tally));
  job.progress.finish();
  if (tally.rows === 0) throw new UsageError('The file has no rows.');
  return tally.result();
}

async function* batchesOf(records: AsyncIterable<FileRecord>): AsyncGenerator<FileRecord[]> {
  let batch: FileRecord[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < ROWS_PER_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Uses one reader for all batches of a CSV. For the other formats, creates a new one when a batch
 * has new fields.
 */
function createReaders({ format, mapping, fileId, onUnused }: ImportJob) {
  const fields = new Set<string>();
  let reader: EventReader | null = null;
  return {
    forRecords(records: readonly FileRecord[]): EventReader {
      const before = fields.size;
      if (reader === null || format !== 'csv') {
        for (const { values } of records) for (const name in values) fields.add(name);
      }
      if (reader !== null && fields.size === before) return reader;
      const first = reader === null;
      const [broken] = records;
      if (fields.size === 0 && broken?.problem !== undefined) {
        throw new UsageError(`No row can be read. Line ${broken.line}: ${broken.problem}`);
      }
      reader = createEventReader(mapping, { names: [...fields], open: format !== 'csv' }, fileId);
      if (first && reader.unused.length > 0) onUnused?.(reader.unused);
      return reader;
    },
  };
}

function readBatch(
  reader: EventReader,
  records: readonly FileRecord[],
  reject: (row: RejectedRow) => void,
): Batch {
  const events: Event[] = [];
  const lines: number[] = [];
  for (const record of records) {
    const row = reader.read(record);
    if ('rejected' in row) {
      reject(row.rejected);
      continue;
    }
    events.push(row.event);
    lines.push(record.line);
  }
  return { events, lines };
}

async function send({ target, mapping }: ImportJob, { events, lines }: Batch, tally: Tally): Promise<void> {
  if (events.length === 0) return;
  const outcome = await target.send(mapping.dataset, events);
  tally.add(outcome);
  for (const { index, field, message } of outcome.rejected) {
    tally.reject({ line: lines[index] ?? 0, reason: field === null ? message : `${field}: ${message}` });
  }
}

interface Tally {
  rows: number;
  add(outcome: BatchOutcome): void;
  reject(row: RejectedRow): void;
  result(): ImportResult;
}

function createTally(): Tally {
  let accepted = 0;
  let duplicates = 0;
  let rejected = 0;
  const firstRejected: RejectedRow[] = [];
  return {
    rows: 0,
    add(outcome) {
      accepted += outcome.accepted;
      duplicates += outcome.duplicates;
    },
    reject(row) {
      rejected++;
      firstRejected.push(row);
      firstRejected.sort((one, other) => one.line - other.line);
      if (firstRejected.length > SHOWN_REJECTIONS) firstRejected.pop();
    },
    result() {
      return { rows: this.rows, accepted, duplicates, rejected, firstRejected };
    },
  };
}

function describe(tally: Tally): string {
  const { rows, rejected } = tally.result();
  return `${rows.toLocaleString('en')} rows${rejected > 0 ? `, ${rejected.toLocaleString('en')} rejected` : ''}`;
}
