import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { columnOf, type EntityTable } from '../core/dataset/table.ts';
import type { Store } from '../storage/store.ts';
import type { TableSize } from '../storage/upkeep.ts';

/** A table of the database: how many rows it has, and from which times. */
export interface TableReport extends TableSize {
  /** The dataset, or the kind of states; null: notes of the server itself. */
  readonly name: string | null;
  /**
   * The times of the oldest and the newest row, in epoch milliseconds; null without rows or times.
   */
  readonly oldest: number | null;
  readonly newest: number | null;
  /** When it was measured, in epoch milliseconds. */
  readonly measuredAt: number;
}

/** The tables of the database. */
export interface Tables {
  /** In the order of their names. Large SQLite files are measured in the background. */
  read(): Promise<readonly TableReport[]>;
  /** Ends a measurement. */
  close(): void;
}

export interface TablesOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'upkeep' | 'reading'>;
  readonly declared: readonly EntityTable[];
  readonly clock: Clock;
  /** Called when a measurement failed. */
  onProblem(error: unknown): void;
  /** How long a caller waits for a measurement, in milliseconds. Default: 2,000. */
  readonly patienceMs?: number;
}

/**
 * A measurement is used for this many times as long as it took. So measuring takes at most one
 * hundredth of the time.
 */
const USED_FOR = 100;

interface Measurement {
  readonly at: number;
  readonly sizes: readonly TableSize[];
  /** The time until which it is used, by the clock of `performance`. */
  readonly until: number;
}

export function createTables({
  store,
  declared,
  clock,
  onProblem,
  patienceMs = 2_000,
}: TablesOptions): Tables {
  const stopped = new AbortController();
  let last: Measurement | null = null;
  let running: Promise<Measurement> | null = null;

  /** Continues when its callers have left, so that the next one finds the result. */
  function measure(): Promise<Measurement> {
    const begun = performance.now();
    const at = clock.now();
    const scope = { kind: 'APART', meter: null, signal: stopped.signal } as const;
    const work = store
      .reading(scope, () => store.upkeep.sizes('FULL'))
      .then((sizes) => {
        const now = performance.now();
        last = { at, sizes, until: now + USED_FOR * (now - begun) };
        return last;
      });
    running = work;
    work
      .catch((error: unknown) => stopped.signal.aborted || onProblem(error))
      .finally(() => {
        running = null;
      });
    return work;
  }

  async function current(): Promise<Omit<Measurement, 'until'>> {
    if (last !== null && performance.now() < last.until) return last;
    const measured = await Promise.race([running ?? measure(), pause(patienceMs, null, { ref: false })]);
    return measured ?? last ?? { at: clock.now(), sizes: await store.upkeep.sizes('QUICK') };
  }

  return {
    async read() {
      const { at, sizes } = await current();
      const tables: TableReport[] = [];
      for (const size of sizes) {
        const table = declared.find((candidate) => candidate.table === size.table);
        const span = table === undefined ? NO_SPAN : await spanOf(store, table);
        tables.push({ ...size, name: table?.name ?? null, ...span, measuredAt: at });
      }
      return tables;
    },
    close: () => stopped.abort(new Error('The server stops.')),
  };
}

interface Span {
  readonly oldest: number | null;
  readonly newest: number | null;
}

const NO_SPAN: Span = { oldest: null, newest: null };

/** Two index seeks per project. */
async function spanOf(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  table: EntityTable,
): Promise<Span> {
  if (functions.isSpread) return spanOfSpread(query, table);
  const time = columnOf(table, table.timeColumn).sqlName;
  const ofProject = query
    .selectFrom(`${table.table} as row`)
    .whereRef('row.project_id', '=', 'project.project_id');
  const ends = query
    .selectFrom('projects as project')
    .select([
      ofProject.select((expression) => expression.fn.min(`row.${time}`).as('end')).as('oldest'),
      ofProject.select((expression) => expression.fn.max(`row.${time}`).as('end')).as('newest'),
    ]);
  const { oldest, newest } = await query
    .selectFrom(ends.as('ends'))
    .select((expression) => [
      expression.fn.min<number | null>('oldest').as('oldest'),
      expression.fn.max<number | null>('newest').as('newest'),
    ])
    .executeTakeFirstOrThrow();
  return { oldest, newest };
}

/**
 * The maximum number of projects whose events are examined in a table where seeks per row are
 * impossible.
 */
const MAX_NAMED = 100;

/** The same where the projects must be named: one small statement for each. */
async function spanOfSpread(query: Store['query'], table: EntityTable): Promise<Span> {
  const time = columnOf(table, table.timeColumn).sqlName;
  const projects = await query.selectFrom('projects').select('project_id').limit(MAX_NAMED).execute();
  const spans: Span[] = [];
  for (const { project_id: projectId } of projects) {
    const span = query
      .selectFrom(table.table)
      .where('project_id', '=', projectId)
      .select((expression) => [
        expression.fn.min<number | null>(time).as('oldest'),
        expression.fn.max<number | null>(time).as('newest'),
      ]);
    spans.push(await span.executeTakeFirstOrThrow());
  }
  const known = (end: keyof Span) => spans.flatMap((span) => (span[end] === null ? [] : [Number(span[end])]));
  const [oldest, newest] = [known('oldest'), known('newest')];
  return {
    oldest: oldest.length === 0 ? null : Math.min(...oldest),
    newest: newest.length === 0 ? null : Math.max(...newest),
  };
}
