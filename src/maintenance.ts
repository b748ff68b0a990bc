import { existsSync } from 'node:fs';
import type { Columns } from './columns/columns.ts';
import { type CompactedCopy, compactCopy } from './columns/compact-copy.ts';
import { copyFileOf, isLocked } from './columns/copy-path.ts';
import { createColumns, type OwnColumns } from './columns/create-columns.ts';
import type { Config } from './config/config.ts';
import { systemClock } from './core/clock.ts';
import { datasets, states } from './declarations/registry.ts';
import { createIntegrity, type Integrity } from './integrity/integrity.ts';
import type { RebuildResult } from './rollups/make-cells.ts';
import { rebuildRollups } from './rollups/rebuild.ts';
import type { Compaction, CompactionProgress } from './storage/compaction.ts';
import { compactDatabase, createStore } from './storage/create-store.ts';
import { asUnavailable } from './storage/dialect/unavailable.ts';
import { migrationsFolder, readMigrations } from './storage/migrator/files.ts';
import type { Store } from './storage/store.ts';

/** A database as it is, for commands that check or repair it, with or without running servers. */
export interface Maintenance {
  readonly store: Pick<Store, 'upkeep'>;
  readonly integrity: Integrity;
  /** Migrations of this version that the database lacks; null if it is too damaged to tell. */
  readonly missingMigrations: readonly string[] | null;
  /** Rebuilds the cells of a dataset. To stop it, throw in `onStep`. */
  rebuild(dataset: string, onStep: (total: RebuildResult) => void): Promise<RebuildResult>;
  close(): Promise<void>;
}

export const DATASET_NAMES: readonly string[] = datasets.map(({ name }) => name);

/**
 * Opens a database without migrating it.
 *
 * @throws StorageUnavailable, InvalidArgument (DATABASE_URL)
 */
export async function openForMaintenance(config: Config): Promise<Maintenance> {
  const { databaseUrl: url, directUrl, retentionDays } = config;
  const store = await createStore({ url, directUrl, datasets, states });
  let columns: OwnColumns | null = null;
  try {
    const missingMigrations = await missingOf(store);
    const copy = missingMigrations?.length === 0 ? openCopy(config, store) : 'There are migrations to apply.';
    if (typeof copy !== 'string') columns = copy;
    const clock = systemClock;
    return {
      store,
      missingMigrations,
      integrity: createIntegrity({ store, clock, datasets, states, columns: copy, retentionDays }),
      rebuild(name, onStep) {
        const dataset = datasets.find((candidate) => candidate.name === name);
        if (dataset === undefined) throw new Error(`There is no dataset ${name}.`);
        return rebuildRollups(store, dataset, onStep);
      },
      async close() {
        await columns?.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function missingOf(store: Store): Promise<readonly string[] | null> {
  const migrations = await readMigrations(migrationsFolder(store.dialect));
  try {
    const applied = new Set((await store.migrations()).map(({ name }) => name));
    return migrations.map(({ name }) => name).filter((name) => !applied.has(name));
  } catch (error) {
    if (asUnavailable(error)?.trouble !== 'DAMAGED') throw error;
    return null;
  }
}

/** The copy that a server has made. While a server has it open, no other process can read it. */
function openCopy({ directUrl: databaseUrl, columns }: Config, store: Store): OwnColumns | string {
  const { fromEvents, file: given, ...settings } = columns;
  const file = given ?? copyFileOf(databaseUrl);
  if (fromEvents === null || !existsSync(file)) return 'There is no columnar copy.';
  let problem: string | null = null;
  const opened = createColumns({
    ...{ databaseUrl, file, datasets, settings, fromEvents, store },
    onProblem(text) {
      problem ??= text;
    },
  });
  const catchUp: Columns['catchUp'] = async (dataset) => {
    const why = await opened.catchUp(dataset);
    if (problem !== null && isLocked(problem)) return 'a server has the copy open; query `integrity` there';
    return why === null ? null : (problem ?? why);
  };
  return { ...opened, catchUp };
}

/**
 * Compacts the database and then its columnar copy. Reports the sizes of the copy, or why there
 * are none.
 */
export async function compact(
  { directUrl: databaseUrl, columns }: Config,
  onProgress: CompactionProgress,
): Promise<Compaction & { readonly columns: CompactedCopy }> {
  const done = await compactDatabase(databaseUrl, onProgress);
  onProgress(0.9, 'the columnar copy');
  const copy = await compactCopy(columns.file ?? copyFileOf(databaseUrl));
  onProgress(1, 'done');
  return { ...done, columns: copy };
}
