import { createPostgresqlReader, type ReadRows } from '../storage/dialect/postgresql/reader.ts';
import { slotOf } from '../storage/positions.ts';
import {
  type Arrivals,
  isWithin,
  type Key,
  lastOfSlots,
  type Position,
  rangesOf,
  slotsBehind,
} from './postgresql-position.ts';
import * as statements from './postgresql-statements.ts';
import type {
  CopiedDataset,
  CopyPosition,
  CorrectionMark,
  MissingRows,
  ProjectRemoval,
  RowCorrection,
  RowPage,
  RowSource,
  Witness,
} from './row-source.ts';

/** What is committed, in one snapshot. */
interface Committed {
  readonly numberedBy: string;
  readonly arrivals: Arrivals;
  readonly removals: readonly ProjectRemoval[];
  readonly correction: RowCorrection | null;
  readonly lastCorrection: CorrectionMark | null;
}

/** The part of `MissingRows` that is not about removed projects, and the next position. */
interface Found {
  readonly page: RowPage | null;
  readonly position: Position;
  readonly left: number;
}

/** The writer of rows without a number is not known. */
const NO_WRITER = -1;
/** The index on arrivals provides the order, whatever the statistics of the table say. */
const BY_INDEX = `select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`;

/**
 * Reads the rows of a PostgreSQL database on a connection of its own. An arrival is the number of
 * an append within a writer slot, so there is one position per slot.
 */
export function openPostgresqlRows(url: string): RowSource {
  const reader = createPostgresqlReader(url);
  const { read, snapshot, close } = reader;

  return {
    get connections() {
      return reader.connections;
    },
    async missing(dataset, position, limit) {
      // Most polls find nothing, and one statement is enough to see that.
      const committed = await readCommitted(read, dataset, position);
      const before = toPosition(position, committed);
      const isUpToDate = before.unnumbered === null && slotsBehind(committed.arrivals, before).length === 0;
      const { removals, correction, lastCorrection } = committed;
      if (isUpToDate && removals.length === 0 && correction === null) {
        return { removals, correction, lastCorrection, page: null, rows: position.rows, left: 0 };
      }
      return snapshot((within) => readMissing(within, dataset, position, limit));
    },
    async hasReached({ name }, { rows }) {
      if (rows === '') return true;
      const position: Position = JSON.parse(rows);
      const [[numberedBy, reserved] = ['', '{}']] = await read<[string, string]>(statements.RESERVED, [name]);
      return numberedBy === position.numberedBy && isWithin(position, JSON.parse(reserved));
    },
    async arrivalsOf(dataset, rows) {
      const keys = [rows.map(({ projectId }) => projectId), rows.map(({ id }) => id)];
      const found = await read<[number | null]>(statements.arrivalsByKey(dataset), keys);
      return found.map(([arrival]) => arrival);
    },
    projectOf: async (number) => (await read<[string]>(statements.REMOVAL, [number]))[0]?.[0] ?? null,
    removedAfter: async (number) =>
      new Set((await read<[string]>(statements.REMOVED, [number])).map(([projectId]) => projectId)),
    async corrected(dataset, { projectId, first, last }, after) {
      const { timestamp, id } = after ?? { timestamp: first - 1, id: statements.LAST_ID };
      const text = statements.correctedPage(dataset);
      const [row] = await read<[number, number, string, ...string[]]>(text, [projectId, timestamp, id, last]);
      if (row === undefined || row[0] === 0) return null;
      const [count, lastTime, lastId, ...columns] = row;
      return { count, columns, last: { timestamp: lastTime, id: lastId } };
    },
    correctionOf: async (number) => (await read<[string]>(statements.CORRECTION, [number]))[0]?.[0] ?? null,
    async expired() {
      const rows = await read<[string, string, number]>(statements.EXPIRED);
      return rows.map(([dataset, projectId, before]) => ({ dataset, projectId, before }));
    },
    close,
  };
}

async function readMissing(
  read: ReadRows,
  dataset: CopiedDataset,
  position: CopyPosition,
  limit: number,
): Promise<MissingRows> {
  const committed = await readCommitted(read, dataset, position);
  const before = toPosition(position, committed);
  const { page, position: next, left } = await readPage(read, dataset, { committed, before, limit });
  const { removals, correction, lastCorrection } = committed;
  return { removals, correction, lastCorrection, page, rows: JSON.stringify(next), left };
}

