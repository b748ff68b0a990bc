import type { SelectQueryBuilder } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import { dimensionSetName } from '../core/rollup/fold.ts';
import type { Horizon } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { Cutoffs } from './plan.ts';

/** Rows, or cells of one set and grain, that a policy lets go: those of one project before an instant. */
export interface Expired {
  readonly horizon: Horizon;
  readonly table: string;
  /** Columns that lead the index by time, with their values. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The column of the time, and the instant in its form. */
  readonly time: string;
  readonly before: unknown;
}

/** All that may be removed of a dataset in a project; whether there is any of it is another matter. */
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
    before: Number.isFinite(cutoffs.RAW) ? functions.instant(cutoffs.RAW) : null,
  };
  const cells = dataset.rollups.flatMap((set) =>
    set.grains.map((grain): Expired => {
      const dimensionSet = dimensionSetName(set);
      return {
        horizon: { source: grain, dimensionSet, instant: cutoffs[grain] },
        table: 'rollup_cells',
        fixed: { project_id: projectId, dataset: dataset.name, dimension_set: dimensionSet, grain },
        time: 'bucket',
        before: cutoffs[grain],
      };
    }),
  );
  return [rows, ...cells].filter(({ horizon }) => Number.isFinite(horizon.instant));
}

export async function isAny(query: QueryBuilder, expired: Expired): Promise<boolean> {
  const found = await within(query, expired).select(expired.time).limit(1).executeTakeFirst();
  return found !== undefined;
}

export async function countAll(query: QueryBuilder, expired: Expired): Promise<number> {
  const { count } = await within(query, expired)
    .select((expression) => expression.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Removes the oldest, so many at most. Answers how many it were. */
export async function removeOldest(
  { functions }: Pick<Store, 'functions'>,
  transaction: QueryBuilder,
  expired: Expired,
  limit: number,
): Promise<number> {
  const oldest = within(transaction, expired)
    .select(functions.rowPlace.as('place'))
    .orderBy(expired.time)
    .limit(limit);
  const { numDeletedRows } = await transaction
    .deleteFrom(expired.table)
    .where(functions.isAtPlace(oldest))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
type Selection = SelectQueryBuilder<any, any, Record<string, any>>;

function within(query: QueryBuilder, { table, fixed, time, before }: Expired): Selection {
  let selection: Selection = query.selectFrom(table).where(time, '<', before);
  for (const [column, value] of Object.entries(fixed)) selection = selection.where(column, '=', value);
  return selection;
}
