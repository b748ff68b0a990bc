import type { Clock } from '../core/clock.ts';
import { inRotation } from '../core/in-rotation.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';

/** Removes the data of deleted projects. */
export interface ProjectRemoval {
  /**
   * Removes what exists now. If a run is aborted or fails, the next one continues.
   *
   * @returns the projects of which nothing is left
   */
  run(signal?: AbortSignal): Promise<RemovedProject[]>;
}

export interface RemovedProject {
  readonly projectId: string;
  /** How many of its rows this run removed. */
  readonly rows: number;
}

export interface ProjectRemovalOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively' | 'prisma'>;
  readonly clock: Clock;
  /** Rows per transaction, during which events wait. Default: 2,000. */
  readonly batchSize?: number;
}

/**
 * After this time, every instance knows that the project is deleted, so it writes nothing to it.
 */
export const SETTLE_MS = 10_000;
const DEFAULT_BATCH_SIZE = 2_000;

export function createProjectRemoval(options: ProjectRemovalOptions): ProjectRemoval {
  const { store, clock, batchSize = DEFAULT_BATCH_SIZE } = options;

  /**
   * Removes in batches, and yields the size of each. A batch blocks appends and the batches of
   * other instances, which share the work.
   */
  async function* removeFrom(table: string, projectId: string, signal?: AbortSignal): AsyncGenerator<number> {
    let removed = batchSize;
    while (removed === batchSize && signal?.aborted !== true) {
      removed = await store.exclusively((transaction) =>
        removeBatch(transaction, store.functions, { table, projectId, limit: batchSize }),
      );
      yield removed;
    }
  }

  return {
    async run(signal) {
      const before = new Date(clock.now() - SETTLE_MS);
      const deleted = await store.prisma.project.findMany({ where: { deletingAt: { lte: before } } });
      if (deleted.length === 0) return [];
      const tables = await tablesOfProjects(store);
      const removals: RemovedProject[] = [];
      await inRotation(deleted.map(({ projectId }) => removeProject(projectId)));
      return removals;

      async function* removeProject(projectId: string) {
        let rows = 0;
        for (const table of tables) {
          for await (const removed of removeFrom(table, projectId, signal)) {
            rows += removed;
            yield;
          }
        }
        if (signal?.aborted) return;
        const isGone = await store.exclusively((transaction) => removeRow(transaction, tables, projectId));
        if (isGone) removals.push({ projectId, rows });
      }
    },
  };
}

/** Records which projects were removed, for copies of the events. */
const REMOVALS = 'project_removals';
/**
 * Tables that tell copies of the events whether a project exists or existed; the end of a removal
 * writes to the first two. Corrections name a span of time, and contain none of the project's data.
 */
const OF_PROJECTS = new Set(['projects', REMOVALS, 'row_corrections']);

/**
 * The tables with data of projects, read from the database so that none is forgotten. A table comes
 * before its search tables, whose names begin with its own: triggers maintain those.
 */
export async function tablesOfProjects({
  query,
  functions,
}: Pick<Store, 'query' | 'functions'>): Promise<string[]> {
  const { rows } = await functions.columnsOfTables.execute(query);
  return rows
    .filter(
      ({ table_name: table, column_name: column }) => column === 'project_id' && !OF_PROJECTS.has(table),
    )
    .map(({ table_name: table }) => table)
    .sort();
}

interface Batch {
  readonly table: string;
  readonly projectId: string;
  readonly limit: number;
}

/** Another instance may have removed the project, and it may have been created again. */
const isDeleted = (transaction: QueryBuilder, projectId: string) =>
  transaction
    .selectFrom('projects')
    .select('project_id')
    .where('project_id', '=', projectId)
    .where('deleting_at', 'is not', null);

async function removeBatch(
  transaction: QueryBuilder,
  { locationIn, removeAt }: Store['functions'],
  { table, projectId, limit }: Batch,
): Promise<number> {
  const locations = transaction
    .selectFrom(table)
    .where('project_id', '=', projectId)
    .where(({ exists }) => exists(isDeleted(transaction, projectId)))
    .select(locationIn(table).columns)
    .limit(limit);
  const { numDeletedRows } = await removeAt(transaction, table, locations).executeTakeFirst();
  return Number(numDeletedRows);
}

/**
 * Removes the row of the project itself and records its removal, unless something was written to
 * the project meanwhile.
 */
async function removeRow(
  transaction: QueryBuilder,
  tables: readonly string[],
  projectId: string,
): Promise<boolean> {
  if ((await isDeleted(transaction, projectId).executeTakeFirst()) === undefined) return false;
  for (const table of tables) {
    const rows = transaction.selectFrom(table).where('project_id', '=', projectId);
    if ((await rows.select('project_id').limit(1).executeTakeFirst()) !== undefined) return false;
  }
  await transaction.deleteFrom('projects').where('project_id', '=', projectId).execute();
  await transaction.insertInto(REMOVALS).values({ project_id: projectId }).execute();
  return true;
}

const EVERY_MS = 5_000;

/** Where the runs report. A pino logger fits. */
export interface RemovalLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Runs the removal regularly. A failed run is logged; the next one continues. */
export function runProjectRemoval(removal: ProjectRemoval, schedule: Schedule, log: RemovalLog): Repetition {
  return schedule.repeat(EVERY_MS, async (signal) => {
    try {
      for (const { projectId, rows } of await removal.run(signal)) {
        log.info({ projectId, rows }, 'All data of a deleted project was removed');
      }
    } catch (err) {
      log.error({ err }, 'The data of deleted projects could not be removed; this will be retried');
    }
  });
}
