import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { StateTable } from '../core/dataset/state.ts';
import { columnOf } from '../core/dataset/table.ts';
import { defined } from '../core/defined.ts';
import { projectsIn } from '../rollups/stored-rows.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { ExpiringStates, RemovalOptions } from './expiring-states.ts';

export interface ExpiringTalliesOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively'>;
  readonly state: StateTable;
  readonly datasets: readonly Dataset[];
  readonly batchSize?: number;
}

/** States per transaction. Events wait for it. */
const DEFAULT_BATCH_SIZE = 500;

/**
 * Removes states that add up events (`Tally`) when nothing was added since an instant and none of
 * their events is stored any more. Where events are kept longer, so are the states.
 */
export function createExpiringTallies(options: ExpiringTalliesOptions): ExpiringStates {
  const { store, state, batchSize = DEFAULT_BATCH_SIZE } = options;
  const { parameterTable, removeEach } = store.functions;

  /** Of one project, because the index on time begins with it. */
  const expired = (query: QueryBuilder, projectId: string, before: number) =>
    query.selectFrom(state.table).where('project_id', '=', projectId).where(isOver(options, before));

  /** Finds them before it locks out appends, and checks them again afterwards. */
  async function removeBatch(projectId: string, before: number): Promise<number> {
    const found = await expired(store.query, projectId, before).select('id').limit(batchSize).execute();
    if (found.length === 0) return 0;
    const ids = found.map((row) => row['id']);
    return store.exclusively(async (transaction) => {
      const over = await expired(transaction, projectId, before)
        .where('id', 'in', ids)
        .select('id')
        .execute();
      if (over.length === 0) return 0;
      const keys = over.map((row) => ({ project_id: projectId, id: row['id'] }));
      const wanted = parameterTable({ project_id: 'text', id: 'uuid' }, keys).as('wanted');
      const same = ['project_id', 'id'].map(
        (name) => sql<SqlBool>`${sql.ref(`${state.table}.${name}`)} = ${sql.ref(`wanted.${name}`)}`,
      );
      const { numDeletedRows } = await removeEach(
        transaction,
        transaction.selectFrom(wanted),
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
      let total = 0;
      for (const projectId of await projectsIn(store.query, state.table)) {
        if (dryRun) {
          const count = sql<unknown>`count(*)`.as('count');
          const row = await expired(store.query, projectId, before).select(count).executeTakeFirst();
          total += Number(row?.['count'] ?? 0);
          continue;
        }
        for (let removed = 1; removed > 0 && signal?.aborted !== true; total += removed)
          removed = await removeBatch(projectId, before);
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
