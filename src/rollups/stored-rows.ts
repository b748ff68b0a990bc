import { sql } from 'kysely';
import type { Column, ColumnValue } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import type { Fold } from '../core/rollup/fold.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { CellScope } from './stored-cells.ts';

/**
 * Rows per statement. Each page is folded on the server's thread, which needs to do other work in
 * between.
 */
const ROWS_PER_PAGE = 500;

/** Instants of the first and last event of a dataset in a project; null if there is none. */
export async function spanOfRows(
  query: QueryBuilder,
  dataset: Dataset,
  projectId: string,
): Promise<{ readonly first: number; readonly last: number } | null> {
  const { first, last } = await spanQuery(query, dataset, projectId).executeTakeFirstOrThrow();
  return first === null || last === null ? null : { first, last };
}

/** Each end is a seek of its own in the index on time: SQLite would read the whole index for both. */
export function spanQuery(query: QueryBuilder, { table }: Pick<Dataset, 'table'>, projectId: string) {
  const rows = query.selectFrom(table).where('project_id', '=', projectId);
  return query.selectNoFrom([
    rows.select((expression) => expression.fn.min<number | null>('timestamp').as('end')).as('first'),
    rows.select((expression) => expression.fn.max<number | null>('timestamp').as('end')).as('last'),
  ]);
}

/**
 * The instant of the last event of a dataset in a project; null if there is none.
 *
 * @param before only events before it; default: all
 */
export async function lastRow(
  { functions, transaction }: Pick<Store, 'functions'> & { readonly transaction: QueryBuilder },
  { dataset, projectId }: { readonly dataset: Dataset; readonly projectId: string },
  before: number | null = null,
): Promise<number | null> {
  const rows = transaction
    .selectFrom(dataset.table)
    .select((expression) => expression.fn.max('timestamp').as('last'))
    .where('project_id', '=', projectId);
  const asked = before === null ? rows : rows.where('timestamp', '<', functions.instant(before));
  return (await asked.executeTakeFirstOrThrow()).last;
}

/** Every project that has events or cells of a dataset. */
export async function projectsOf(query: QueryBuilder, dataset: Dataset): Promise<string[]> {
  const found = new Set<string>();
  for (const table of [dataset.table, 'rollup_cells']) {
    let next: string | null = await nextProject(query, table, null);
    while (next !== null) {
      found.add(next);
      next = await nextProject(query, table, next);
    }
  }
  return [...found].sort();
}

/**
 * The next project in the order of the index: one index seek each, where `distinct` would read
 * every row.
 */
async function nextProject(query: QueryBuilder, table: string, after: string | null): Promise<string | null> {
  let statement = query.selectFrom(table).select((expression) => expression.fn.min('project_id').as('next'));
  if (after !== null) statement = statement.where('project_id', '>', after);
  return (await statement.executeTakeFirstOrThrow()).next;
}

/**
 * Adds the events of a scope to a fold, page by page.
 *
 * @returns the number of events.
 */
export async function foldStoredRows(
  store: Pick<Store, 'functions'>,
  query: QueryBuilder,
  { dataset, projectId, from, to }: CellScope,
  fold: Fold,
): Promise<number> {
  const { instant } = store.functions;
  let after: { readonly timestamp: number; readonly id: string } | null = null;
  for (let total = 0; ; ) {
    let page = query
      .selectFrom(dataset.table)
      .select(dataset.columns.map((column) => column.sqlName))
      .where('project_id', '=', projectId)
      .where('timestamp', '>=', instant(after?.timestamp ?? from))
      .where('timestamp', '<', instant(to))
      .orderBy('timestamp')
      .orderBy('id')
      .limit(ROWS_PER_PAGE);
    if (after !== null) {
      page = page.where(
        sql<boolean>`(${sql.ref('timestamp')}, ${sql.ref('id')}) > (${instant(after.timestamp)}, ${after.id})`,
      );
    }
    const rows: Record<string, unknown>[] = await page.execute();
    for (const row of rows) fold.add(toRow(dataset, row));
    total += rows.length;
    const last = rows.at(-1);
    if (rows.length < ROWS_PER_PAGE || last === undefined) return total;
    after = { timestamp: last.timestamp as number, id: last.id as string };
  }
}

function toRow(dataset: Dataset, stored: Readonly<Record<string, unknown>>): Row {
  return dataset.columns.map((column) => toValue(column, stored[column.sqlName] as ColumnValue));
}

/** SQLite keeps booleans as 0 and 1. */
function toValue(column: Column, value: ColumnValue): ColumnValue {
  return column.kind === 'boolean' && value !== null ? Boolean(value) : value;
}
