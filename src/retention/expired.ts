import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import type { Horizon } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { Cutoffs } from './plan.ts';

/**
 * Rows, or cells of one set and grain, that a policy no longer keeps: those of one project before
 * an instant.
 */
export interface Expired {
  readonly horizon: Horizon;
  readonly table: string;
  /** The columns before the time column in its index, with their values. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The time column. */
  readonly time: string;
  /**
   * For rows, the column with the time of receipt, which must also be before the instant. So a late
   * or imported row stays equally long after its receipt. While it is stored, sending it again
   * changes nothing. Null for cells.
   */
  readonly received: string | null;
  /** The instant of the horizon, in the form of the columns. */
  readonly before: RawBuilder<unknown>;
}

/** Everything of a dataset that may be removed in a project, whether or not any of it exists. */
export function expiredOf(
  { functions }: Pick<Store, 'functions'>,
  { dataset, projectId }: { readonly dataset: Dataset; readonly projectId: string },
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
 * The time of the oldest of them that is not before `since`, in the form of the database; null if
 * there is none.
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

/** One batch of a removal. */
export interface RemovalBatch extends Pick<Store, 'functions'> {
  /** The oldest time that the batch may contain, as `oldestOf` returns it. */
  readonly since: number;
  readonly limit: number;
}

/**
 * Reads at most `limit` of the oldest from `since` on, and removes those that have expired. Rows
 * that stay do not make the statement slower.
 *
 * @returns the number of removed rows or cells.
 */
export async function removeFrom(
  transaction: QueryBuilder,
  expired: Expired,
  { functions, since, limit }: RemovalBatch,
): Promise<number> {
  const { table, time, received, before } = expired;
  const location = functions.locationIn(table);
  const oldest = within(transaction, expired)
    .where(time, '>=', inColumn(functions, expired, since))
    .select([...location.columns, `${received ?? time} as received`])
    .orderBy(time)
    .limit(limit);
  let locations: Selection = transaction.selectFrom(oldest.as('oldest')).select(location.names);
  if (received !== null) locations = locations.where('received', '<', before);
  const { numDeletedRows } = await functions.removeAt(transaction, table, locations).executeTakeFirst();
  return Number(numDeletedRows);
}

/** Epoch milliseconds in the form of the time column. */
function inColumn(functions: Store['functions'], { horizon }: Expired, instant: number): RawBuilder<unknown> {
  return horizon.source === 'RAW' ? functions.instant(instant) : sql`${instant}`;
}

// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
type Selection = SelectQueryBuilder<any, any, Record<string, any>>;

/** Everything before the instant, whenever it was received. */
function within(query: QueryBuilder, { table, fixed, time, before }: Expired): Selection {
  let selection: Selection = query.selectFrom(table).where(time, '<', before);
  for (const [column, value] of Object.entries(fixed)) selection = selection.where(column, '=', value);
  return selection;
}
