import { sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import type { Fold } from '../core/rollup/fold.ts';
import type { DynamicSelect } from '../storage/dialect/analytics-functions.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { toRow } from '../storage/to-row.ts';
import type { CellScope } from './stored-cells.ts';

/**
 * Rows per statement. Each page is folded on the server's thread, which needs to do other work in
 * between.
 */
export const ROWS_PER_PAGE = 500;

/**
 * The instants of the first and the last event of a dataset in a project; null if there is none.
 */
export async function spanOfRows(
  query: QueryBuilder,
  dataset: Dataset,
  projectId: string,
): Promise<{ readonly first: number; readonly last: number } | null> {
  const { first, last } = await spanQuery(query, dataset, projectId).executeTakeFirstOrThrow();
  return first === null || last === null ? null : { first, last };
}

/** Each end is a separate seek in the index on time: SQLite would read the whole index for both. */
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

/** Every project that has rows in a table. The table's index begins with the project. */
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
  store: Pick<Store, 'functions' | 'query'>,
  scope: CellScope,
  fold: Fold,
): Promise<number> {
  let total = 0;
  for await (const rows of pagesOf(store, scope, rolledUpColumns(scope.dataset))) {
    for (const row of rows) fold.add(row);
    total += rows.length;
  }
  return total;
}

/** The columns of an event that rollups use, and those that lead from page to page. */
export function rolledUpColumns({ columns, measures, rollups, timeColumn }: Dataset): readonly Column[] {
  const dimensions = rollups.flatMap((set) => set.dimensions);
  const others = ['projectId', 'id', 'timestamp', timeColumn, 'success', ...dimensions];
  const names = new Set([...others, ...measures.map(({ name }) => name)]);
  return columns.filter(({ name }) => names.has(name));
}

/**
 * The events of a scope in the order of time, in pages. JSON has the form in which the database
 * returns it.
 *
 * @param columns which of them to read; the others are null. Default: all.
 */
export async function* pagesOf(
  store: Pick<Store, 'functions' | 'query'>,
  scope: CellScope,
  columns: readonly Column[] = scope.dataset.columns,
): AsyncGenerator<readonly Row[]> {
  const { instant } = store.functions;
  const names = columns.map(({ sqlName }) => sqlName);
  let after: { readonly timestamp: number; readonly id: string } | null = null;
  for (;;) {
    let page = rowsOf(store, store.query.selectFrom(scope.dataset.table), {
      ...scope,
      from: after?.timestamp ?? scope.from,
    });
    if (after !== null) {
      page = page.where(
        sql<boolean>`(${sql.ref('timestamp')}, ${sql.ref('id')}) > (${instant(after.timestamp)}, ${after.id})`,
      );
    }
    const rows: Record<string, unknown>[] = await page
      .select(names)
      .orderBy('timestamp')
      .orderBy('id')
      .limit(ROWS_PER_PAGE)
      .execute();
    if (rows.length > 0) yield rows.map((row) => toRow(scope.dataset, row));
    const last = rows.at(-1);
    if (rows.length < ROWS_PER_PAGE || last === undefined) return;
    after = { timestamp: Number(last.timestamp), id: String(last.id) };
  }
}

/**
 * The columns that rollups use, of the events of a scope that have arrived since
 * (`SqlFunctions.arrivedAfter`).
 */
export async function arrivedRows(
  store: Pick<Store, 'functions' | 'query'>,
  scope: CellScope,
  arrivals: string,
): Promise<readonly Row[]> {
  const arrived = store.functions.arrivedAfter(scope.dataset, arrivals).as('arrived');
  const rows: Record<string, unknown>[] = await rowsOf(store, store.query.selectFrom(arrived), scope)
    .select(rolledUpColumns(scope.dataset).map(({ sqlName }) => sqlName))
    .execute();
  return rows.map((row) => toRow(scope.dataset, row));
}

const rowsOf = (
  { functions }: Pick<Store, 'functions'>,
  from: DynamicSelect,
  { projectId, ...range }: CellScope,
): DynamicSelect =>
  from
    .where('project_id', '=', projectId)
    .where('timestamp', '>=', functions.instant(range.from))
    .where('timestamp', '<', functions.instant(range.to));