type CommittedRow = [string, string, string, correction: string | null, lastCorrection: string | null];

async function readCommitted(
  read: ReadRows,
  dataset: CopiedDataset,
  { removal, correction: known }: CopyPosition,
): Promise<Committed> {
  const rows = await read<CommittedRow>(
    statements.committed(dataset),
    [removal.number, dataset.name, known.number],
    `committed ${dataset.table}`,
  );
  const [numberedBy, arrivals, removals, correction, lastCorrection] = rows[0] ?? [
    '',
    '{}',
    '[]',
    null,
    null,
  ];
  return {
    numberedBy,
    arrivals: JSON.parse(arrivals),
    removals: JSON.parse(removals),
    correction: correction === null ? null : JSON.parse(correction),
    lastCorrection: lastCorrection === null ? null : JSON.parse(lastCorrection),
  };
}

const toPosition = ({ rows }: CopyPosition, { numberedBy }: Committed): Position =>
  rows === '' ? { arrivals: {}, unnumbered: [], numberedBy } : JSON.parse(rows);

interface Wanted {
  readonly committed: Committed;
  readonly before: Position;
  readonly limit: number;
}

async function readPage(read: ReadRows, dataset: CopiedDataset, wanted: Wanted): Promise<Found> {
  const { before, limit } = wanted;
  if (before.unnumbered === null) return readNumbered(read, dataset, wanted);
  const page = await readUnnumbered(read, dataset, before.unnumbered, limit);
  if (page === null) {
    return readNumbered(read, dataset, { ...wanted, before: { ...before, unnumbered: null } });
  }
  // No more of these rows will come.
  const { key, count } = page;
  const isLast = count < limit;
  const position = { ...before, unnumbered: isLast ? null : key };
  const left = isLast ? await countLeft(read, dataset, wanted, position) : Number.POSITIVE_INFINITY;
  return { page, position, left };
}

/** @returns null if there are no more of them */
async function readUnnumbered(
  read: ReadRows,
  dataset: CopiedDataset,
  after: Key | readonly [],
  limit: number,
): Promise<(RowPage & { readonly key: Key }) | null> {
  const text = statements.unnumberedPage(dataset, limit, after.length === 0);
  const [row] = await read<[number, string, string, ...string[]]>(text, after);
  if (row === undefined || row[0] === 0) return null;
  const [count, projectId, id, ...columns] = row;
  const key = [projectId, id] as const;
  const last = await read<WitnessRow>(statements.rowByKey(dataset), key);
  return { count, columns, key, witnesses: last.map((values) => toWitness(NO_WRITER, values)) };
}

async function readNumbered(
  read: ReadRows,
  dataset: CopiedDataset,
  { committed, before, limit }: Wanted,
): Promise<Found> {
  const lacking = slotsBehind(committed.arrivals, before);
  if (lacking.length === 0) return { page: null, position: before, left: 0 };
  await read(BY_INDEX);
  const text = statements.numberedPage(dataset, Math.ceil(limit / lacking.length));
  const [row] = await read<[number, ...string[]]>(text, rangesOf(lacking, before));
  const [count = 0, ...columns] = row ?? [];
  const last = lastOfSlots(columns[0] ?? '[]');
  const position = { ...before, arrivals: { ...before.arrivals, ...last } };
  const rows = await read<WitnessRow>(statements.lastRows(dataset), [Object.values(last)]);
  const witnesses = rows.map((values) => toWitness(slotOf(values[0]), values));
  const left = await countLeft(read, dataset, { committed, before, limit }, position);
  return { page: { count, columns, witnesses }, position, left };
}

/** How many rows with numbers are committed beyond the position. */
async function countLeft(
  read: ReadRows,
  dataset: CopiedDataset,
  { committed }: Wanted,
  position: Position,
): Promise<number> {
  const lacking = slotsBehind(committed.arrivals, position);
  if (lacking.length === 0) return 0;
  const [row] = await read<[number]>(statements.countNumbered(dataset), rangesOf(lacking, position));
  return row?.[0] ?? 0;
}

type WitnessRow = [arrival: number, projectId: string, id: string, timestamp: number, receivedAt: number];

const toWitness = (writer: number, [arrival, projectId, id, timestamp, receivedAt]: WitnessRow): Witness => ({
  writer,
  arrival,
  projectId,
  id,
  timestamp,
  receivedAt,
});
