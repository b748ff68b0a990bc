import { sql } from 'kysely';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { type MovedRow, toMoved } from '../stored-tables.ts';
import { copyRows, type TablePair } from './copy-table.ts';

const ROWS_PER_PAGE = 1_000;

/** Events of a project whose corrected columns have changed, among those of a span of time. */
interface Span {
  readonly number: number;
  readonly projectId: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Copies events again that were corrected since the last time: the position of a copy is already
 * past them.
 *
 * @param save called after each correction with its number
 * @returns how many events were written
 */
export async function copyCorrections(
  pair: TablePair,
  { dataset, after }: { readonly dataset: Dataset; readonly after: number },
  save: (number: number) => Promise<void>,
): Promise<number> {
  let written = 0;
  for (const span of await correctionsAfter(pair, dataset, after)) {
    for await (const rows of eventsOf(pair, span)) written += await copyRows(pair, rows);
    await save(span.number);
  }
  return written;
}

async function correctionsAfter(
  { source }: TablePair,
  dataset: Dataset,
  after: number,
): Promise<readonly Span[]> {
  const rows = await source.query
    .selectFrom('row_corrections')
    .select(['number', 'project_id', 'first', 'last'])
    .where('dataset', '=', dataset.name)
    .where('number', '>', after)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    number: Number(row['number']),
    projectId: String(row['project_id']),
    first: Number(row['first']),
    last: Number(row['last']),
  }));
}

async function* eventsOf(
  { source, shape }: TablePair,
  { projectId, first, last }: Span,
): AsyncGenerator<readonly MovedRow[]> {
  const { instant } = source.functions;
  let after: MovedRow | undefined;
  for (;;) {
    let page = source.query
      .selectFrom(shape.table)
      .select(shape.columns.map(({ name }) => name))
      .where('project_id', '=', projectId)
      .where('timestamp', '>=', instant(first))
      .where('timestamp', '<=', instant(last));
    if (after !== undefined) {
      const position = sql`(${instant(Number(after['timestamp']))}, ${after['id']})`;
      page = page.where(sql<boolean>`(${sql.ref('timestamp')}, ${sql.ref('id')}) > ${position}`);
    }
    const selected = page.orderBy('timestamp').orderBy('id').limit(ROWS_PER_PAGE);
    const rows = (await source.reading({ kind: 'LONG' }, () => selected.execute())).map((row) =>
      toMoved(shape, row),
    );
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_PER_PAGE) return;
    after = rows.at(-1);
  }
}
