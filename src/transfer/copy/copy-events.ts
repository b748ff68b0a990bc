import { sql } from 'kysely';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined } from '../../core/defined.ts';
import type { DynamicSelect } from '../../storage/dialect/analytics-functions.ts';
import type { Store } from '../../storage/store.ts';
import { type MovedRow, type StoredShape, toEvent, toMoved } from '../stored-tables.ts';

/** The last event that was copied, among those with the numbers of one writer. */
interface WriterPosition {
  readonly arrival: number;
  readonly projectId: string;
  readonly id: string;
}

/** Which events of a dataset were copied. */
export interface CopyPosition {
  /** By the writer that gave the numbers (decision 32). */
  readonly writers: Readonly<Record<string, WriterPosition>>;
  /** The last event without a number. `DONE`: all were copied, and there will be no more. */
  readonly unnumbered: Omit<WriterPosition, 'arrival'> | null | 'DONE';
  /** The number of the last correction that was copied. Absent: none was. */
  readonly corrections?: number;
}

export const NOTHING_COPIED: CopyPosition = { writers: {}, unnumbered: null };

export interface EventsCopy {
  readonly source: Store;
  readonly target: Store;
  readonly dataset: Dataset;
  /**
   * The same without anything derived from events, because cells and states are copied as they are.
   */
  readonly plain: Dataset;
  /** The table in the source. */
  readonly shape: StoredShape;
}

const ROWS_PER_PAGE = 2_000;
/** On PostgreSQL, the numbers of a writer begin at its slot times this number. */
const NUMBERS_PER_WRITER = 2 ** 43;
const ARRIVAL = '$arrival';

/**
 * Copies the events that came after the position, in the order of their arrival. Events that
 * already exist are left out, so copying a page twice does no harm.
 *
 * @param save called after each page with the new position, and the number of events of the page
 */
export async function copyEvents(
  copy: EventsCopy,
  position: CopyPosition,
  save: (position: CopyPosition, events: number) => Promise<void>,
): Promise<void> {
  let { unnumbered } = position;
  const writers = { ...position.writers };
  const { corrections = 0 } = position;
  const store = async (rows: readonly MovedRow[]) => {
    const events = rows.map((row) => toEvent(copy.plain, row));
    await copy.target.append([{ parts: [{ dataset: copy.plain, rows: events }] }]);
    await save({ writers, unnumbered, corrections }, rows.length);
  };
  while (unnumbered !== 'DONE') {
    const page = await readUnnumbered(copy, unnumbered);
    const last = page.at(-1);
    unnumbered = last === undefined || page.length < ROWS_PER_PAGE ? 'DONE' : keyOfEvent(last);
    if (page.length > 0) await store(page);
  }
  for (const writer of await writersOf(copy)) {
    for (;;) {
      const page = await readNumbered(copy, writer, writers[writer] ?? null);
      const last = page.at(-1);
      if (last === undefined) break;
      writers[writer] = { arrival: Number(last[ARRIVAL]), ...keyOfEvent(last) };
      await store(page);
    }
  }
}

const keyOfEvent = (row: MovedRow) => ({ projectId: String(row['project_id']), id: String(row['id']) });

async function writersOf({ source, dataset }: EventsCopy): Promise<readonly number[]> {
  // On SQLite all numbers belong to one writer, even those from before they were noted.
  if (source.dialect === 'sqlite') return [0];
  const rows = await source.query
    .selectFrom('arrivals')
    .select('writer')
    .where('dataset', '=', dataset.name)
    .orderBy('writer')
    .execute();
  return rows.map(({ writer }) => Number(writer));
}

function readNumbered(copy: EventsCopy, writer: number, after: WriterPosition | null): Promise<MovedRow[]> {
  const { arrival } = copy.source.functions;
  const first = after?.arrival ?? writer * NUMBERS_PER_WRITER;
  return read(copy, (rows) => {
    let wanted = rows
      .where(sql<boolean>`${arrival} >= ${first} and ${arrival} < ${(writer + 1) * NUMBERS_PER_WRITER}`)
      .orderBy(arrival);
    if (after !== null) {
      wanted = wanted.where(
        sql<boolean>`(${arrival}, project_id, id) > (${first}, ${after.projectId}, ${after.id})`,
      );
    }
    return wanted;
  });
}

async function readUnnumbered(
  copy: EventsCopy,
  after: Omit<WriterPosition, 'arrival'> | null,
): Promise<MovedRow[]> {
  if (copy.source.dialect === 'sqlite') return [];
  return read(copy, (rows) => {
    const wanted = rows.where(sql<boolean>`${copy.source.functions.arrival} is null`);
    return after === null
      ? wanted
      : wanted.where(sql<boolean>`(project_id, id) > (${after.projectId}, ${after.id})`);
  });
}

/** A page of events, with their numbers. */
async function read(
  { source, shape }: EventsCopy,
  narrow: (rows: DynamicSelect) => DynamicSelect,
): Promise<MovedRow[]> {
  const selected = narrow(source.query.selectFrom(shape.table))
    .select(shape.columns.map(({ name }) => name))
    .select(source.functions.arrival.as(ARRIVAL))
    .orderBy('project_id')
    .orderBy('id')
    .limit(ROWS_PER_PAGE);
  const rows = await source.reading({ kind: 'LONG' }, () => selected.execute());
  return rows.map((row) => ({ ...toMoved(shape, row), [ARRIVAL]: defined(row)[ARRIVAL] }));
}
