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
  for (const table of [dataset.table, 'rollup_cells'])
    for (const projectId of await projectsIn(query, table)) found.add(projectId);
  return [...found].sort();
}

/** Every project of which a table has rows. Its index begins with the project. */
export async function projectsIn(query: QueryBuilder, table: string): Promise<string[]> {
  const found: string[] = [];
  for (let next = await nextProject(query, table, null); next !== null; ) {
    found.push(next);
    next = await nextProject(query, table, next);
  }
  return found;
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
  scope: CellScope,
  fold: Fold,
): Promise<number> {
  let total = 0;
  for await (const rows of pagesOf(store, query, scope)) {
    for (const row of rows) fold.add(row);
    total += rows.length;
  }
  return total;
}

/** The events of a scope in the order of time, in pages. JSON is as the database gives it. */
export async function* pagesOf(
  store: Pick<Store, 'functions'>,
  query: QueryBuilder,
  { dataset, projectId, from, to }: CellScope,
): AsyncGenerator<readonly Row[]> {
  const { instant } = store.functions;
  let after: { readonly timestamp: number; readonly id: string } | null = null;
  for (;;) {
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
    if (rows.length > 0) yield rows.map((row) => toRow(dataset, row));
    const last = rows.at(-1);
    if (rows.length < ROWS_PER_PAGE || last === undefined) return;
    after = { timestamp: last.timestamp as number, id: last.id as string };
  }
}

export function toRow(dataset: Pick<Dataset, 'columns'>, stored: Readonly<Record<string, unknown>>): Row {
  return dataset.columns.map((column) => toValue(column, stored[column.sqlName] as ColumnValue));
}

/** SQLite keeps booleans as 0 and 1. */
function toValue(column: Column, value: ColumnValue): ColumnValue {
  return column.kind === 'boolean' && value !== null ? Boolean(value) : value;
}
