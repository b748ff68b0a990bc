import type { ForeignRow } from '../../../storage/dialect/sqlite/foreign-file.ts';
import { ConversionError } from '../convert.ts';
import type { Event } from '../events.ts';
import { type AskedTarget, Refusal } from '../target.ts';
import { type TableReader, timeReader } from './read-table.ts';
import { isEvents, type LegacyEvents, type LegacyStates } from './source.ts';

/** What became of the rows of a table. */
export interface TableOutcome {
  /** The dataset or list that has the rows now. */
  readonly into: string;
  readonly read: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** The first rejected rows, and why they were rejected. */
  readonly firstRejected: readonly RejectedRow[];
  /** Columns that have no counterpart here. */
  readonly unused: readonly string[];
}

export interface RejectedRow {
  readonly row: string;
  readonly reason: string;
}

export interface TableJob {
  readonly reader: TableReader;
  readonly rows: Iterable<ForeignRow>;
  readonly target: AskedTarget;
  readonly timeZone: string;
  readonly onRows: (count: number) => void;
}

const ROWS_PER_BATCH = 1000;
const CHARACTERS_PER_BATCH = 4_000_000;
const SHOWN_REJECTIONS = 10;
/** Errors of the server that concern the row that was sent. */
const ABOUT_A_ROW: ReadonlySet<unknown> = new Set(['BAD_USER_INPUT', 'CONFLICT', 'NOT_FOUND']);

/** Imports the rows of a table. A rejected row is counted and does not stop the others. */
export async function bringTable(job: TableJob): Promise<TableOutcome> {
  const { mapping, unused } = job.reader;
  const tally = createTally();
  if (isEvents(mapping)) await bringEvents(job, mapping, tally);
  else await bringStates(job, mapping, tally);
  return { into: mapping.into.name, ...tally.result(), unused };
}

interface Batch {
  readonly events: Event[];
  readonly names: string[];
  characters: number;
}

const emptyBatch = (): Batch => ({ events: [], names: [], characters: 0 });

async function bringEvents(job: TableJob, { into }: LegacyEvents, tally: Tally): Promise<void> {
  const { reader, rows, target, onRows } = job;
  const hasId = into.naturalKey === undefined;
  let batch = emptyBatch();
  async function flush() {
    const { events, names } = batch;
    batch = emptyBatch();
    if (events.length === 0) return;
    const { accepted, duplicates, rejected } = await target.send(into, events);
    tally.add({ accepted, duplicates });
    for (const { index, field, message } of rejected) {
      tally.reject({ row: names[index] ?? '', reason: field === null ? message : `${field}: ${message}` });
    }
    onRows(tally.result().read);
  }
  for (const row of rows) {
    tally.count();
    const input = readInput(reader, row, tally);
    if (input === null) continue;
    const event = hasId ? { id: reader.idOf(row), ...input } : input;
    batch.events.push(event);
    batch.names.push(reader.nameOf(row));
    batch.characters += JSON.stringify(event).length;
    if (batch.events.length >= ROWS_PER_BATCH || batch.characters >= CHARACTERS_PER_BATCH) await flush();
  }
  await flush();
}

async function bringStates(job: TableJob, { store, into }: LegacyStates, tally: Tally): Promise<void> {
  const { reader, rows, target, timeZone, onRows } = job;
  const toTime = timeReader(reader.mapping, timeZone);
  for (const row of rows) {
    tally.count();
    const input = readInput(reader, row, tally);
    if (input === null) continue;
    try {
      const outcome = await store(target, { id: reader.idOf(row), input, row, toTime });
      tally.add({ accepted: 0, duplicates: 0, [outcome]: 1 });
    } catch (error) {
      const reason = reasonOf(error, into.name);
      if (reason === null) throw error;
      tally.reject({ row: reader.nameOf(row), reason });
    }
    onRows(tally.result().read);
  }
}

/** Null if a value is not valid: the row then counts as rejected. */
function readInput(reader: TableReader, row: ForeignRow, tally: Tally): Record<string, unknown> | null {
  try {
    const input = reader.read(row);
    const { timeColumn } = reader.mapping.into;
    if (!isEvents(reader.mapping) || input[timeColumn] !== undefined) return input;
    tally.reject({ row: reader.nameOf(row), reason: `${timeColumn}: the row has no time.` });
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    tally.reject({ row: reader.nameOf(row), reason: error.message });
  }
  return null;
}

function reasonOf(error: unknown, name: string): string | null {
  if (error instanceof ConversionError) return `${name}: ${error.message}`;
  if (error instanceof Refusal && ABOUT_A_ROW.has(error.answer.code)) return error.answer.message;
  return null;
}

interface Tally {
  count(): void;
  add(outcome: { readonly accepted: number; readonly duplicates: number }): void;
  reject(row: RejectedRow): void;
  result(): Omit<TableOutcome, 'into' | 'unused'>;
}

function createTally(): Tally {
  let read = 0;
  let accepted = 0;
  let duplicates = 0;
  let rejected = 0;
  const firstRejected: RejectedRow[] = [];
  return {
    count: () => void read++,
    add(outcome) {
      accepted += outcome.accepted;
      duplicates += outcome.duplicates;
    },
    reject(row) {
      rejected++;
      if (firstRejected.length < SHOWN_REJECTIONS) firstRejected.push(row);
    },
    result: () => ({ read, accepted, duplicates, rejected, firstRejected }),
  };
}
