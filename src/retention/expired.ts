import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import type { Horizon } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { Cutoffs } from './plan.ts';

/**
 * Rows, or cells of one set and grain, that a policy lets go: those of one project before an
 * instant.
 */
export interface Expired {
  readonly horizon: Horizon;
  readonly table: string;
  /** Columns that lead the index by time, with their values. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The column of the time. */
  readonly time: string;
  /**
   * The column of the time at which it came, for rows: it must be as long ago. What came late, or
   * was imported, stays as long from then on: while a row is there, sending it again changes
   * nothing.
   */
  readonly received: string | null;
  /** The instant of the horizon, in the form of the columns. */
  readonly before: RawBuilder<unknown>;
}

/**
 * All that may be removed of a dataset in a project; whether there is any of it is another matter.
 */
export function expiredOf(
  { functions }: Pick<Store, 'functions'>,
  dataset: Dataset,
  projectId: string,
  cutoffs: Cutoffs,
): Expired[] {
  const rows: Expired = {
    horizon: { source: 'RAW', instant: cutoffs.RAW },
    table: dataset.table,
    fixed: { project_id: projectId },
    time: 'timestamp',
    received: 'received_at',
    before: functions.instant(cutoffs.RAW),
  };
  const cells = dataset.rollups.flatMap((set) =>
    set.grains.map((grain): Expired => {
      const dimensionSet = dimensionSetName(set);
      return {
        horizon: { source: grain, dimensionSet, instant: cutoffs[grain] },
        table: 'rollup_cells',
        fixed: { project_id: projectId, dataset: dataset.name, dimension_set: dimensionSet, grain },
        time: 'bucket',
        received: null,
        before: sql`${cutoffs[grain]}`,
      };
    }),
  );
  return [rows, ...cells].filter(({ horizon }) => Number.isFinite(horizon.instant));
}

/**
 * The time of the oldest of them, not before `since`, in the form of the database; null when there
 * is none.
 */
export async function oldestOf(
  { functions, query }: Pick<Store, 'functions' | 'query'>,
  expired: Expired,
  since: number | null = null,
): Promise<number | null> {
  const { time, received, before } = expired;
  let selection = within(query, expired);
  if (received !== null) selection = selection.where(received, '<', before);
  if (since !== null) selection = selection.where(time, '>=', inColumn(functions, expired, since));
  const found = await selection.select(`${time} as time`).orderBy(time).limit(1).executeTakeFirst();
  return found === undefined ? null : Number(found['time']);
}

export async function countAll(query: QueryBuilder, expired: Expired): Promise<number> {
  let selection = within(query, expired);
  if (expired.received !== null) selection = selection.where(expired.received, '<', expired.before);
  const { count } = await selection
    .select((expression) => expression.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Looks at the oldest from `since` on, so many at most, and removes those of them that have
 * expired: what stays among them does not make the statement longer. Answers how many it were.
 */
export async function removeFrom(
  { functions }: Pick<Store, 'functions'>,
  transaction: QueryBuilder,
  expired: Expired,
  since: number,
  limit: number,
): Promise<number> {
  const { table, time, received, before } = expired;
  const oldest = within(transaction, expired)
    .where(time, '>=', inColumn(functions, expired, since))
    .select([functions.rowLocation.as('place'), `${received ?? time} as received`])
    .orderBy(time)
    .limit(limit);
  let places = transaction.selectFrom(oldest.as('oldest')).select('place');
  if (received !== null) places = places.where('received', '<', before);
  const { numDeletedRows } = await transaction
    .deleteFrom(table)
    .where(functions.isAtLocation(places))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Epoch milliseconds in the form of the column of the time. */
function inColumn(functions: Store['functions'], { horizon }: Expired, instant: number): RawBuilder<unknown> {
  return horizon.source === 'RAW' ? functions.instant(instant) : sql`${instant}`;
}

// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
type Selection = SelectQueryBuilder<any, any, Record<string, any>>;

/** All before the instant, whenever it came. */
function within(query: QueryBuilder, { table, fixed, time, before }: Expired): Selection {
  let selection: Selection = query.selectFrom(table).where(time, '<', before);
  for (const [column, value] of Object.entries(fixed)) selection = selection.where(column, '=', value);
  return selection;
}
