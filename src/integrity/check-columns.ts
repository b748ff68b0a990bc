import { sql } from 'kysely';
import type { Columns } from '../columns/columns.ts';
import { columnsFunctions } from '../columns/functions.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { DAY_MS } from '../core/time/units.ts';
import { projectsIn, spanOfRows } from '../rollups/stored-rows.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { Check, CheckContext } from './context.ts';
import type { Finding, Step } from './report.ts';

/** Events that are recorded meanwhile may be in only one of the two. The day is then read again. */
const TRIES = 3;
/** Doubles add up to slightly different sums in different orders. */
const SUM_TOLERANCE = 1e-9;

/**
 * Compares the columnar copy with the rows: the number of events of each day and, in a full check,
 * their sums.
 */
export const checkColumns: Check = async function* (context) {
  const { columns, datasets } = context;
  if (typeof columns === 'string') {
    yield { what: 'the columnar copy', done: 1, looked: 0, unchecked: columns };
    return;
  }
  for (const [index, dataset] of datasets.entries()) {
    const why = await columns.catchUp(dataset);
    const done = (index + 1) / datasets.length;
    if (why !== null) {
      yield {
        what: dataset.name,
        done,
        looked: 0,
        unchecked: `The columns were not compared: ${why}.`,
      };
      continue;
    }
    for await (const step of compareDays(context, columns, dataset))
      yield { ...step, done: index / datasets.length };
    yield { what: dataset.name, done, looked: 0 };
  }
};

interface Day {
  readonly dataset: Dataset;
  readonly projectId: string;
  readonly from: number;
  readonly measures: readonly string[];
}

async function* compareDays(
  { store, mode }: CheckContext,
  columns: Columns,
  dataset: Dataset,
): AsyncGenerator<Omit<Step, 'done'>> {
  const measures = mode === 'FULL' ? dataset.measures.map(({ sqlName }) => sqlName) : [];
  for (const projectId of await projectsIn(store.query, dataset.table)) {
    const span = await spanOfRows(store.query, dataset, projectId);
    if (span === null) continue;
    const { rows: horizon } = await readHorizons(store.query, projectId, dataset);
    const first = Math.max(Math.floor(span.first / DAY_MS) * DAY_MS, horizon);
    for (let from = first; from <= span.last; from += DAY_MS) {
      const day = { dataset, projectId, from, measures };
      const { rows, problem } = await compareDay(store, columns, day);
      const date = new Date(from).toISOString().slice(0, 10);
      const findings: Finding[] =
        problem === null
          ? []
          : [
              {
                ...{ check: 'COLUMNS', subject: dataset.name, projectId, count: 1 },
                problem: `The columnar copy of ${dataset.name} on ${date} ${problem}.`,
                advice:
                  'Stop the server and delete the file of the copy (COLUMN_STORE_FILE): it is ' +
                  'rebuilt from the rows.',
              },
            ];
      yield { what: `columns of ${dataset.name} of ${projectId} on ${date}`, looked: rows, findings };
    }
  }
}

/** The number of rows, followed by the sum of each measure. */
type Totals = readonly number[];

async function compareDay(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  columns: Columns,
  day: Day,
): Promise<{ readonly rows: number; readonly problem: string | null }> {
  let problem: string | null = null;
  let rows = 0;
  for (let tries = 0; tries < TRIES; tries++) {
    const stored = await totalsOf({ query, functions }, day);
    rows = stored[0] ?? 0;
    await columns.catchUp(day.dataset);
    const copied = await totalsOf({ query: columns.query, functions: columnsFunctions }, day);
    problem = differenceOf(day, stored, copied);
    if (problem === null) break;
  }
  return { rows, problem };
}

async function totalsOf(
  {
    query,
    functions,
  }: { readonly query: QueryBuilder; readonly functions: Pick<Store['functions'], 'instant' | 'sum'> },
  { dataset, projectId, from, measures }: Day,
): Promise<Totals> {
  const row: Readonly<Record<string, unknown>> = await query
    .selectFrom(dataset.table)
    .select([
      sql<number>`count(*)`.as('rows'),
      ...measures.map((name, index) => functions.sum(sql.ref(name)).as(`sum${index}`)),
    ])
    .where('project_id', '=', projectId)
    .where('timestamp', '>=', functions.instant(from))
    .where('timestamp', '<', functions.instant(from + DAY_MS))
    .executeTakeFirstOrThrow();
  return ['rows', ...measures.map((_, index) => `sum${index}`)].map((name) => Number(row[name]));
}

function differenceOf({ measures }: Day, stored: Totals, copied: Totals): string | null {
  const [rows = 0, ...sums] = stored;
  const [found = 0, ...foundSums] = copied;
  if (rows !== found) return `has ${found} events, and there are ${rows} rows`;
  for (const [index, name] of measures.entries()) {
    const [is, should] = [foundSums[index] ?? 0, sums[index] ?? 0];
    if (Math.abs(is - should) <= SUM_TOLERANCE * Math.max(1, Math.abs(should))) continue;
    return `has ${is} as the sum of ${name}, and its rows have ${should}`;
  }
  return null;
}
