import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { StateTable } from '../core/dataset/state.ts';
import { columnOf } from '../core/dataset/table.ts';
import { defined } from '../core/defined.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { ExpiringStates, RemovalOptions } from './expiring-states.ts';

export interface ExpiringTalliesOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively'>;
  readonly state: StateTable;
  readonly datasets: readonly Dataset[];
  readonly batchSize?: number;
}

/** States per transaction, for which events wait. */
const DEFAULT_BATCH_SIZE = 500;

/**
 * Removes states that add up events (`Tally`) when nothing was added since an instant and none of
 * their events is stored any more. Where events are kept for longer, so are the states.
 */
export function createExpiringTallies(options: ExpiringTalliesOptions): ExpiringStates {
  const { store, state, batchSize = DEFAULT_BATCH_SIZE } = options;
  const { parameterTable, removeEach } = store.functions;

  const expired = (query: QueryBuilder, before: number) =>
    query.selectFrom(state.table).where(isOver(options, before));

  /** Finds them before it locks out appends, and looks again then. */
  async function removeBatch(before: number): Promise<number> {
    const found = await expired(store.query, before).select(['project_id', 'id']).limit(batchSize).execute();
    if (found.length === 0) return 0;
    const ids = found.map((row) => row['id']);
    return store.exclusively(async (transaction) => {
      const over = await expired(transaction, before)
        .where('project_id', 'in', [...new Set(found.map((row) => row['project_id']))])
        .where('id', 'in', ids)
        .select(['project_id', 'id'])
        .execute();
      if (over.length === 0) return 0;
      const keys = over.map((row) => ({ project_id: row['project_id'], id: row['id'] }));
      const places = parameterTable({ project_id: 'text', id: 'uuid' }, keys).as('place');
      const same = ['project_id', 'id'].map(
        (name) => sql<SqlBool>`${sql.ref(`${state.table}.${name}`)} = ${sql.ref(`place.${name}`)}`,
      );
      const { numDeletedRows } = await removeEach(
        transaction,
        transaction.selectFrom(places),
        state.table,
        same,
      ).executeTakeFirst();
      return Number(numDeletedRows);
    });
  }

  return {
    name: state.name,
    table: state.table,
    async remove(before: number, { dryRun = false, signal }: RemovalOptions) {
      if (dryRun) {
        const count = sql<unknown>`count(*)`.as('count');
        const row = await expired(store.query, before).select(count).executeTakeFirst();
        return Number(row?.['count'] ?? 0);
      }
      let total = 0;
      for (let removed = 1; removed > 0 && signal?.aborted !== true; total += removed) {
        removed = await removeBatch(before);
      }
      return total;
    },
  };
}

function isOver({ store, state, datasets }: ExpiringTalliesOptions, before: number): RawBuilder<SqlBool> {
  const { table, naturalKey, storedAtColumn } = state;
  const key = columnOf(state, defined(naturalKey)).sqlName;
  const last = sql.ref(`${table}.${columnOf(state, storedAtColumn).sqlName}`);
  const isOld = sql<SqlBool>`${last} < ${store.functions.instant(before)}`;
  const stored = datasets.flatMap(({ table: source, columns, tally }) => {
    if (tally?.tallied.table !== table) return [];
    const sourceKey = defined(columns[tally.keyAt]).sqlName;
    return store.functions.hasNoRows({ table, key, among: isOld }, { table: source, key: sourceKey });
  });
  return sql<SqlBool>`(${sql.join([isOld, ...stored], sql` and `)})`;
}
