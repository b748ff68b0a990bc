import { sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { CellScope } from './stored-cells.ts';

/** What had happened to the events of a dataset when a snapshot was taken. */
export interface Mark {
  /** Which events had arrived (`SqlFunctions.arrivalsOf`). */
  readonly arrivals: string;
  /** The last correction of events, and the last removal of a project. */
  readonly correction: number;
  readonly removal: number;
}

/** Reads the mark of a snapshot. */
export async function readMark(
  { functions }: Pick<Store, 'functions'>,
  snapshot: QueryBuilder,
  dataset: Pick<Dataset, 'name' | 'table'>,
): Promise<Mark> {
  const last = (table: string) =>
    snapshot.selectFrom(table).select((expression) => expression.fn.max<number | null>('number').as('last'));
  const { arrivals, correction, removal } = await snapshot
    .selectNoFrom([
      functions.arrivalsOf(dataset).as('arrivals'),
      last('row_corrections').as('correction'),
      last('project_removals').as('removal'),
    ])
    .executeTakeFirstOrThrow();
  return { arrivals: String(arrivals), correction: Number(correction), removal: Number(removal) };
}

/** What has happened to the events of a scope since a mark, besides the arrival of more events. */
export interface Changes {
  /** Events have other values, or are gone: what was read of them no longer holds. */
  readonly isChanged: boolean;
  /** The project is being removed. */
  readonly isRemoved: boolean;
}

/** Must run in `Store.exclusively`, as everything that changes events does. */
export async function changesSince(
  transaction: QueryBuilder,
  { dataset, projectId, from, to }: CellScope,
  { correction, removal }: Mark,
): Promise<Changes> {
  const ofProject = (table: string) =>
    transaction.selectFrom(table).select(sql.lit(1).as('one')).where('project_id', '=', projectId);
  const row = await transaction
    .selectNoFrom([
      ofProject('row_corrections')
        .where('number', '>', correction)
        .where('dataset', '=', dataset.name)
        .where('first', '<', to)
        .where('last', '>=', from)
        .limit(1)
        .as('corrected'),
      ofProject('project_removals').where('number', '>', removal).limit(1).as('replaced'),
      ofProject('projects').where('deleting_at', 'is not', null).limit(1).as('removed'),
    ])
    .executeTakeFirstOrThrow();
  return {
    isChanged: row['corrected'] !== null || row['replaced'] !== null,
    isRemoved: row['removed'] !== null,
  };
}
