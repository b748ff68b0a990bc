import type { Dataset } from '../core/dataset/dataset.ts';
import type { Row } from '../core/dataset/row.ts';
import { compileStoredRowCheck } from '../core/dataset/stored-value.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import { DAY_MS } from '../core/time/units.ts';
import { pagesOf, projectsIn, spanOfRows } from '../rollups/stored-rows.ts';
import { toRow } from '../storage/to-row.ts';
import type { Check, CheckContext } from './context.ts';
import type { Finding, Step } from './report.ts';

/** How many of a dataset's newest events the quick check examines. */
const NEWEST = 10_000;
/** The number of states per statement. */
const PAGE = 500;

/** Checks the stored values against the declarations of their columns. */
export const checkValues: Check = async function* (context) {
  const { datasets, states } = context;
  const tables = [...datasets, ...states];
  for (const [index, table] of tables.entries()) {
    const share = (part: number) => (index + part) / tables.length;
    const steps = table.kind === 'event' ? eventsOf(context, table) : statesOf(context, table);
    for await (const { done, ...step } of steps) yield { ...step, done: share(done) };
    yield { what: table.name, looked: 0, done: share(1) };
  }
};

async function* eventsOf(context: CheckContext, dataset: Dataset): AsyncGenerator<Step> {
  const { store } = context;
  const check = createRowCheck(context, dataset);
  const projects = await projectsIn(store.query, dataset.table);
  for (const [index, projectId] of projects.entries()) {
    const span = await spanOfRows(store.query, dataset, projectId);
    if (span === null) continue;
    const from =
      context.mode === 'FULL'
        ? span.first
        : await newestFrom(context, { dataset, projectId }, projects.length);
    const scope = { dataset, projectId, from, to: span.last + 1 };
    const { timestamp } = dataset.at;
    for await (const rows of pagesOf(store, scope)) {
      const reached = Number(rows.at(-1)?.[timestamp ?? 0]);
      const part = (reached - from + 1) / (span.last - from + 1);
      const what = `${dataset.name} of ${projectId} on ${new Date(reached).toISOString().slice(0, 10)}`;
      yield { what, done: (index + part) / projects.length, looked: rows.length, findings: check(rows) };
    }
  }
}

/**
 * The instant since which there are as many events as the quick check examines. The projects share
 * that number.
 */
async function newestFrom(
  { store }: CheckContext,
  { dataset, projectId }: { readonly dataset: Dataset; readonly projectId: string },
  projects: number,
): Promise<number> {
  const row = await store.query
    .selectFrom(dataset.table)
    .select('timestamp')
    .where('project_id', '=', projectId)
    .orderBy('timestamp', 'desc')
    .limit(1)
    .offset(Math.ceil(NEWEST / projects))
    .executeTakeFirst();
  return row === undefined ? 0 : Number(row.timestamp) + 1;
}

async function* statesOf(context: CheckContext, table: EntityTable): AsyncGenerator<Step> {
  const check = createRowCheck(context, table);
  const names = table.columns.map(({ sqlName }) => sqlName);
  let after: { readonly project_id: string; readonly id: string } | null = null;
  for (;;) {
    let page = context.store.query
      .selectFrom(table.table)
      .select(names)
      .orderBy('project_id')
      .orderBy('id')
      .limit(PAGE);
    if (after !== null) {
      const { project_id: projectId, id } = after;
      page = page.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('project_id', 'id'), '>', tuple(projectId, id)),
      );
    }
    const rows: Record<string, unknown>[] = await page.execute();
    yield {
      what: table.name,
      done: 0,
      looked: rows.length,
      findings: check(rows.map((row) => toRow(table, row))),
    };
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined || context.mode === 'QUICK') return;
    after = { project_id: String(last['project_id']), id: String(last['id']) };
  }
}

/** Each page has at most one finding per project and column, which names one of the rows. */
function createRowCheck({ now }: CheckContext, table: EntityTable): (rows: readonly Row[]) => Finding[] {
  const find = compileStoredRowCheck(table);
  const { projectId, id } = table.at;
  const isEvent = table.kind === 'event';
  return (rows) => {
    const found = new Map<string, Finding>();
    for (const row of rows) {
      const impossible = find(row, now) ?? (isEvent ? aheadOfReceipt(table, row) : null);
      if (impossible === null) continue;
      const { column, problem } = impossible;
      const project = String(row[projectId]);
      const key = JSON.stringify([project, column]);
      const count = (found.get(key)?.count ?? 0) + 1;
      found.set(key, {
        ...{ check: 'VALUES', subject: table.name, projectId: project, count },
        problem: `${column} of ${table.name} ${row[id]} ${problem}.`,
        advice:
          'The server does not store such a value: another tool wrote it, the disk changed it, or ' +
          'a version with other rules stored it. Correct it by hand, or restore an earlier backup.',
      });
    }
    return [...found.values()];
  };
}

/** The server accepts no event from more than a day ahead. */
function aheadOfReceipt({ at }: EntityTable, row: Row) {
  const [happened, received] = [Number(row[at['timestamp'] ?? 0]), Number(row[at['receivedAt'] ?? 0])];
  if (happened <= received + DAY_MS) return null;
  return { column: 'timestamp', problem: 'is more than a day after the event was received' };
}
